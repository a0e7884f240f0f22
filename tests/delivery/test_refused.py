"""What Telegram refuses: a message, a chat that is closed, a member who blocked the bot."""

import pytest
from sqlalchemy import select

from bot.delivery.outcomes import Refused, Sent
from storage.models import Chat, Member
from tests.delivery.desk import ANNOUNCED, HOUR, MINUTE, NO_ANSWER, RECALLED, Desk, Row


async def test_a_refused_message_has_failed_and_is_not_tried_again(here: Desk) -> None:
    here.messenger.answers = [Refused("it is no good", unreachable=False)]

    await here.tick_at(ANNOUNCED)
    await here.tick_at(ANNOUNCED + HOUR)

    assert len(here.messenger.posted) == 1
    assert here.rows()[0] == Row("announcement", "failed", "it is no good", 1)


async def test_a_chat_that_is_closed_is_tried_until_it_is_open_and_organizers_hear_of_it_once(
    here: Desk,
) -> None:
    ada = here.add_member(organizer=True, reachable=True)
    closed = Refused("Telegram refused it: TOPIC_CLOSED")
    here.messenger.answers = [closed, Sent(1), closed]

    await here.tick_at(ANNOUNCED)
    await here.tick_at(ANNOUNCED + MINUTE)
    assert here.rows()[0] == Row("announcement", "planned", closed.reason, 2)
    await here.tick_at(ANNOUNCED + HOUR)

    assert here.rows()[0] == Row("announcement", "sent", None, 3)
    told = here.messenger.told(ada.telegram_id or 0)
    assert len(told) == 1
    assert "TOPIC_CLOSED" in told[0]


async def test_a_second_trouble_after_the_first_was_mended_is_told_anew(here: Desk) -> None:
    ada = here.add_member(organizer=True, reachable=True)
    closed = Refused("Telegram refused it: TOPIC_CLOSED")
    here.messenger.answers = [closed, Sent(1)]
    await here.tick_at(ANNOUNCED)
    await here.tick_at(ANNOUNCED + HOUR)
    here.messenger.answers = [closed]
    await here.tick_at(RECALLED)

    assert len(here.messenger.told(ada.telegram_id or 0)) == 2


async def test_a_chat_that_stays_closed_leaves_its_reason_in_the_ledger(here: Desk) -> None:
    here.messenger.answers = [Refused("kicked")] * 9
    await here.tick_at(ANNOUNCED)

    await here.tick_at(RECALLED)

    assert here.rows()[0] == Row("announcement", "expired", "kicked", 1)


@pytest.mark.parametrize(("unreachable", "reachable"), [(True, False), (False, True)])
async def test_a_member_whom_telegram_refuses_is_not_written_to_any_more(
    here: Desk, unreachable: bool, reachable: bool
) -> None:
    ada = here.add_member(organizer=True, reachable=True)
    here.messenger.answers = [NO_ANSWER, Refused("bot was blocked", unreachable=unreachable)]

    await here.tick_at(ANNOUNCED)

    assert here.states()[2] == ("uncertain", "failed")
    with here.store.reading() as session:
        assert session.get_one(Member, ada.member_id).reachable is reachable


async def test_a_refusal_counts_for_the_person_in_every_group(here: Desk) -> None:
    another = here.add_group()
    ada = here.add_member(organizer=True, reachable=True)
    with here.store.reading() as session:
        other_id = session.scalars(select(Chat.group_id).where(Chat.telegram_id == another)).one()
    same = here.add_member(other_id, reachable=True, telegram_id=ada.telegram_id)
    bystander = here.add_member(reachable=True)
    here.messenger.answers = [NO_ANSWER, NO_ANSWER, Refused("bot was blocked")]

    await here.tick_at(ANNOUNCED)

    with here.store.reading() as session:
        assert session.get_one(Member, same.member_id).reachable is False
        assert session.get_one(Member, bystander.member_id).reachable is True
