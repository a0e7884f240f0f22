"""Web links without what only tells where somebody found them, and the sites they lead to."""

import re
import zlib
from collections.abc import Callable
from urllib.parse import unquote_plus, urlsplit

from bot.domain.papers import TRACKING, is_on, is_web_url

KNOWN_HOSTS = (
    "bilibili.com",
    "zhihu.com",
    "youtube.com",
    "slideshare.net",
    "github.com",
)
"""Sites that keep slides, videos and summaries; a group adds its own."""

OTHER_NAMES = ("b23.tv", "youtu.be", "github.io", "githubusercontent.com")
"""Of the same sites."""

MAX_HOST = 253
"""Characters, as in the DNS."""

_VIDEO_HOSTS = ("b23.tv", "bilibili.com", "youtu.be", "youtube.com")
# Words that mean something else on other sites. What stays is the place in a video: "t" is the
# second and "p" the part (https://www.bilibili.com/video/BV…?t=90&p=2).
_ON_VIDEOS = re.compile(r"from|from_\w+|si|feature|unique_k|timestamp|plat_id|buvid|pp|trackid")
_PHONE_HOSTS = {
    "m.bilibili.com": "www.bilibili.com",
    "m.youtube.com": "www.youtube.com",
    "youtube.com": "www.youtube.com",
}
# A shortened video that says which one it is: youtu.be/ID, b23.tv/BV….
_YOUTUBE_ID = re.compile(r"/([\w-]{6,20})/?")
_BILIBILI_ID = re.compile(r"/(BV[0-9A-Za-z]{10}|av\d{1,12})/?")
_HOST = re.compile(r"(?!-)[\w-]{1,63}(?:\.[\w-]{1,63})+")


def tidied(url: str) -> str:
    """The address as it is kept: without tracking parameters, and for a video the site's own
    address instead of a phone's or a shortened one, where that needs no asking."""
    return cleaned(_unshortened(cleaned(url)))


def cleaned(url: str) -> str:
    """The same address without its tracking parameters; what is no web link stays as it is."""
    if not is_web_url(url):
        return url
    video = is_video(url)
    return _without(url, lambda parameter: _tracks(parameter, video=video))


def same_video(url: str, other: str) -> bool:
    """Whether both are one recording, wherever in it they begin."""
    return _recording(url) == _recording(other)


def starts_somewhere(url: str) -> bool:
    """Whether the link begins at a place in the video."""
    query = url.partition("#")[0].partition("?")[2]
    return any(_is_start(one) for one in query.split("&"))


def starting_at(url: str, seconds: int) -> str:
    """The video from this second on (`?t=90`), whatever place the link had before."""
    bare, hash_sign, fragment = _without(url, _is_start_or_blank).partition("#")
    sign = "&" if "?" in bare else "?"
    return f"{bare}{sign}t={seconds}{hash_sign}{fragment}"


def is_video(url: str) -> bool:
    """Whether the link leads to a site of recordings."""
    return is_on(host_of(url), _VIDEO_HOSTS)


def host_of(url: str) -> str:
    """The site's name without `www.`; "" for what is no web link."""
    host = urlsplit(url).hostname if is_web_url(url) else None
    return (host or "").rstrip(".").removeprefix("www.")


def is_known(url: str, own: tuple[str, ...]) -> bool:
    """Whether the link leads to a site that is known, or to one of the group's own."""
    return is_on(host_of(url), (*KNOWN_HOSTS, *OTHER_NAMES, *own))


def read_host(text: str) -> str | None:
    """The site that somebody names, also by a link to it; `None` where there is none."""
    words = text.strip().lower().removesuffix("/")
    host = host_of(words) if "://" in words else words.removeprefix("www.")
    if len(host) > MAX_HOST or not _HOST.fullmatch(host) or host.rpartition(".")[2].isdecimal():
        return None
    return host


def host_number(host: str) -> int:
    """A number that stands for the site on a button."""
    return zlib.crc32(host.encode()) & 0x7FFFFFFF


def _unshortened(url: str) -> str:
    if not is_web_url(url):
        return url
    parts = urlsplit(url)
    host = (parts.netloc).lower().removeprefix("www.")
    rest = url[url.index(parts.netloc) + len(parts.netloc) + len(parts.path) :]
    if host == "youtu.be" and (found := _YOUTUBE_ID.fullmatch(parts.path)):
        return f"https://www.youtube.com/watch?v={found[1]}{rest.replace('?', '&', 1)}"
    if host == "b23.tv" and (found := _BILIBILI_ID.fullmatch(parts.path)):
        return f"https://www.bilibili.com/video/{found[1]}{rest}"
    if host in _PHONE_HOSTS:
        return f"https://{_PHONE_HOSTS[host]}{parts.path}{rest}"
    return url


def _recording(url: str) -> str:
    """What two links to one video have in common: neither the scheme nor a slash at the path's end
    nor a mark within the page makes another video."""
    address, _, query = _without(tidied(url), _is_start_or_blank).partition("#")[0].partition("?")
    return f"{address.rstrip('/').partition('://')[2]}?{query}"


def _without(url: str, unwanted: Callable[[str], bool]) -> str:
    """The address without these parameters, and otherwise to the letter."""
    address, hash_sign, fragment = url.partition("#")
    path, _, query = address.partition("?")
    given = query.split("&")
    kept = [one for one in given if not unwanted(one)]
    if kept == given:
        return url
    told = "&".join(one for one in kept if one)
    return path + (f"?{told}" if told else "") + hash_sign + fragment


def _is_start(parameter: str) -> bool:
    return parameter.partition("=")[0] == "t"


def _is_start_or_blank(parameter: str) -> bool:
    return not parameter or _is_start(parameter)


def _tracks(parameter: str, *, video: bool) -> bool:
    name = unquote_plus(parameter.partition("=")[0]).lower()
    return bool(TRACKING.fullmatch(name) or (video and _ON_VIDEOS.fullmatch(name)))
