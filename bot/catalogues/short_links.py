"""Shortened links, followed to what they stand for, without going there.

Only the services named here are asked, over https, and only where they send people. What stands at
the other end is never fetched.
"""

import asyncio
import ipaddress
from collections.abc import Mapping
from urllib.parse import urlsplit

from bot.catalogues.fetch import Fetcher, NoAnswerError
from bot.domain.papers import is_web_url

SHORTENERS = ("b23.tv", "bit.ly", "is.gd", "t.cn", "t.co", "tinyurl.com")
"""Services whose links say nothing of what they stand for."""

MOST_HOPS = 3
"""One service's link may lead to another's."""

AT_ONCE = 2
PATIENCE = 4.0
"""Seconds that a member waits for all of it, at most."""


class ShortLinks:
    """`base_urls` are the services' addresses, by their hosts."""

    def __init__(self, base_urls: Mapping[str, str] | None = None) -> None:
        wanted = base_urls if base_urls is not None else {h: f"https://{h}" for h in SHORTENERS}
        self._services = {host: Fetcher(url, AT_ONCE) for host, url in wanted.items()}

    async def close(self) -> None:
        await asyncio.gather(*(service.close() for service in self._services.values()))

    async def resolve(self, url: str) -> str:
        """What the link stands for; the link itself where it is no shortened one, and where that
        cannot be found out or leads to no public https address."""
        found = url
        try:
            async with asyncio.timeout(PATIENCE):
                for _hop in range(MOST_HOPS):
                    service = self._service_of(found)
                    if service is None:
                        return found
                    target = await service.redirect(_path(found))
                    if target is None or not _is_public(target):
                        return url
                    found = target
        except (NoAnswerError, TimeoutError):
            return url
        return found if self._service_of(found) is None else url

    def _service_of(self, url: str) -> Fetcher | None:
        if not is_web_url(url) or not _path(url).isascii():
            return None
        return self._services.get(urlsplit(url).netloc.lower().removeprefix("www."))


def _path(url: str) -> str:
    parts = urlsplit(url)
    return parts.path + (f"?{parts.query}" if parts.query else "")


def _is_public(url: str) -> bool:
    """Whether it is an https address of a named site or of a public number, not of a network of
    one's own."""
    if not is_web_url(url) or urlsplit(url).scheme != "https":
        return False
    host = (urlsplit(url).hostname or "").rstrip(".")
    try:
        return ipaddress.ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".local", ".localhost", ".internal"))
