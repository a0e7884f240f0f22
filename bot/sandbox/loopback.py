"""The server is for this machine, and for its own page."""

import ipaddress
from collections.abc import Awaitable, Callable

from aiohttp import web

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]

POLICY = "default-src 'self'"


@web.middleware
async def loopback_only(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse a page from elsewhere whose name was made to point here."""
    try:
        host, own = request.url.host or "", str(request.url.origin())
    except ValueError:
        raise web.HTTPBadRequest(text="The request names no host.") from None
    if host != "localhost" and not _is_loopback(host):
        raise web.HTTPForbidden(text="This page is for this machine only.")
    origin = request.headers.get("Origin")
    if request.method == "POST" and origin not in (None, own):
        raise web.HTTPForbidden(text="This page is for this machine only.")
    response = await handler(request)
    if not response.prepared:
        response.headers["Content-Security-Policy"] = POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
