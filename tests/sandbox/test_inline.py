"""Inline queries: asked, answered as strictly as Telegram takes it, chosen from, and shared."""

from datetime import timedelta
from typing import Any

import pytest

from bot.clock import MovableClock
from bot.sandbox import Asked, Chat, Person, Sandbox
from bot.sandbox.queries import TOO_OLD
from tests.sandbox.api import Api

TALK = {
    "type": "article",
    "id": "talk1",
    "title": "DiffKV",
    "description": "Ann",
    "input_message_content": {"message_text": "<b>DiffKV</b>", "parse_mode": "HTML"},
}


def changed(**values: Any) -> dict[str, Any]:
    return {**TALK, **values}


@pytest.fixture
def asked(sandbox: Sandbox, ada: Person) -> Asked:
    return sandbox.ask_inline(ada, "diffkv")


async def answer(api: Api, asked: Asked, *results: dict[str, Any], **rest: Any) -> str | None:
    """What is wrong with these results; `None` for nothing."""
    given = {"inline_query_id": asked.id, "results": list(results), **rest}
    made = await api.call("answerInlineQuery", **given)
    return made.get("description")


async def test_a_query_reaches_the_bot_whichever_chats_it_is_in(
    api: Api, sandbox: Sandbox, ada: Person
) -> None:
    asked = sandbox.ask_inline(ada, "x" * 300, "20")

    assert await api.updates() == [
        {
            "inline_query": {
                "id": asked.id,
                "from": ada.as_user(),
                "query": "x" * 256,
                "offset": "20",
            }
        }
    ]


async def test_a_bot_that_botfather_did_not_switch_on_gets_none(
    api: Api, sandbox: Sandbox, ada: Person
) -> None:
    assert (await api.result("getMe"))["supports_inline_queries"] is True
    sandbox.inline.is_on = False

    with pytest.raises(ValueError, match="takes no inline queries"):
        sandbox.ask_inline(ada, "diffkv")
    assert (await api.result("getMe"))["supports_inline_queries"] is False


async def test_a_result_is_shared_in_the_name_of_whoever_chose_it(
    api: Api, sandbox: Sandbox, asked: Asked, ada: Person, group: Chat
) -> None:
    await api.updates(offset=-1)
    assert await answer(api, asked, TALK, cache_time=10, is_personal=True) is None

    message = sandbox.share(ada, group, asked, "talk1")

    assert (message.text, message.sender, message.as_html()) == ("DiffKV", ada, "<b>DiffKV</b>")
    update = (await api.updates())[-1]["message"]
    assert update["via_bot"]["username"] == "reading_group_bot"
    assert (asked.titles, asked.cache_time, asked.is_personal) == (["DiffKV"], 10, True)


@pytest.mark.parametrize(
    ("results", "reason"),
    [
        ([TALK, TALK], "RESULT_ID_DUPLICATE"),
        ([changed(id=f"talk{n}") for n in range(51)], "RESULTS_TOO_MUCH"),
        ([changed(id="x" * 65)], "RESULT_ID_INVALID"),
        ([changed(id="")], "RESULT_ID_INVALID"),
        ([changed(title=" ")], "ARTICLE_TITLE_EMPTY"),
        ([changed(input_message_content={"message_text": " "})], "message text is empty"),
        ([changed(input_message_content={"message_text": "x" * 4097})], "message is too long"),
        (
            [changed(input_message_content={"message_text": "<b>", "parse_mode": "HTML"})],
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
    ],
)
async def test_a_bad_answer_is_refused_and_a_better_one_taken(
    api: Api, asked: Asked, results: list[dict[str, Any]], reason: str
) -> None:
    assert await answer(api, asked, *results) == f"Bad Request: {reason}"
    assert await answer(api, asked, TALK) is None


@pytest.mark.parametrize(
    ("rest", "reason"),
    [
        ({"next_offset": "x" * 65}, "NEXT_OFFSET_INVALID"),
        ({"button": {"text": "", "start_parameter": "x"}}, "SWITCH_PM_TEXT_EMPTY"),
        ({"button": {"text": "Open", "start_parameter": "a b"}}, "START_PARAM_INVALID"),
        (
            {"button": {"text": "Open"}},
            "can't parse inline query results button: one action is expected",
        ),
    ],
)
async def test_what_stands_around_the_results_is_looked_at_too(
    api: Api, asked: Asked, rest: dict[str, Any], reason: str
) -> None:
    assert await answer(api, asked, TALK, **rest) == f"Bad Request: {reason}"


async def test_a_query_is_answered_once_and_not_too_late(
    api: Api, sandbox: Sandbox, asked: Asked, ada: Person, clock: MovableClock
) -> None:
    late = sandbox.ask_inline(ada, "late")
    assert await answer(api, asked, TALK) is None
    gone = "Bad Request: query is too old and response timeout expired or query ID is invalid"

    assert await answer(api, asked, TALK) == gone
    clock.move(TOO_OLD + timedelta(seconds=1))
    assert await answer(api, late, TALK) == gone


async def test_a_result_that_was_not_offered_cannot_be_shared_nor_where_one_is_not(
    api: Api, sandbox: Sandbox, asked: Asked, ada: Person, bob: Person, group: Chat
) -> None:
    await answer(api, asked, TALK)
    elsewhere = sandbox.add_group("Others", {bob: "creator"})

    with pytest.raises(ValueError, match="not there any more"):
        sandbox.share(ada, group, asked, "talk2")
    with pytest.raises(ValueError, match="not in that chat"):
        sandbox.share(ada, elsewhere, asked, "talk1")


async def test_the_page_asks_shows_and_shares(
    api: Api, sandbox: Sandbox, ada: Person, bob: Person, group: Chat
) -> None:
    async def post(path: str, **given: Any) -> tuple[int, dict[str, Any]]:
        async with api.session.post(f"{sandbox.origin}/sandbox/{path}", json=given) as response:
            return response.status, await response.json()

    async def bot() -> None:
        await sandbox.wait_for(lambda: len(sandbox.updates))
        query = (await api.updates())[-1]["inline_query"]
        await api.result("answerInlineQuery", inline_query_id=query["id"], results=[TALK])

    import asyncio

    (_, shown), _ = await asyncio.gather(post("inline", person=ada.id, query="diffkv"), bot())
    place = {"chat": group.id, "asked": shown["asked"], "result": "talk1"}
    strange = await post("share", person=bob.id, **place)
    status, _ = await post("share", person=ada.id, **place)
    bad, _ = await post("inline", person=ada.id, query=7)

    assert shown["results"] == [{"id": "talk1", "title": "DiffKV", "description": "Ann"}]
    assert (strange[0], status, bad) == (400, 200, 400)
    assert [message.text for message in sandbox.messages(group)] == ["DiffKV"]
