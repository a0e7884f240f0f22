"""A catalogue on loopback that answers as it is told, and notes what it was asked."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from aiohttp import web

from bot.catalogues import Catalogues
from bot.clock import Clock
from storage.store import Store

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]

RECORDED = Path(__file__).parent.parent / "data" / "catalogues"


def recorded(name: str) -> bytes:
    return (RECORDED / name).read_bytes()


@dataclass(slots=True)
class Server:
    """`answers` are used up one after the other; the last stays. `asked` are the paths as they
    came, `headers` those of the last request."""

    answers: list[Answer]
    origin: str = ""
    asked: list[str] = field(default_factory=list)
    headers: dict[str, str] = field(default_factory=dict)

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(request.raw_path)
        self.headers = dict(request.headers)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        return await answer(request)


def text(body: str | bytes, status: int = 200, headers: Mapping[str, str] | None = None) -> Answer:
    content = body.encode() if isinstance(body, str) else body

    async def answer(_request: web.Request) -> web.StreamResponse:
        return web.Response(body=content, status=status, headers=headers)

    return answer


@asynccontextmanager
async def serving(*answers: Answer) -> AsyncIterator[Server]:
    server = Server(list(answers))
    app = web.Application()
    app.router.add_route("*", "/{tail:.*}", server.handle)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    server.origin = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()


@asynccontextmanager
async def asking(
    store: Store, clock: Clock, *answers: Answer, patience: float = 60.0
) -> AsyncIterator[tuple[Catalogues, Server]]:
    """Catalogues that ask such a server. A busy machine may take its time, unless a test is about
    patience."""
    async with serving(*answers) as server:
        origin = server.origin
        made = Catalogues(store, clock, arxiv_url=origin, crossref_url=origin, patience=patience)
        try:
            yield made, server
        finally:
            await made.close()
