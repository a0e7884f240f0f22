"""The Bot API as HTTP: tokens, names, bodies, files and faults."""

import asyncio
import logging
from datetime import timedelta

import pytest
from aiohttp import ClientConnectionError, ClientPayloadError, ClientSession, FormData

from bot.clock import MovableClock
from bot.sandbox import ApiError, Chat, Drop, Garbage, Hold, Limits, Person, Sandbox
from tests.sandbox.api import Api


def url(sandbox: Sandbox, method: str, token: str | None = None) -> str:
    return f"{sandbox.origin}/bot{token or sandbox.token}/{method}"


async def test_a_wrong_token_is_unauthorized(sandbox: Sandbox, api: Api) -> None:
    async with api.session.get(url(sandbox, "getMe", "1:wrong")) as response:
        answer = await response.json()

    assert answer == {"ok": False, "error_code": 401, "description": "Unauthorized"}


@pytest.mark.parametrize(
    ("method", "code", "description"),
    [
        ("sendMesage", 404, "Not Found: method not found"),
        ("sendInvoice", 501, "Not Implemented: the sandbox has no sendInvoice"),
    ],
)
async def test_a_method_that_is_not_there_is_refused(
    api: Api, method: str, code: int, description: str
) -> None:
    assert await api.refusal(method) == (code, description)


async def test_get_me_tells_who_the_bot_is(sandbox: Sandbox, api: Api) -> None:
    me = await api.result("getMe")

    assert str(me["id"]) == sandbox.token.partition(":")[0]
    assert (me["is_bot"], me["username"]) == (True, "reading_group_bot")


async def test_parameters_come_in_the_address_a_form_an_upload_or_json(
    sandbox: Sandbox, api: Api, group: Chat
) -> None:
    text = {"chat_id": str(group.id), "text": "x"}
    upload = FormData(text)
    upload.add_field("disable_notification", "true", content_type="text/plain")
    upload._is_multipart = True
    target = url(sandbox, "sendMessage")
    requests = [
        api.session.get(target, params=text),
        api.session.post(target, data=text),
        api.session.post(target, data=upload),
        api.session.post(target, json={**text, "chat_id": group.id}),
    ]
    for request in requests:
        async with request as response:
            assert (await response.json())["ok"]

    assert [message.text for message in sandbox.messages(group)] == ["x"] * 4


@pytest.mark.parametrize("body", [b"{", b"\xff\xfe", b"[1]", b"[" * 100_000])
async def test_a_body_that_is_no_json_object_is_refused(
    sandbox: Sandbox, api: Api, body: bytes
) -> None:
    headers = {"Content-Type": "application/json"}
    async with api.session.post(url(sandbox, "getMe"), data=body, headers=headers) as response:
        assert (response.status, (await response.json())["error_code"]) == (400, 400)


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("application/json; charset=klingon", b"{}"),
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=x", b"--y\r\n"),
        ("application/x-www-form-urlencoded; charset=klingon", b"a=%ff"),
    ],
)
async def test_a_body_that_cannot_be_read_is_refused(
    sandbox: Sandbox, api: Api, kind: str, body: bytes
) -> None:
    headers = {"Content-Type": kind}
    async with api.session.post(url(sandbox, "getMe"), data=body, headers=headers) as response:
        answer = await response.json()

    assert (response.status, answer["error_code"]) == (400, 400)
    assert answer["description"].startswith("Bad Request: can't parse the request body as ")


async def test_a_document_is_uploaded_and_sent_again_by_its_id(
    sandbox: Sandbox, api: Api, group: Chat
) -> None:
    form = FormData(
        {"chat_id": str(group.id), "caption": "<b>Slides</b>", "parse_mode": "HTML"},
        quote_fields=False,
    )
    form.add_field("document", b"%PDF", filename="../a.pdf", content_type="application/pdf")
    async with api.session.post(url(sandbox, "sendDocument"), data=form) as response:
        sent = (await response.json())["result"]
    document = sent["document"]

    again = await api.result("sendDocument", chat_id=group.id, document=document["file_id"])

    assert sent["caption"] == "Slides"
    assert (document["file_name"], document["mime_type"], document["file_size"]) == (
        "a.pdf",
        "application/pdf",
        4,
    )
    assert again["document"] == document


