"""Everybody wants the same slot at the same moment."""

import asyncio
from functools import partial

from sqlalchemy import func, select

from bot.sandbox import Message, Person
from storage.models import AuditEntry, Slot, Talk, Wait
from tests.e2e.room import Room

MANY, FEWER = 200, 30
TAKEN = "has Topic I on Tue 20 January. /open shows what is still free."


def _crowd(here: Room, size: int) -> list[Person]:
    people = [here.sandbox.add_person(f"Person {number}") for number in range(size)]
    here.chat.members.update({person.id: "member" for person in people})
    return people


def _answers(here: Room, before: int) -> list[Message]:
    return [message for message in here.sandbox.messages(here.chat)[before:] if message.from_bot]


def _is_answered(here: Room, before: int, number: int) -> bool:
    return len(_answers(here, before)) > number


def _presenters(here: Room) -> list[str]:
    """Who claimed what the group's talks are, but for those of the imported page."""
    with here.store.reading() as session:
        talks = select(AuditEntry.actor_name).where(AuditEntry.action == "talk:claim")
        return list(session.scalars(talks))


async def _crash_and_start(here: Room) -> None:
    here.running.cancel()
    await asyncio.wait({here.running})
    await here.start()


async def test_of_many_who_claim_one_slot_one_gets_it_and_the_others_may_wait(here: Room) -> None:
    people, before = _crowd(here, MANY), len(here.sandbox.messages(here.chat))
    for person in people:
        here.sandbox.say(person, here.chat, f"/claim jan 20 1 The paper of {person.name}")
    for number in range(0, MANY, 20):  # the sandbox has patience for some, not for all
        await here.sandbox.wait_for(partial(_is_answered, here, before, number))
    await here.sandbox.settled()
    await _crash_and_start(here)

    (winner,) = _presenters(here)
    answers = _answers(here, before)
    won = [answer for answer in answers if answer.text.startswith("✅")]
    lost = [answer for answer in answers if answer.text == f"{winner} {TAKEN}"]
    assert (len(won), len(lost), len(answers)) == (1, MANY - 1, MANY)
    assert f"The paper of {winner}" in won[0].text
    assert {tuple(answer.labels) for answer in lost} == {("Wait for it",)}
    said = await here.say(here.ben, "/meeting jan 20")
    assert f"The paper of {winner}" in said

    for answer, person in zip(lost[:3], [p for p in people if p.name != winner], strict=False):
        await here.tap(person, "Wait for it", answer)
    with here.store.reading() as session:
        assert session.scalar(select(func.count(Wait.id))) == 3


async def test_of_some_who_tap_one_slot_one_gets_it(here: Room) -> None:
    people, before = _crowd(here, FEWER), len(here.sandbox.messages(here.chat))
    for person in people:
        here.sandbox.say(person, here.chat, f"/claim The paper of {person.name}")
    await here.sandbox.settled()
    questions = _answers(here, before)
    taps = [
        here.sandbox.tap(person, question, "Tue 20 January · Topic I")
        for person, question in zip(people, questions, strict=True)
    ]
    await here.sandbox.settled()
    await _crash_and_start(here)

    (winner,) = _presenters(here)
    won = [question for question in questions if question.text.startswith("✅")]
    refused = [tap for tap in taps if tap.text == f"{winner} {TAKEN}"]
    assert (len(won), len(refused)) == (1, FEWER - 1)
    with here.store.reading() as session:
        titles = select(Talk.title).join(Slot, Slot.id == Talk.slot_id).order_by(Talk.id.desc())
        assert session.scalars(titles).first() == f"The paper of {winner}"
