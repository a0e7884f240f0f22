"""The chat page's own files: all that they name is there, and the page's policy allows it."""

import re
from urllib.parse import urljoin

import pytest
from aiohttp import ClientSession

from bot.sandbox import Sandbox
from bot.sandbox.loopback import POLICY
from bot.sandbox.server import WEB

PAGE = (WEB / "index.html").read_text(encoding="utf-8")
NAMED = sorted(set(re.findall(r"(?:src|href)=\"(/[^\"]*)\"", PAGE)))
SCRIPTS = {path.name: path.read_text(encoding="utf-8") for path in sorted(WEB.glob("*.js"))}
TYPES = {"js": "text/javascript", "css": "text/css", "svg": "image/svg+xml"}


def test_the_page_names_its_script_and_its_styles() -> None:
    assert {"/static/app.js", "/static/style.css"} <= set(NAMED)


@pytest.mark.parametrize("path", NAMED)
async def test_what_the_page_names_is_served_as_what_it_is(sandbox: Sandbox, path: str) -> None:
    async with ClientSession() as session, session.get(sandbox.origin + path) as response:
        assert (response.status, response.content_type) == (200, TYPES[path.rpartition(".")[2]])
        assert response.headers["Content-Security-Policy"] == POLICY == "default-src 'self'"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("script", SCRIPTS)
async def test_what_a_script_imports_is_there_with_the_names_it_wants(
    sandbox: Sandbox, script: str
) -> None:
    base = f"{sandbox.origin}/static/{script}"
    imports = re.findall(r"import\s+(?:\{([^}]*)\}\s+from\s+)?\"([^\"]+)\"", SCRIPTS[script])
    for names, target in imports:
        async with ClientSession() as session, session.get(urljoin(base, target)) as response:
            imported = await response.text()
            assert (response.status, response.content_type) == (200, "text/javascript")
        for name in filter(None, (each.split(" as ")[0].strip() for each in names.split(","))):
            kinds = r"(?:async )?(?:function\*?|const|let|class)"
            declared = rf"export {kinds} {re.escape(name)}(?![\w$])"
            assert re.search(declared, imported), f"{target} has no {name}"


def test_every_script_and_style_is_used() -> None:
    everything = PAGE + "".join(SCRIPTS.values())
    files = {path.name for path in WEB.iterdir() if path.suffix in (".js", ".css", ".svg")}

    assert {name for name in files if name not in everything} == set()


@pytest.mark.parametrize(
    "pattern",
    [
        r"<style",
        r"\sstyle=",
        r"\son\w+=",
        r"<script(?![^>]*\ssrc=)",
        r"(?:src|href)=\"(?:https?:)?//",
    ],
)
def test_nothing_stands_in_the_page_that_its_policy_forbids(pattern: str) -> None:
    assert re.findall(pattern, PAGE) == []


def test_no_script_does_what_the_policy_forbids() -> None:
    forbidden = r"\beval\(|new Function|setAttribute\(\"style|[\s{]style: "

    assert {name: re.findall(forbidden, text) for name, text in SCRIPTS.items()} == {
        name: [] for name in SCRIPTS
    }


def test_every_element_that_a_script_looks_up_is_in_the_page() -> None:
    ids = set(re.findall(r"\sid=\"([^\"]+)\"", PAGE))
    wanted = {name for text in SCRIPTS.values() for name in re.findall(r"\$\(\"([\w-]+)\"\)", text)}

    assert "composer" in wanted
    assert wanted - ids == set()


@pytest.mark.parametrize("path", ["/static/../server.py", "/static/%2e%2e/server.py", "/static/"])
async def test_only_the_pages_own_files_are_served(sandbox: Sandbox, path: str) -> None:
    from yarl import URL

    url = URL(sandbox.origin + path, encoded=True)
    async with ClientSession() as session, session.get(url) as response:
        assert response.status in (403, 404)


@pytest.mark.parametrize("host", ["[", "a b", "127.0.0.1:port", "", "localhost.example.org"])
async def test_a_strange_host_is_refused(sandbox: Sandbox, host: str) -> None:
    headers = {"Host": host}
    async with (
        ClientSession() as session,
        session.get(f"{sandbox.origin}/sandbox/state", headers=headers) as response,
    ):
        assert response.status in (400, 403)


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "[::1]"])
async def test_this_machine_is_let_in_by_each_of_its_names(sandbox: Sandbox, host: str) -> None:
    port = sandbox.origin.rpartition(":")[2]
    headers = {"Host": f"{host}:{port}"}
    async with (
        ClientSession() as session,
        session.get(f"{sandbox.origin}/", headers=headers) as response,
    ):
        assert response.status == 200
