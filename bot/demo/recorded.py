"""What arXiv and Crossref answer, recorded for a few papers and served from loopback: the demo asks
nobody outside."""

import json
from dataclasses import dataclass
from html import escape

from aiohttp import web

NOTHING = '<feed xmlns="http://www.w3.org/2005/Atom"></feed>'


@dataclass(frozen=True, slots=True)
class Recorded:
    title: str
    authors: tuple[str, ...]
    year: int
    proceedings: str | None = None


ARXIV = {
    "2509.01092": Recorded(
        "REFRAG: Rethinking RAG based Decoding",
        ("Xiaoqiang Lin", "Aritra Ghosh", "Bryan Kian Hsiang Low"),
        2025,
    ),
    "2504.15465": Recorded(
        "LithOS: An Operating System for Efficient Machine Learning on GPUs",
        ("Patrick H. Coppock", "Brian Zhang", "Eliot H. Solomon"),
        2025,
    ),
    "2412.03131": Recorded(
        "Unifying KV Cache Compression for Large Language Models with LeanKV",
        ("Yanqi Zhang", "Yuwei Hu", "Runyuan Zhao"),
        2024,
    ),
}
CROSSREF = {
    "10.1145/3731569.3764810": Recorded(
        "DiffKV: Differentiated Memory Management for Large Language Models",
        ("Yanqi Zhang", "Yuwei Hu"),
        2025,
        "Proceedings of the ACM SIGOPS 31st Symposium on Operating Systems Principles",
    ),
}


class RecordedCatalogues:
    """Both catalogues on one port. `asked` are the paths that were asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []
        self._runner: web.AppRunner | None = None
        self.origin = ""

    async def start(self) -> None:
        app = web.Application()
        app.router.add_get("/api/query", self._arxiv)
        app.router.add_get("/works/{doi:.+}", self._crossref)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        self.origin = f"http://127.0.0.1:{port}"

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    async def _arxiv(self, request: web.Request) -> web.Response:
        self.asked.append(str(request.rel_url))
        number = request.query.get("id_list", "")
        found = ARXIV.get(number)
        return web.Response(
            text=_feed(number, found) if found else NOTHING, content_type="application/atom+xml"
        )

    async def _crossref(self, request: web.Request) -> web.Response:
        self.asked.append(str(request.rel_url))
        found = CROSSREF.get(request.match_info["doi"])
        if found is None:
            return web.Response(status=404, text="Resource not found.")
        return web.Response(text=_work(found), content_type="application/json")


def _feed(number: str, found: Recorded) -> str:
    authors = "".join(f"<author><name>{escape(name)}</name></author>" for name in found.authors)
    return (
        '<?xml version="1.0" encoding="UTF-8"?><feed xmlns="http://www.w3.org/2005/Atom"><entry>'
        f"<id>http://arxiv.org/abs/{number}v1</id><published>{found.year}-01-01T00:00:00Z</published>"
        f"<title>{escape(found.title)}</title>{authors}</entry></feed>"
    )


def _work(found: Recorded) -> str:
    people = [name.rpartition(" ") for name in found.authors]
    message = {
        "title": [found.title],
        "author": [{"given": given, "family": family} for given, _, family in people],
        "container-title": [found.proceedings],
        "published": {"date-parts": [[found.year]]},
    }
    return json.dumps({"status": "ok", "message": message})
