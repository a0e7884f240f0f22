"""Updates as Telegram sends them, as it might, and as it never does."""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any, Final

from bot.domain import callbacks
from bot.sandbox import Chat, Message, Person
from bot.sandbox.members import chat_member
from bot.sandbox.world import ANONYMOUS_ADMIN, Json
from bot.telegram.router import ALLOWED_UPDATES, BUTTONS
from tests.fuzz.inside import command
from tests.fuzz.scene import Scene
from tests.fuzz.words import NAMES, odd, words, written

CHANNEL: Final[Json] = {"id": -1_009_999_999_999, "type": "channel", "title": "News"}
SHAPES: Final = tuple(BUTTONS)
RECENT: Final = 40
"""Messages of a chat among which a button is looked for that somebody taps."""

FILE: Final[Json] = {"file_id": "f", "file_unique_id": "f"}
MEDIA: Final[tuple[Json, ...]] = (
    {"sticker": FILE | {"type": "regular", "width": 512, "height": 512, "is_animated": False,
                        "is_video": False}},
    {"voice": FILE | {"duration": 3}},
    {"video": FILE | {"width": 1, "height": 1, "duration": 1}},
    {"photo": [FILE | {"width": 9, "height": 9}]},
    {"document": FILE | {"file_name": "../../slides.pdf", "mime_type": "application/pdf",
                         "file_size": 2**40}},
    {"document": FILE},
    {"animation": FILE | {"width": 1, "height": 1, "duration": 1}},
    {"location": {"latitude": 31.8, "longitude": 117.2}},
    {"contact": {"phone_number": "0", "first_name": "Somebody"}},
    {"dice": {"emoji": "🎲", "value": 6}},
    {"poll": {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False,
              "is_anonymous": True, "type": "regular", "allows_multiple_answers": False,
              "allows_revoting": False, "members_only": False}},
    {"venue": {"location": {"latitude": 1, "longitude": 1}, "title": "t", "address": "a"}},
    {"new_chat_title": "<b>Another</b>"},
    {"delete_chat_photo": True},
    {"group_chat_created": True},
    {"forum_topic_created": {"name": "t", "icon_color": 1}},
    {"message_auto_delete_timer_changed": {"message_auto_delete_time": 1}},
    {"video_chat_started": {}},
    {"web_app_data": {"data": "x", "button_text": "y"}},
    {"users_shared": {"request_id": 1, "users": [{"user_id": 1}]}},
    {"something_of_tomorrow": {"a": [1, {"b": None}]}},
)  # fmt: skip
OTHER_KINDS: Final[tuple[tuple[str, Json], ...]] = (
    ("poll", {"id": "1", "question": "?", "options": [], "total_voter_count": 0, "is_closed": False,
              "is_anonymous": True, "type": "regular", "allows_multiple_answers": False}),
    ("chosen_inline_result", {"result_id": "1", "query": "x"}),
    ("shipping_query", {"id": "1", "invoice_payload": "x", "shipping_address": {}}),
    ("pre_checkout_query", {"id": "1", "currency": "EUR", "total_amount": 1,
                            "invoice_payload": "x"}),
    ("poll_answer", {"poll_id": "1", "option_ids": [0]}),
    ("business_connection", {"id": "1", "user_chat_id": 1, "date": 1, "is_enabled": True}),
    ("purchased_paid_media", {"paid_media_payload": "x"}),
    ("something_of_tomorrow", {"id": 1}),
)  # fmt: skip
ANYTHING: Final[tuple[Any, ...]] = (
    None, True, 0, -1, 2**31, 2**63, -(2**63), 2**80, 1.5, "", "x", "\0", "\ud800", "9" * 400, [],
    {},
    [[]], {"id": 1}, [None], {"id": "x"}, -1_001_000_000_000, "member", 10**18,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sent:
    """`raw` without its number. `malformed` is nothing that Telegram would send."""

    raw: Json
    malformed: bool = False


class Writer:
    """Makes updates about one scene, the same ones for the same seed."""

    def __init__(self, scene: Scene, random: Random) -> None:
        self._scene = scene
        self._random = random
        self._people = scene.cast.named()
        self._sandbox = scene.inside.sandbox
        self._kinds: tuple[tuple[float, Callable[[], Json]], ...] = (
            (40, self._message),
            (20, self._tap),
            (12, self._forged),
            (7, self._answer),
            (6, self._media),
            (4, self._as_somebody_else),
            (4, self._edited),
            (3, self._moved),
            (3, self._tapped_from_afar),
            (3, self._of_another_kind),
            (2, self._forwarded),
            (2, self._typed),
        )

    def next(self) -> Sent:
        weights = [weight for weight, _ in self._kinds]
        make = self._random.choices([make for _, make in self._kinds], weights)[0]
        raw = make()
        if self._random.random() < 0.06:
            return Sent(self._broken(raw), malformed=True)
        # Of kinds that the bot does not ask for, the library may read or leave out what it likes.
        return Sent(raw, malformed=next(iter(raw)) not in ALLOWED_UPDATES)

    def _person(self) -> Person:
        return self._random.choice(list(self._people.values()))

    def _places(self, person: Person) -> list[Chat]:
        """Where this person can write."""
        scene = self._scene
        chats = (scene.here, scene.there, scene.nowhere)
        return [
            self._sandbox.private(person),
            *(chat for chat in chats if chat.is_present(person.id)),
        ]

    def _message(self) -> Json:
        person = self._person()
        place = self._random.choice(self._places(person))
        return {"message": self._said(person, place, written(self._random))}

    def _said(self, person: Person, place: Chat, text: str, **more: Any) -> Json:
        place.started = True
        # The sandbox keeps what a browser can show; the bot gets all of it.
        message = place.add(person, self._scene.inside.clock.now(), text="…", **more).as_api()
        content = message | {"text": text} | command(text)
        if self._random.random() < 0.03:
            content["entities"] = [
                {"type": "bot_command", "offset": self._random.choice((0, -1, 5, 10**6)),
                 "length": self._random.choice((0, -1, 3, 10**6))}
            ]  # fmt: skip
        if self._random.random() < 0.03:
            content["from"] = content["from"] | {
                "first_name": self._random.choice(NAMES)
                if self._random.random() < 0.5
                else odd(self._random)
            }
        return content

    def _buttons(self, place: Chat) -> list[tuple[Message, str]]:
        recent = list(place.messages.values())[-RECENT:]
        return [
            (message, button["callback_data"])
            for message in recent
            for row in message.keyboard
            for button in row
            if "callback_data" in button
        ]

    def _tap(self) -> Json:
        person = self._person()
        scene = self._scene
        chats = [*self._places(person), scene.here]
        found = [one for chat in chats for one in self._buttons(chat)]
        if not found:
            return self._forged()
        message, data = self._random.choice(found)
        return {"callback_query": self._sandbox.queries.tap(person, message, data).as_api()}

    def _forged(self) -> Json:
        person = self._person()
        place = self._random.choice([*self._places(person), self._scene.here])
        place.started = True
        message = place.add(self._sandbox.world.bot, self._scene.inside.clock.now(), text="?")
        tap = self._sandbox.queries.tap(person, message, self._data())
        return {"callback_query": tap.as_api()}

    def _data(self) -> str:
        if self._random.random() < 0.15:
            return self._random.choice(
                ("", "c1", "c1:", "c0:page:1:0", "c1:page:1", "c1:take:1:1:1:1", "c1:take:1:-1:x",
                 "c1:page:1:" + "9" * 20, odd(self._random), "c1:\0:1", "c1:page:１:٢", ":" * 60)
            )  # fmt: skip
        shape = self._random.choice(SHAPES)
        numbers = [
            self._random.choice((1, 1, 1, 2, 3)),
            *(self._number() for _ in range(len(shape.__slots__) - 1)),
        ]
        return callbacks.encode(shape(*numbers))

    def _number(self) -> int:
        if self._random.random() < 0.85:
            return self._random.randint(0, 30)
        return self._random.choice((-1, -2, 100, 10**6, callbacks.LARGEST, -callbacks.LARGEST))

    def _answer(self) -> Json:
        """A reply to something that the bot wrote."""
        person = self._person()
        place = self._random.choice(self._places(person))
        theirs = [m.id for m in list(place.messages.values())[-RECENT:] if m.from_bot]
        reply_to = self._random.choice(theirs) if theirs else None
        text = words(self._random) or written(self._random)
        return {"message": self._said(person, place, text, reply_to=reply_to)}

    def _media(self) -> Json:
        person = self._person()
        place = self._random.choice(self._places(person))
        content = self._said(person, place, "")
        del content["text"]
        content |= self._random.choice(MEDIA)
        if self._random.random() < 0.5:
            content |= {"caption": written(self._random)}
        return {"message": content}

    def _as_somebody_else(self) -> Json:
        """An administrator as the group itself, a channel, the channel of the group."""
        scene = self._scene
        content = self._said(scene.cast.admin, scene.here, written(self._random))
        way = self._random.randrange(4)
        if way == 0:
            content |= {"from": ANONYMOUS_ADMIN, "sender_chat": scene.here.as_api()}
        elif way == 1:
            content |= {"sender_chat": CHANNEL}
        elif way == 2:
            telegram = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
            content |= {"from": telegram, "sender_chat": CHANNEL, "is_automatic_forward": True}
        else:
            content |= {"sender_chat": scene.there.as_api()}
        return {"message": content}

    def _edited(self) -> Json:
        person = self._person()
        place = self._random.choice(self._places(person))
        content = self._said(person, place, written(self._random)) | {"edit_date": 1_767_900_000}
        kind = self._random.choice(
            ("edited_message", "channel_post", "edited_channel_post", "business_message",
             "edited_business_message")
        )  # fmt: skip
        if "channel" in kind:
            content |= {"chat": CHANNEL, "sender_chat": CHANNEL}
            del content["from"]
        if "business" in kind:
            content |= {"business_connection_id": "b"}
        return {kind: content}

    def _moved(self) -> Json:
        """Somebody came, left, or stayed what they are; the bot as well. Only what is so."""
        scene, person = self._scene, self._person()
        place = self._random.choice((scene.here, scene.there, scene.nowhere))
        status = place.members.get(person.id, "left")
        user, now = person.as_user(), int(scene.inside.clock.now().timestamp())
        way = self._random.randrange(4)
        if way == 0:
            content = self._said(person, place, "")
            del content["text"]
            came = place.is_present(person.id)
            return {
                "message": content
                | ({"new_chat_members": [user]} if came else {"left_chat_member": user})
            }
        if way == 1:
            before, after = chat_member(user, "member"), chat_member(user, status)
            change = {"old_chat_member": before, "new_chat_member": after}
            return {"chat_member": {"chat": place.as_api(), "from": user, "date": now} | change}
        bot = self._sandbox.world.bot.as_user()
        chat = place.as_api() if way == 2 else self._sandbox.private(person).as_api()
        member = chat_member(bot, self._random.choice(("member", "administrator")))
        change = {"old_chat_member": member, "new_chat_member": member}
        return {"my_chat_member": {"chat": chat, "from": user, "date": now} | change}

    def _tapped_from_afar(self) -> Json:
        """Under a message that is too old to be shown, or that was sent through the bot; a game."""
        person = self._person()
        known = Message(1, self._scene.here, person, self._scene.inside.clock.now())
        tap = self._sandbox.queries.tap(person, known, "")
        query: Json = {"id": tap.id, "from": person.as_user(), "chat_instance": "1"}
        way = self._random.randrange(4)
        place = self._random.choice([*self._places(person), self._scene.here])
        if way == 0:
            gone = {"chat": place.as_api(), "message_id": self._random.randint(1, 2000), "date": 0}
            return {"callback_query": query | {"data": self._data(), "message": gone}}
        if way == 1:
            return {"callback_query": query | {"data": self._data(), "inline_message_id": "i"}}
        if way == 2:
            return {"callback_query": query | {"game_short_name": "g", "inline_message_id": "i"}}
        return {"callback_query": query | {"data": self._data()}}

    def _of_another_kind(self) -> Json:
        kind, content = self._random.choice(OTHER_KINDS)
        user = self._person().as_user()
        return {kind: content | {"from": user, "user": user}}

    def _typed(self) -> Json:
        """An inline query."""
        offset = self._random.choice(("", "", "20", "-1", "9" * 400, "٣", odd(self._random)))
        asked = self._sandbox.inline.ask(self._person(), words(self._random), offset)
        return {"inline_query": asked.as_api()}

    def _forwarded(self) -> Json:
        person = self._person()
        place = self._random.choice(self._places(person))
        other = self._person().as_user()
        origin = self._random.choice(
            ({"type": "user", "sender_user": other, "date": 1},
             {"type": "hidden_user", "sender_user_name": "x", "date": 1},
             {"type": "channel", "chat": CHANNEL, "message_id": 1, "date": 1})
        )  # fmt: skip
        content = self._said(person, place, written(self._random))
        return {"message": content | {"forward_origin": origin}}

    def _broken(self, raw: Json) -> Json:
        """One to three places of it are missing, or hold something else."""
        broken: Json = copy.deepcopy(raw)
        for _ in range(self._random.randint(1, 3)):
            place: Any = broken
            path = self._random.randint(1, 4)
            while path and isinstance(place, dict | list) and place:
                keys = list(place) if isinstance(place, dict) else list(range(len(place)))
                key = self._random.choice(keys)
                deeper = isinstance(place[key], dict | list) and place[key]
                if path == 1 or not deeper:
                    if self._random.random() < 0.4:
                        del place[key]
                    else:
                        place[key] = copy.deepcopy(self._random.choice(ANYTHING))
                    break
                place, path = place[key], path - 1
        return broken


def shown(raw: Json) -> str:
    """An update on one line, for whoever has to find out what went wrong."""
    text = json.dumps(raw)
    return text if len(text) < 2000 else f"{text[:2000]}… ({len(text)} characters)"
