"""What the chat page asks for: to see people and chats, to speak, to tap, to move the clock."""

import asyncio
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from aiohttp import web

from bot.sandbox.page_requests import (
    is_unicode,
    read_body,
    read_number,
    read_place,
    read_text,
    refusal,
)
from bot.sandbox.shown import shown_chat, shown_message
from bot.sandbox.world import Chat, Person

if TYPE_CHECKING:
    from bot.sandbox.sandbox import Sandbox

ANSWER_WITHIN = 5.0
"""Seconds that a tap waits for the bot's answer before the page goes on without one."""

HEARTBEAT = 15.0
FARTHEST = timedelta(days=3660)


class Control:
    """The routes below `/sandbox`. Bad input answers 4xx with `{"error": sentence}`."""

    def __init__(self, sandbox: "Sandbox") -> None:
        self._sandbox = sandbox
        self._listeners: set[asyncio.Event] = set()
        self._closing = False

    def add_routes(self, app: web.Application) -> None:
        app.router.add_get("/sandbox/state", self._state)
        app.router.add_get("/sandbox/messages", self._messages)
        app.router.add_get("/sandbox/commands", self._commands)
        app.router.add_get("/sandbox/events", self._events)
        app.router.add_get("/sandbox/files/{file_id}", self._file)
        app.router.add_get("/sandbox/photos/{file_id}", self._photo)
        app.router.add_post("/sandbox/say", self._say)
        app.router.add_post("/sandbox/inline", self._inline)
        app.router.add_post("/sandbox/share", self._share)
        app.router.add_post("/sandbox/send", self._send)
        app.router.add_post("/sandbox/tap", self._tap)
        app.router.add_post("/sandbox/clock", self._clock)

    def tell_listeners(self) -> None:
        for listener in self._listeners:
            listener.set()

    async def close_streams(self, _app: web.Application) -> None:
        """An open stream would hold up the server's end."""
        self._closing = True
        self.tell_listeners()

    async def _state(self, _request: web.Request) -> web.Response:
        world = self._sandbox.world
        begun = [c for c in world.chats.values() if c.messages or not c.is_private]
        return web.json_response(
            {
                "now": self._sandbox.clock.now().isoformat(),
                "zone": self._sandbox.zone,
                "bot": {"id": world.bot.id, "name": world.bot.name, "username": world.bot.username},
                "people": [
                    {"id": p.id, "name": p.name, "username": p.username, "note": p.note}
                    for p in world.people.values()
                ],
                "chats": [shown_chat(chat) for chat in begun if chat.moved_to is None],
            }
        )

    async def _messages(self, request: web.Request) -> web.Response:
        viewer = self._person(request.query.get("viewer"))
        chat = self._chat(request.query.get("chat"), viewer)
        return web.json_response({"messages": [shown_message(m) for m in chat.in_order()]})

    async def _commands(self, request: web.Request) -> web.Response:
        viewer = self._person(request.query.get("viewer"))
        chat = self._chat(request.query.get("chat"), viewer)
        return web.json_response({"commands": self._sandbox.menus.seen_by(viewer.id, chat)})

    async def _say(self, request: web.Request) -> web.Response:
        given = await read_body(request)
        person = self._person(given.get("person"))
        chat = self._chat(given.get("chat"), person)
        text = read_text(given.get("text"))
        topic, reply_to = read_place(given, chat)
        try:
            message = self._sandbox.say(person, chat, text, topic=topic, reply_to=reply_to)
        except ValueError as error:
            raise refusal(str(error)) from None
        return web.json_response({"message": message.id})

    async def _send(self, request: web.Request) -> web.Response:
        """A file, as a browser sends a form with one."""
        try:
            given = dict(await request.post())
        except web.HTTPRequestEntityTooLarge:
            raise refusal("That file is larger than the demo takes.") from None
        except (ValueError, LookupError, AssertionError):
            raise refusal("The request is not a form.") from None
        person = self._person(given.get("person"))
        chat = self._chat(given.get("chat"), person)
        file = given.get("file")
        if not isinstance(file, web.FileField):
            raise refusal("The form has no file.")
        caption = read_text(given.get("caption", ""))
        topic, reply_to = read_place(given, chat)
        content = await asyncio.to_thread(file.file.read)
        try:
            message = self._sandbox.send_file(
                person,
                chat,
                read_text(file.filename),
                content,
                caption=caption,
                topic=topic,
                reply_to=reply_to,
            )
        except ValueError as error:
            raise refusal(str(error)) from None
        return web.json_response({"message": message.id})

    async def _tap(self, request: web.Request) -> web.Response:
        given = await read_body(request)
        person = self._person(given.get("person"))
        chat = self._chat(given.get("chat"), person)
        message = chat.messages.get(read_number(given.get("message")))
        try:
            row, column = given["button"]
            shown = message is not None and row >= 0 and column >= 0
            button = message.keyboard[row][column] if message and shown else {}
        except (KeyError, TypeError, ValueError, IndexError):
            button = {}
        if message is None or not button:
            raise refusal("That button is not there any more.")
        if "url" in button:
            return web.json_response({"text": "", "alert": False, "url": button["url"]})
        if "callback_data" not in button:
            raise refusal("That button does nothing on this page.")
        tap = self._sandbox.tap(person, message, button["callback_data"])
        with suppress(TimeoutError):
            async with asyncio.timeout(ANSWER_WITHIN):
                await tap.answered.wait()
        return web.json_response({"text": tap.text, "alert": tap.alert, "url": tap.url})

    async def _clock(self, request: web.Request) -> web.Response:
        given = await read_body(request)
        now = self._sandbox.clock.now()
        try:
            if "to" in given:
                to = datetime.fromisoformat(given["to"])
                to = to if to.tzinfo else to.replace(tzinfo=now.tzinfo)
            else:
                to = now + timedelta(seconds=float(given["advance_seconds"]))
        except (KeyError, TypeError, ValueError, OverflowError):
            raise refusal("The clock goes to a date and time, or by some seconds.") from None
        if abs(to - now) > FARTHEST:
            raise refusal("The clock moves by ten years at the most.")
        await self._sandbox.travel(to)
        self._sandbox.changed()
        return web.json_response({"now": self._sandbox.clock.now().isoformat()})

    async def _file(self, request: web.Request) -> web.Response:
        content = self._sandbox.files.content(request.match_info["file_id"])
        if content is None:
            raise web.HTTPNotFound
        return web.Response(
            body=content,
            content_type="application/octet-stream",
            headers={"Content-Disposition": "attachment"},
        )

    async def _photo(self, request: web.Request) -> web.Response:
        file_id = request.match_info["file_id"]
        content = self._sandbox.files.content(file_id)
        if content is None or self._sandbox.files.photo(file_id) is None:
            raise web.HTTPNotFound
        return web.Response(
            body=content, content_type="image/png", headers={"Cache-Control": "max-age=86400"}
        )

    async def _inline(self, request: web.Request) -> web.Response:
        given = await read_body(request)
        query = given.get("query")
        if not isinstance(query, str) or not is_unicode(query):
            raise refusal("An inline query needs its text.")
        try:
            asked = self._sandbox.ask_inline(self._person(given.get("person")), query)
        except ValueError as error:
            raise refusal(str(error)) from None
        with suppress(TimeoutError):
            async with asyncio.timeout(ANSWER_WITHIN):
                await asked.answered.wait()
        shown = [{key: one[key] for key in ("id", "title", "description")} for one in asked.results]
        return web.json_response({"asked": asked.id, "results": shown, "button": asked.button})

    async def _share(self, request: web.Request) -> web.Response:
        given = await read_body(request)
        person = self._person(given.get("person"))
        chat = self._chat(given.get("chat"), person)
        asked = self._sandbox.inline.answered(str(given.get("asked")))
        if asked is None or asked.person is not person:
            raise refusal("Those results are not there any more.")
        topic = read_number(given.get("topic")) or None
        try:
            message = self._sandbox.share(person, chat, asked, str(given.get("result")), topic)
        except ValueError as error:
            raise refusal(str(error)) from None
        return web.json_response({"message": message.id})

    async def _events(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        listener = asyncio.Event()
        self._listeners.add(listener)
        try:
            await response.write(b": hello\n\n")
            while not self._closing:
                await response.write(await _next_line(listener))
        except (ConnectionResetError, asyncio.CancelledError):
            return response
        finally:
            self._listeners.discard(listener)
        return response

    def _person(self, given: object) -> Person:
        person = self._sandbox.world.people.get(read_number(given))
        if person is None:
            raise refusal("There is no such person.")
        return person

    def _chat(self, given: object, viewer: Person) -> Chat:
        chat = self._sandbox.world.chats.get(
            viewer.id if given == "private" else read_number(given)
        )
        if chat is None or not chat.is_present(viewer.id):
            raise refusal(f"{viewer.name} is not in that chat.", web.HTTPForbidden)
        return chat


async def _next_line(listener: asyncio.Event) -> bytes:
    try:
        async with asyncio.timeout(HEARTBEAT):
            await listener.wait()
    except TimeoutError:
        return b": still here\n\n"
    listener.clear()
    return b"data: change\n\n"
