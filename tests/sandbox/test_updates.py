import asyncio

import pytest

from bot.sandbox import ApiError, Chat, Person, Sandbox
from bot.sandbox.updates import CONFLICT, Updates
from tests.sandbox.api import Api


def filled(count: int) -> Updates:
    updates = Updates(lambda: None)
    for number in range(count):
        updates.put("message", {"text": str(number)})
    return updates


async def texts(updates: Updates, offset: int | None = None, limit: int = 100) -> list[str]:
    found = await updates.poll(offset, limit, 0, None)
    return [update["message"]["text"] for update in found]


async def test_updates_come_in_order_and_again_until_an_offset_passes_them() -> None:
    updates = filled(3)
    first = updates.pending[0]

    assert await texts(updates) == ["0", "1", "2"]
    assert await texts(updates, first) == ["0", "1", "2"]
    assert await texts(updates, first + 2) == ["2"]
    assert updates.pending == (first + 2,)


async def test_a_negative_offset_counts_from_the_end_and_forgets_the_rest() -> None:
    updates = filled(5)

    assert await texts(updates, -2) == ["3", "4"]
    assert len(updates.pending) == 2


@pytest.mark.parametrize(("limit", "count"), [(2, 2), (100, 100), (0, 1), (-1, 1), (1000, 100)])
async def test_a_poll_gives_up_to_its_limit_which_is_one_to_a_hundred(
    limit: int, count: int
) -> None:
    assert len(await texts(filled(120), limit=limit)) == count


async def test_a_waiting_poll_gets_an_update_at_once() -> None:
    updates = Updates(lambda: None)
    poll = asyncio.create_task(updates.poll(None, 100, 3600, None))
    await asyncio.sleep(0)

    updates.put("message", {})

    assert [update["message"] for update in await poll] == [{}]


async def test_a_poll_waits_fifty_seconds_at_most(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.sandbox.updates.LONGEST", 0)

    assert await Updates(lambda: None).poll(None, 100, 3600, None) == []


async def test_what_waits_can_be_dropped() -> None:
    updates = filled(3)

    updates.drop()
    updates.put("message", {"text": "new"})

    assert await texts(updates) == ["new"]


async def test_an_older_poller_is_sent_away_by_a_newer_one() -> None:
    updates = Updates(lambda: None)
    older = asyncio.create_task(updates.poll(None, 100, 3600, None))
    await asyncio.sleep(0)
    newer = asyncio.create_task(updates.poll(None, 100, 3600, None))

    with pytest.raises(ApiError) as caught:
        await older
    updates.put("message", {})

    assert (caught.value.code, caught.value.description) == (409, CONFLICT)
    assert len(await newer) == 1


async def test_an_update_of_a_kind_that_was_not_asked_for_is_not_kept() -> None:
    updates = Updates(lambda: None)
    await updates.poll(None, 100, 0, ["message"])
    updates.put("callback_query", {})
    updates.put("message", {"text": "kept"})

    assert await texts(updates) == ["kept"]


async def test_changes_of_members_are_told_only_when_asked_for() -> None:
    updates = Updates(lambda: None)
    updates.put("chat_member", {})
    assert updates.pending == ()

    await updates.poll(None, 100, 0, ["chat_member"])
    updates.put("chat_member", {})
    assert len(updates.pending) == 1


async def test_the_kinds_asked_for_last_until_others_are() -> None:
    updates = Updates(lambda: None)
    await updates.poll(None, 100, 0, ["chat_member"])
    await updates.poll(None, 100, 0, None)
    updates.put("chat_member", {})
    await updates.poll(None, 100, 0, [])
    updates.put("chat_member", {})

    assert len(updates.pending) == 1


async def test_a_long_poll_over_http_wakes_when_somebody_speaks(
    sandbox: Sandbox, api: Api, ada: Person, group: Chat
) -> None:
    poll = asyncio.create_task(api.updates(timeout=600))

    sandbox.say(ada, group, "/next")

    assert [update["message"]["text"] for update in await poll] == ["/next"]


async def test_settled_returns_once_the_offset_has_passed_everything(
    sandbox: Sandbox, api: Api, ada: Person, group: Chat
) -> None:
    sandbox.say(ada, group, "/next")
    waiting = asyncio.create_task(sandbox.settled())
    (update,) = await api.result("getUpdates")
    assert not waiting.done()

    await api.result("getUpdates", offset=update["update_id"] + 1)

    await waiting


async def test_waiting_in_vain_tells_what_is_pending(
    sandbox: Sandbox, ada: Person, group: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.sandbox.sandbox.PATIENCE", 0)
    sandbox.say(ada, group, "/next")

    with pytest.raises(TimeoutError, match=str(sandbox.updates.pending[0])):
        await sandbox.settled()