async def test_a_file_is_kept_from_who_has_not_the_token(
    sandbox: Sandbox, api: Api, group: Chat
) -> None:
    statuses = []
    for token in ("1:wrong", sandbox.token):
        place = f"{sandbox.origin}/file/bot{token}/documents/none"
        async with api.session.get(place) as response:
            statuses.append(response.status)

    assert statuses == [401, 404]


async def test_too_many_messages_are_told_when_to_come_back(clock: MovableClock) -> None:
    sandbox = Sandbox(clock, limits=Limits(group_per_minute=1))
    await sandbox.start()
    group = sandbox.add_group("Readers", {sandbox.add_person("Ada"): "creator"})
    async with ClientSession() as session:
        api = Api(session, sandbox)
        await api.result("sendMessage", chat_id=group.id, text="one")
        refused = await api.call("sendMessage", chat_id=group.id, text="two")
        clock.move(timedelta(seconds=60))
        await api.result("sendMessage", chat_id=group.id, text="three")
    await sandbox.stop()

    assert refused == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 60",
        "parameters": {"retry_after": 60},
    }
    assert [message.text for message in sandbox.messages(group)] == ["one", "three"]


async def test_a_refusal_on_order_comes_once_and_only_in_its_chat(
    sandbox: Sandbox, api: Api, ada: Person, group: Chat
) -> None:
    sandbox.say(ada, None, "/start")
    fault = ApiError(429, "Too Many Requests: retry after 5", retry_after=5)
    sandbox.fail_next("sendMessage", fault, chat=group)

    elsewhere = await api.call("sendMessage", chat_id=ada.id, text="x")
    first = await api.call("sendMessage", chat_id=group.id, text="x")
    second = await api.call("sendMessage", chat_id=group.id, text="x")

    assert [answer["ok"] for answer in (elsewhere, first, second)] == [True, False, True]
    assert first["parameters"] == {"retry_after": 5}


@pytest.mark.parametrize(("fault", "texts"), [(Drop.BEFORE, []), (Drop.AFTER, ["x"])])
async def test_a_connection_breaks_before_or_after_the_effect(
    sandbox: Sandbox, api: Api, group: Chat, fault: Drop, texts: list[str]
) -> None:
    sandbox.fail_next("sendMessage", fault)

    with pytest.raises(ClientConnectionError):
        await api.call("sendMessage", chat_id=group.id, text="x")

    assert [message.text for message in sandbox.messages(group)] == texts
    assert (await api.call("getMe"))["ok"]


async def test_an_answer_breaks_off_halfway_after_the_effect(
    sandbox: Sandbox, api: Api, group: Chat
) -> None:
    sandbox.fail_next("sendMessage", Drop.HALFWAY)

    with pytest.raises(ClientPayloadError):
        await api.call("sendMessage", chat_id=group.id, text="x")

    assert [message.text for message in sandbox.messages(group)] == ["x"]
    assert (await api.call("getMe"))["ok"]


async def test_a_request_that_is_held_back_before_the_effect_never_takes_it(
    sandbox: Sandbox, api: Api, group: Chat
) -> None:
    hold = Hold(before=True)
    sandbox.fail_next("sendMessage", hold)
    asking = asyncio.create_task(api.call("sendMessage", chat_id=group.id, text="x"))
    assert (await api.call("getMe"))["ok"]

    hold.release()
    with pytest.raises(ClientConnectionError):
        await asking
    assert sandbox.messages(group) == []


async def test_a_fault_lasts_until_it_is_taken_away(
    sandbox: Sandbox, api: Api, group: Chat
) -> None:
    sandbox.faults.lasting = {"sendMessage": ApiError(502, "Bad Gateway")}
    answers = [await api.call("sendMessage", chat_id=group.id, text="x") for _ in range(3)]
    assert [answer["error_code"] for answer in answers] == [502] * 3
    assert (await api.call("getMe"))["ok"]

    sandbox.faults.lasting = {}
    assert (await api.call("sendMessage", chat_id=group.id, text="x"))["ok"]


