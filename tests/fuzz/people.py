"""Who writes where, and what a message of theirs looks like."""

from random import Random
from typing import Any

from bot.sandbox import Chat, Person
from bot.sandbox.files import Upload
from bot.sandbox.world import Json
from tests.fuzz.contents import MEDIA
from tests.fuzz.inside import command
from tests.fuzz.scene import Scene
from tests.fuzz.words import NAMES, odd, words
from tests.pdfs import a_pdf


class People:
    """The cast of a scene; and Bea, who is a member of the first group and administers the second:
    what she may there, she may not here."""

    def __init__(self, scene: Scene, random: Random) -> None:
        self._scene = scene
        self._random = random
        self._sandbox = scene.inside.sandbox
        cast = scene.cast
        bea = self._sandbox.add_person("Bea")
        scene.here.members[bea.id] = "member"
        scene.there.members[bea.id] = "administrator"
        presenting = (cast.presenter, cast.rival, cast.supporter, cast.member)
        # Twice whoever has rights, else most of it would be refused.
        self.all = (
            *cast.named().values(), *presenting, cast.admin, cast.admin, cast.boss, bea, bea,
        )  # fmt: skip
        self.files = [
            {"document": self._sandbox.files.add(Upload(name, content, "application/pdf"))}
            for name, content in (("slides.pdf", a_pdf(2)), ("no slides.pdf", b"%PDF-1.7"))
        ]

    def any(self) -> Person:
        return self._random.choice(self.all)

    def places(self, person: Person) -> list[Chat]:
        """Where this person can write."""
        scene = self._scene
        chats = (scene.here, scene.there, scene.nowhere)
        return [
            self._sandbox.private(person),
            *(chat for chat in chats if chat.is_present(person.id)),
        ]

    def place(self, person: Person) -> Chat:
        return self._random.choice(self.places(person))

    def said(self, person: Person, place: Chat, text: str, **more: Any) -> Json:
        """The message with this text, as an update has it."""
        place.started = True
        if place.topics and self._random.random() < 0.5:
            more["topic"] = self._random.choice(list(place.topics))
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

    def something(self, place: Chat) -> Json:
        """A message of somebody else, with words or a file, that one may write below."""
        message = place.add(self.any(), self._scene.inside.clock.now(), text="…").as_api()
        if self._random.random() < 0.5:
            return message | {"text": words(self._random)}
        del message["text"]
        return message | self._random.choice((*MEDIA, *self.files))
