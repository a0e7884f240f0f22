"""The announcement's card: when it goes out, and that it never shows what was."""

import asyncio
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select, update

from bot.clock import MovableClock
from bot.delivery import messages
from bot.delivery.outcomes import MaybeSent, NotSent, Outcome, Refused
from bot.delivery.worker import CARDS_IN_HAND, Worker
from bot.pictures import studio
from bot.pictures.cards import Card
from bot.text.split import MAX_CAPTION, MAX_ENTITIES, measure
from storage.enums import DeliveryKind
from storage.models import Delivery, Group, Meeting, Slot, Talk
from storage.store import Store
from tests.delivery.desk import (
    ANNOUNCED,
    BEGINS,
    CANCELLED,
    HOUR,
    RECALLED,
    Desk,
    FakeMessenger,
    PowerCut,
    Row,
    desk,
)
from tests.telegram_html import parse
from tests.text.samples import Term


@dataclass(slots=True)
class Painter:
    """Draws a card as its own words; `broken` cannot."""

    cards: list[Card] = field(default_factory=list)
    broken: bool = False

    async def draw(self, card: Card) -> bytes | None:
        self.cards.append(card)
        return None if self.broken else repr(card).encode()


@dataclass(slots=True)
class Studio:
    desk: Desk
    painter: Painter

    async def tick_at(self, when: datetime) -> None:
        """A tick of a worker that was just made, as after a restart."""
        here = self.desk
        here.clock.set(when)
        await Worker(here.store, here.clock, here.messenger, self.painter.draw).tick()

    @property
    def pictures(self) -> list[bytes | None]:
        return [posted.picture for posted in self.desk.messenger.posted]

    def rename(self, title: str) -> None:
        """The talk has another title, which the announcement does not show yet."""
        with self.desk.store.writing() as session:
            session.execute(update(Talk).values(title=title))
            session.execute(update(Delivery).values(stale=True))

    def choose(self, **values: object) -> None:
        with self.desk.store.writing() as session:
            session.execute(update(Group).values(**values))

    def cards(self) -> list[str | None]:
        with self.desk.store.reading() as session:
            return list(session.scalars(select(Delivery.card).order_by(Delivery.id)))


@pytest.fixture(name="there")
def _there(store: Store, clock: MovableClock) -> Studio:
    return Studio(desk(store, clock), Painter())


async def test_of_many_groups_at_one_minute_most_do_not_wait_for_their_cards(
    there: Studio,
) -> None:
    here, pen = there.desk, asyncio.Event()
    for _ in range(2 * CARDS_IN_HAND):
        here.add_group()

    class Messenger(FakeMessenger):
        async def send(self, *told: Any) -> Outcome:
            outcome = await super().send(*told)
            if len(self.posted) == CARDS_IN_HAND + 1:
                pen.set()
            return outcome

    async def draw(_: Card) -> bytes:
        await pen.wait()
        return b"card"

    messenger = Messenger()
    here.clock.set(ANNOUNCED)
    await Worker(here.store, here.clock, messenger, draw).tick()

    pictures = [posted.picture for posted in messenger.posted]
    assert pictures == [None] * (CARDS_IN_HAND + 1) + [b"card"] * CARDS_IN_HAND


async def test_an_announcement_goes_out_with_its_card_and_other_messages_without(
    there: Studio,
) -> None:
    await there.tick_at(ANNOUNCED)
    await there.tick_at(RECALLED)

    announced, recalled = there.pictures
    assert announced is not None
    assert b"REFRAG" in announced
    assert recalled is None
    assert [bool(card) for card in there.cards()] == [True, False]


async def test_a_group_that_wants_no_card_gets_the_same_words_alone(there: Studio) -> None:
    there.choose(cards=False)

    await there.tick_at(ANNOUNCED)

    assert there.pictures == [None]
    assert there.painter.cards == []
    assert "REFRAG" in there.desk.messenger.posted[0].text


async def test_an_announcement_too_long_for_a_caption_goes_out_whole_and_without_one(
    there: Studio,
) -> None:
    with there.desk.store.writing() as session:
        session.execute(update(Talk).values(title="A long title " * 38))
        session.execute(update(Group).values(place="A long way " * 18))
        session.execute(update(Slot).values(topic="A long topic " * 7))
        session.execute(update(Meeting).values(title="A long name " * 20))

    await there.tick_at(ANNOUNCED)

    (posted,) = there.desk.messenger.posted
    assert posted.picture is None
    assert measure(posted.text)[0] > MAX_CAPTION
    assert "A long title " * 37 in posted.text


async def test_a_card_that_cannot_be_drawn_holds_nothing_up(there: Studio) -> None:
    there.painter.broken = True

    await there.tick_at(ANNOUNCED)

    assert there.pictures == [None]
    assert there.desk.states()[0] == ("announcement", "sent")
    assert there.cards()[0] is None


async def test_a_chat_that_takes_no_pictures_gets_the_words(there: Studio) -> None:
    there.desk.messenger.answers = [Refused("no photos here", unreachable=False)]

    await there.tick_at(ANNOUNCED)

    assert [picture is None for picture in there.pictures] == [False, True]
    assert there.desk.states()[0] == ("announcement", "sent")
    assert there.cards()[0] is None


async def test_a_bot_that_was_thrown_out_does_not_knock_twice(there: Studio) -> None:
    there.desk.messenger.answers = [Refused("kicked")]

    await there.tick_at(ANNOUNCED)

    assert len(there.pictures) == 1


async def test_a_picture_that_may_have_arrived_is_not_followed_by_its_words(there: Studio) -> None:
    there.desk.messenger.answers = [MaybeSent("Telegram did not answer")]

    await there.tick_at(ANNOUNCED)
    await there.tick_at(ANNOUNCED + HOUR)

    assert len(there.pictures) == 1
    assert there.desk.states()[0] == ("announcement", "uncertain")