async def test_an_answer_is_held_back_after_the_effect_until_it_is_released(
    sandbox: Sandbox, api: Api, group: Chat
) -> None:
    hold = Hold()
    sandbox.fail_next("sendMessage", hold)
    asking = asyncio.create_task(api.call("sendMessage", chat_id=group.id, text="x"))
    await sandbox.wait_for(lambda: sandbox.messages(group))

    assert (await api.call("getMe"))["ok"]
    assert not asking.done()

    hold.release()
    assert (await asking)["ok"]


async def test_garbage_on_order_comes_as_it_is(sandbox: Sandbox, api: Api, group: Chat) -> None:
    sandbox.fail_next("getMe", Garbage(502, "<html>Bad Gateway</html>"), count=2)

    answers = []
    for _ in range(2):
        async with api.session.get(url(sandbox, "getMe")) as response:
            answers.append((response.status, await response.text()))

    assert answers == [(502, "<html>Bad Gateway</html>")] * 2
    assert (await api.call("getMe"))["ok"]


async def test_the_token_is_in_no_log_line(
    sandbox: Sandbox, api: Api, group: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)

    await api.call("getMe")
    await api.call("sendMesage")
    await api.call("sendMessage", chat_id=group.id, text="<x>", parse_mode="HTML")

    assert sandbox.token not in caplog.text


async def test_stopping_ends_a_poll_that_waits(clock: MovableClock) -> None:
    sandbox = Sandbox(clock)
    await sandbox.start()
    async with ClientSession() as session:
        api = Api(session, sandbox)
        sandbox.say(sandbox.add_person("Ada"), None, "/start")
        (update,) = await api.result("getUpdates")
        after = update["update_id"] + 1
        poll = asyncio.create_task(api.call("getUpdates", offset=after, timeout=3600))
        await sandbox.settled()
        await sandbox.stop()

        with pytest.raises(ClientConnectionError):
            await poll


async def test_the_library_starts_listens_and_answers(
    sandbox: Sandbox, ada: Person, group: Chat
) -> None:
    from telegram import InlineKeyboardButton, InlineKeyboardMarkup, Update
    from telegram.ext import (
        Application,
        ApplicationBuilder,
        CallbackQueryHandler,
        CommandHandler,
        ContextTypes,
    )

    async def ask(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.effective_message
        button = InlineKeyboardButton("Yes", callback_data="yes")
        markup = InlineKeyboardMarkup([[button]])
        await update.effective_message.reply_html("<b>Well?</b>", reply_markup=markup)

    async def take(update: Update, _context: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.callback_query
        await update.callback_query.answer("Thanks")
        await update.callback_query.edit_message_text("Taken")

    app: Application  # type: ignore[type-arg]  # six of them, none of which matters here
    app = (
        ApplicationBuilder()
        .token(sandbox.token)
        .base_url(f"{sandbox.origin}/bot")
        .base_file_url(f"{sandbox.origin}/file/bot")
        .build()
    )
    app.add_handlers([CommandHandler("ask", ask), CallbackQueryHandler(take)])
    async with app:
        assert app.updater
        await app.updater.start_polling()
        await app.start()
        sandbox.say(ada, group, "/ask@reading_group_bot")
        await sandbox.wait_for(lambda: sandbox.messages(group)[-1].from_bot)
        asked = sandbox.last(group)
        shown = (asked.entities[0]["type"], asked.labels)
        tap = sandbox.tap(ada, asked, "Yes")
        await sandbox.wait_for(lambda: sandbox.last(group).text == "Taken")
        await app.updater.stop()
        await app.stop()

    assert shown == ("bold", ["Yes"])
    assert (asked.text, asked.labels, tap.text) == ("Taken", [], "Thanks")
