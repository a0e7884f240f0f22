"""The Bot API over HTTP, on loopback, and the chat page beside it."""

import asyncio
import inspect
import json
import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.multipart import BodyPartReader
from aiohttp.web_fileresponse import CONTENT_TYPES

from bot.sandbox.access import Surroundings
from bot.sandbox.control import Control
from bot.sandbox.faults import Drop, Fault, Garbage, Hold
from bot.sandbox.files import Upload
from bot.sandbox.loopback import loopback_only
from bot.sandbox.methods import METHODS
from bot.sandbox.refusals import ApiError
from bot.sandbox.schema import Schema

log = logging.getLogger(__name__)

# A machine may know scripts by another type, and a browser then refuses to run them.
CONTENT_TYPES.add_type("text/javascript", ".js")

HOST = "127.0.0.1"
ATTACH = "attach://"
MEDIA = "media"
WEB = Path(__file__).parent / "web"
MAX_REQUEST = 60 * 1024 * 1024  # above the 50 MB that a bot may upload, which Telegram judges


class Server:
    """Serves one sandbox. `here` is what the methods act on, with `token` and `faults`."""

    def __init__(self, here: Any, control: Control) -> None:
        self._here = here
        self._surroundings: Surroundings = here
        self._control = control
        self._schema = Schema()
        self._runner: web.AppRunner | None = None
        self._port = 0

    @property
    def origin(self) -> str:
        return f"http://{HOST}:{self._port}"

    async def start(self, port: int) -> None:
        app = web.Application(client_max_size=MAX_REQUEST, middlewares=[loopback_only])
        app.router.add_route("*", "/bot{token}/{method}", self._method)
        app.router.add_get("/file/bot{token}/documents/{file_id}", self._file)
        app.router.add_get("/", _index)
        app.router.add_static("/static", WEB)
        self._control.add_routes(app)
        app.on_shutdown.append(self._control.close_streams)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, port)
        try:
            await site.start()
        except OSError:
            await self._runner.cleanup()
            raise
        self._port = self._runner.addresses[0][1]

    async def stop(self) -> None:
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def tell_listeners(self) -> None:
        self._control.tell_listeners()

    async def _method(self, request: web.Request) -> web.StreamResponse:
        try:
            return await self._answer(request)
        except ApiError as error:
            answer: dict[str, Any] = {
                "ok": False,
                "error_code": error.code,
                "description": error.description,
            }
            if error.parameters:
                answer["parameters"] = error.parameters
            return _json(answer, error.code)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self._here.token:
            raise ApiError(401, "Unauthorized")
        method = self._schema.canonical(request.match_info["method"])
        if method is None:
            raise ApiError(404, "Not Found: method not found")
        if method not in METHODS:
            raise ApiError(501, f"Not Implemented: the sandbox has no {method}")
        given = self._schema.read(method, await _parameters(request))
        fault = self._here.faults.take(method, given.get("chat_id"))
        if (answer := await _instead(request, fault)) is not None:
            return answer
        result = METHODS[method](self._surroundings, given)
        if inspect.isawaitable(result):
            result = await result
        if isinstance(fault, Hold):
            await fault.released.wait()
        if fault is Drop.AFTER:
            return _hang_up(request)
        done = _json({"ok": True, "result": result}, 200)
        return await _cut_off(request, done) if fault is Drop.HALFWAY else done

    async def _file(self, request: web.Request) -> web.Response:
        if request.match_info["token"] != self._here.token:
            raise web.HTTPUnauthorized
        content = self._here.files.content(request.match_info["file_id"])
        if content is None:
            raise web.HTTPNotFound
        return web.Response(body=content, content_type="application/octet-stream")


async def _parameters(request: web.Request) -> dict[str, Any]:
    """What was given, from the address, a form, an upload or JSON."""
    given: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        try:
            body = await request.json()
        except (ValueError, LookupError, RecursionError):  # LookupError: of an unknown charset
            raise ApiError(400, "Bad Request: can't parse the request body as JSON") from None
        if not isinstance(body, dict):
            raise ApiError(400, "Bad Request: the request body must be a JSON object")
        return given | body
    try:
        if request.content_type == "multipart/form-data":
            return given | await _uploaded(request)
        return given | dict(await request.post())
    except (ValueError, LookupError, AssertionError):
        raise ApiError(400, "Bad Request: can't parse the request body as a form") from None


async def _uploaded(request: web.Request) -> dict[str, Any]:
    fields: dict[str, Any] = {}
    attached: dict[str, Upload] = {}
    async for part in await request.multipart():
        if not isinstance(part, BodyPartReader) or part.name is None:
            raise ApiError(400, "Bad Request: nested multipart is not expected")
        if part.filename is None:
            fields[part.name] = await part.text()
        else:
            mime_type = part.headers.get("Content-Type", "application/octet-stream")
            attached[part.name] = Upload(part.filename, await part.read(), mime_type)
    return joined(fields, attached)


def joined(fields: dict[str, Any], attached: Mapping[str, Upload]) -> dict[str, Any]:
    """The parameters with the files that came with them in the places that name those."""
    named: set[str] = set()
    for name, value in fields.items():
        if isinstance(value, str) and (name == MEDIA or value.startswith(ATTACH)):
            fields[name] = _with_files(value, attached, named)
    return fields | {name: upload for name, upload in attached.items() if name not in named}


def _with_files(value: Any, attached: Mapping[str, Upload], named: set[str]) -> Any:
    """The value with each `attach://NAME` in it as the file that came with it: it is a file's name,
    or is an object in JSON that names one as its `media`."""
    match value:
        case str() if value.startswith(ATTACH):
            name = value.removeprefix(ATTACH)
            if name not in attached:
                raise ApiError(400, "Bad Request: can't find the attached file")
            named.add(name)
            return attached[name]
        case str() if value.startswith("{"):
            return _with_files(json.loads(value), attached, named)
        case {"media": str(media)}:
            return {**value, MEDIA: _with_files(media, attached, named)}
    return value


def _json(answer: dict[str, Any], status: int) -> web.Response:
    return web.Response(
        text=json.dumps(answer, ensure_ascii=False), status=status, content_type="application/json"
    )


async def _instead(request: web.Request, fault: Fault | None) -> web.StreamResponse | None:
    """The answer of a method that this fault keeps from taking effect; `None` where it does not."""
    match fault:
        case ApiError():
            raise fault
        case Garbage(status, body):
            return web.Response(status=status, text=body, content_type="text/html")
        case Drop.BEFORE:
            return _hang_up(request)
        case Hold(before=True):
            await fault.released.wait()
            return _hang_up(request)
    return None


def _hang_up(request: web.Request) -> web.StreamResponse:
    """Close the connection in the middle of things, as a network does."""
    if request.transport is not None:
        request.transport.abort()
    raise asyncio.CancelledError


async def _cut_off(request: web.Request, answer: web.Response) -> web.StreamResponse:
    """Send half of the answer, and close the connection."""
    body = answer.body
    if not isinstance(body, bytes):
        raise TypeError("only an answer in memory has a middle")
    half = web.StreamResponse(headers={"Content-Length": str(len(body))})
    await half.prepare(request)
    await half.write(body[: len(body) // 2])
    if request.transport is not None:
        request.transport.close()
    raise asyncio.CancelledError


async def _index(_request: web.Request) -> web.FileResponse:
    return web.FileResponse(WEB / "index.html")