async def test_a_change_is_drawn_anew_also_after_a_restart(there: Studio) -> None:
    await there.tick_at(ANNOUNCED)
    before = there.cards()[0]
    there.rename("REFRAG 2")

    await there.tick_at(ANNOUNCED + HOUR)

    (picture,) = there.desk.messenger.redrawn
    assert picture is not None
    assert b"REFRAG 2" in picture
    assert "REFRAG 2" in there.desk.messenger.edited[0][1]
    assert there.cards()[0] not in (None, before)


async def test_where_only_the_words_change_the_picture_stays(there: Studio) -> None:
    await there.tick_at(ANNOUNCED)
    with there.desk.store.writing() as session:
        session.execute(update(Delivery).values(stale=True))

    await there.tick_at(RECALLED)

    assert there.desk.messenger.redrawn == [None]


async def test_a_card_that_cannot_be_drawn_again_gives_way_to_one_that_is_true(
    there: Studio,
) -> None:
    await there.tick_at(ANNOUNCED)
    there.rename("REFRAG 2")
    there.painter.broken = True
    await there.tick_at(ANNOUNCED + HOUR)
    there.painter.broken = False
    there.rename("REFRAG 3")
    await there.tick_at(ANNOUNCED + 2 * HOUR)

    plain, drawn = there.desk.messenger.redrawn
    assert plain == studio.plain()
    assert drawn is not None
    assert b"REFRAG 3" in drawn


async def test_an_edit_that_did_not_get_through_is_tried_again(there: Studio) -> None:
    await there.tick_at(ANNOUNCED)
    before = there.cards()[0]
    there.rename("REFRAG 2")
    there.desk.messenger.answers = [NotSent("Telegram could not be reached")]
    await there.tick_at(ANNOUNCED + HOUR)
    assert there.cards()[0] == before

    await there.tick_at(ANNOUNCED + 2 * HOUR)

    assert [picture is not None for picture in there.desk.messenger.redrawn] == [True, True]
    assert there.cards()[0] != before


async def test_where_no_picture_is_taken_any_more_the_words_are_true_at_least(
    there: Studio,
) -> None:
    await there.tick_at(ANNOUNCED)
    before = there.cards()[0]
    there.rename("REFRAG 2")
    there.desk.messenger.answers = [Refused("no photos here", unreachable=False)]

    await there.tick_at(ANNOUNCED + HOUR)

    assert [picture is not None for picture in there.desk.messenger.redrawn] == [True, False]
    assert "REFRAG 2" in there.desk.messenger.edited[-1][1]
    assert there.cards()[0] == before  # the next change tries a picture again


async def test_a_message_of_text_stays_one_when_the_group_wants_cards_later(there: Studio) -> None:
    there.choose(cards=False)
    await there.tick_at(ANNOUNCED)
    there.choose(cards=True)
    there.rename("REFRAG 2")

    await there.tick_at(ANNOUNCED + HOUR)

    assert there.desk.messenger.redrawn == []
    assert "REFRAG 2" in there.desk.messenger.edited[0][1]


async def test_a_card_is_kept_true_when_the_group_wants_none_any_more(there: Studio) -> None:
    await there.tick_at(ANNOUNCED)
    there.choose(cards=False)
    there.rename("REFRAG 2")

    await there.tick_at(ANNOUNCED + HOUR)

    assert [picture is not None for picture in there.desk.messenger.redrawn] == [True]


@given(st.text(max_size=400))
def test_whatever_people_write_an_edited_caption_fits(words: str) -> None:
    owed = Term(words).owed(DeliveryKind.ANNOUNCEMENT)

    caption, _ = messages.compose(owed, BEGINS, again=True, most=MAX_CAPTION)

    parse(caption)
    characters, entities = measure(caption)
    assert characters <= MAX_CAPTION
    assert entities <= MAX_ENTITIES


async def test_a_crash_while_a_card_is_drawn_leaves_nothing_to_ask_about(there: Studio) -> None:
    here = there.desk
    ada = here.add_member(organizer=True, reachable=True)

    async def crash(_: Card) -> bytes:
        raise PowerCut

    here.clock.set(ANNOUNCED)
    with pytest.raises(PowerCut):
        await Worker(here.store, here.clock, here.messenger, crash).tick()
    assert here.rows()[0] == Row("announcement", "planned", None, 0)
    await there.tick_at(ANNOUNCED)

    assert [posted.chat_id for posted in here.messenger.posted] == [here.chat_id]
    assert here.rows()[0] == Row("announcement", "sent", None, 1)
    assert here.messenger.told(ada.telegram_id or 0) == []


async def test_what_changes_while_its_card_is_drawn_goes_out_as_it_is_now(there: Studio) -> None:
    here = there.desk

    async def draw(card: Card) -> bytes:
        there.painter.cards.append(card)
        if len(there.painter.cards) == 1:
            there.rename("Jenga")
        return b"card"

    here.clock.set(ANNOUNCED)
    await Worker(here.store, here.clock, here.messenger, draw).tick()

    (told,) = here.messenger.told(here.chat_id)
    assert "Jenga" in told
    assert "REFRAG" not in told


async def test_a_meeting_that_is_cancelled_while_its_card_is_drawn_is_not_announced(
    there: Studio,
) -> None:
    here = there.desk

    async def draw(_: Card) -> bytes:
        here.import_page(CANCELLED)
        return b"card"

    here.clock.set(ANNOUNCED)
    await Worker(here.store, here.clock, here.messenger, draw).tick()

    assert here.messenger.posted == []
    assert here.states()[0] == ("announcement", "cancelled")
