"""Updates as Telegram sends them, as it might, and as it never does."""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from bot.sandbox import Chat, Person
from bot.sandbox.members import chat_member
from bot.sandbox.world import ANONYMOUS_ADMIN, Json
from bot.telegram.router import ALLOWED_UPDATES
from bot.text.commands import COMMANDS
from tests.fuzz.contents import ANYTHING, CHANNEL, MEDIA, OTHER_KINDS
from tests.fuzz.people import People
from tests.fuzz.scene import Scene
from tests.fuzz.taps import Taps, buttons, newest
from tests.fuzz.words import FOUND, TO_SOMEBODY, answer, odd, sentence, spoken, words, written

GOES_ON = 0.35
"""How often somebody goes on with what the bot just answered."""

NEAR = 3
"""So many of the newest messages may be what the bot just answered."""

ORGANIZERS_OWN = tuple(one.name for one in COMMANDS if one.for_organizers)


@dataclass(frozen=True, slots=True)
class Sent:
    """`raw` without its number, and the way it was made. `malformed` is nothing that Telegram would
    send."""

    raw: Json
    way: str = ""
    malformed: bool = False


class Writer:
    """Makes updates about one scene, the same ones for the same seed."""

    def __init__(self, scene: Scene, random: Random) -> None:
        self._scene = scene
        self._random = random
        self._sandbox = scene.inside.sandbox
        self._people = People(scene, random)
        self._taps = Taps(scene, random, self._people.places)
        self._last: tuple[Person, Chat, int | None] | None = None
        self._upgrades: list[Json] = []
        self._on_their_way: list[Json] = []
        self._kinds: dict[str, tuple[float, Callable[[], Json]]] = {
            "said": (36, self._message),
            "said as to people": (6, self._sentence),
            "said below": (4, self._to_somebody),
            "tapped": (20, self._tap),
            "forged": (12, lambda: self._taps.forged(self._people.any())),
            "answered": (7, self._answer),
            "media": (6, self._media),
            "as somebody else": (4, self._as_somebody_else),
            "edited": (4, self._edited),
            "moved": (3, self._moved),
            "tapped from afar": (3, lambda: self._taps.from_afar(self._people.any())),
            "of another kind": (3, self._of_another_kind),
            "forwarded": (2, self._forwarded),
            "became a supergroup": (0.2, self._upgraded),
            "typed inline": (2, self._typed),
        }

    def next(self) -> Sent:
        if self._on_their_way:
            return Sent(self._on_their_way.pop(), "became a supergroup")
        if self._last is not None and self._random.random() < GOES_ON:
            way, raw = "gone on", self._going_on(*self._last)
        else:
            weights = [weight for weight, _ in self._kinds.values()]
            way = self._random.choices(list(self._kinds), weights)[0]
            raw = self._kinds[way][1]()
        self._note(raw)
        if self._random.random() < 0.06:
            return Sent(self._broken(raw), "malformed", malformed=True)
        # Of kinds that the bot does not ask for, the library may read or leave out what it likes.
        return Sent(raw, way, malformed=next(iter(raw)) not in ALLOWED_UPDATES)

    def _note(self, raw: Json) -> None:
        """Who does what where, and under which message."""
        query = raw.get("callback_query")
        message = raw.get("message") if query is None else query.get("message")
        if message is None:
            return
        sender = (message if query is None else query).get("from", {}).get("id")
        person = self._sandbox.world.people.get(sender)
        if person is not None:
            place = self._sandbox.world.chats[message["chat"]["id"]]
            self._last = person, place, None if query is None else message["message_id"]

    def _going_on(self, person: Person, place: Chat, tapped: int | None) -> Json:
        """Tap a button of what the bot answered, or reply to it."""
        said = [message for message in newest(place)[:NEAR] if message.from_bot]
        if tapped in place.messages:  # many an answer takes the place of the question
            said.append(place.messages[tapped])
        asked = [message for message in said if buttons(message)]
        if asked and self._random.random() < 0.8:
            return self._taps.on(person, self._random.choice(asked))
        if said and self._random.random() < 0.6:
            about = self._random.choice(said).id
            return {
                "message": self._people.said(person, place, answer(self._random), reply_to=about)
            }
        return self._message()

    def _message(self) -> Json:
        person = self._people.any()
        text = written(self._random)
        if self._random.random() < 0.2:  # else few of these come from somebody who may
            person = self._random.choice((self._scene.cast.admin, self._scene.cast.boss))
            text = spoken(self._random, self._random.choice(ORGANIZERS_OWN))
        place = self._people.place(person)
        content = self._people.said(person, place, text)
        if self._random.random() < 0.1:
            content |= {"reply_to_message": self._people.something(place)}
        return {"message": content}

    def _to_somebody(self) -> Json:
        """A command below what somebody wrote."""
        person = self._people.any()
        place = self._people.place(person)
        text = f"/{self._random.choice(TO_SOMEBODY)}"
        if self._random.random() < 0.4:
            text += f" {words(self._random)}"
        below = {"reply_to_message": self._people.something(place)}
        return {"message": self._people.said(person, place, text) | below}

    def _sentence(self) -> Json:
        """Alone with the bot, without a slash."""
        person = self._people.any()
        private = self._sandbox.private(person)
        return {"message": self._people.said(person, private, sentence(self._random))}

    def _tap(self) -> Json:
        person = self._people.any()
        return self._taps.real(person) or self._taps.forged(person)

    def _answer(self) -> Json:
        """A reply to something that the bot wrote."""
        person = self._people.any()
        place = self._people.place(person)
        theirs = [message.id for message in newest(place) if message.from_bot]
        reply_to = self._random.choice(theirs) if theirs else None
        return {
            "message": self._people.said(person, place, answer(self._random), reply_to=reply_to)
        }

    def _media(self) -> Json:
        person = self._people.any()
        place = self._people.place(person)
        content = self._people.said(person, place, "")
        del content["text"]
        files = self._random.random() < 0.2
        content |= self._random.choice(self._people.files if files else MEDIA)
        if self._random.random() < 0.5:
            content |= {
                "caption": spoken(self._random, "slides") if files else written(self._random)
            }
        theirs = [message for message in newest(place) if message.from_bot]
        if theirs and self._random.random() < 0.2:
            content |= {"reply_to_message": self._random.choice(theirs).as_api()}
        return {"message": content}

    def _as_somebody_else(self) -> Json:
        """An administrator as the group itself, a channel, the channel of the group."""
        scene = self._scene
        content = self._people.said(scene.cast.admin, scene.here, written(self._random))
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
        person = self._people.any()
        place = self._people.place(person)
        content = self._people.said(person, place, written(self._random)) | {
            "edit_date": 1_767_900_000
        }
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
        scene, person = self._scene, self._people.any()
        place = self._random.choice((scene.here, scene.there, scene.nowhere))
        status = place.members.get(person.id, "left")
        user, now = person.as_user(), int(scene.inside.clock.now().timestamp())
        way = self._random.randrange(4)
        if way == 0:
            content = self._people.said(person, place, "")
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

    def _upgraded(self) -> Json:
        """A group becomes a supergroup: each chat has a word of it, in any order; later they may
        come once more. In the old chat something may have been said last."""
        scene = self._scene
        plain = [name for name in ("here", "nowhere") if getattr(scene, name).type == "group"]
        if not plain:
            return self._random.choice(self._upgrades)
        name = self._random.choice(plain)
        old = getattr(scene, name)
        present = [person for person in self._people.all if old.is_present(person.id)]
        late = self._people.said(self._random.choice(present), old, written(self._random))
        new = self._sandbox.upgrade(old)
        setattr(scene, name, new)
        told = [
            {"message": message.as_api()}
            for chat in (old, new)
            for message in chat.in_order()
            if message.service and any("migrate" in key for key in message.service)
        ]
        self._random.shuffle(told)
        self._upgrades += told
        self._on_their_way = told
        return {"message": late}

    def _of_another_kind(self) -> Json:
        kind, content = self._random.choice(OTHER_KINDS)
        user = self._people.any().as_user()
        return {kind: content | {"from": user, "user": user}}

    def _typed(self) -> Json:
        """An inline query."""
        offset = self._random.choice(("", "", "20", "-1", "9" * 400, "٣", odd(self._random)))
        text = words(self._random) if self._random.random() < 0.5 else self._random.choice(FOUND)
        asked = self._sandbox.inline.ask(self._people.any(), text, offset)
        return {"inline_query": asked.as_api()}

    def _forwarded(self) -> Json:
        person = self._people.any()
        place = self._people.place(person)
        other = self._people.any().as_user()
        origin = self._random.choice(
            ({"type": "user", "sender_user": other, "date": 1},
             {"type": "hidden_user", "sender_user_name": "x", "date": 1},
             {"type": "channel", "chat": CHANNEL, "message_id": 1, "date": 1})
        )  # fmt: skip
        content = self._people.said(person, place, written(self._random))
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
