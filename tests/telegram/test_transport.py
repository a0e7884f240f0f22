import asyncio
import io
import json
import logging
import socket
import struct

import pytest
from telegram import Bot, InputFile
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut

from bot.telegram.flight import MaybeDeliveredError
from bot.telegram.transport import AiohttpRequest, certainly_not_sent
from tests.telegram.loopback import (
    MESSAGE,
    TOKEN,
    Server,
    at,
    bot_at,
    failure_of,
    http,
    ok,
    serving,
    unused_port,
)


async def test_parameters_go_out_as_json_and_the_answer_comes_back() -> None:
    async with serving(ok(MESSAGE)) as server, bot_at(at(server)) as bot:
        message = await bot.send_message(7, "für & alle", disable_notification=True)
    head, body = server.requests[0]
    assert message.text == "hello"
    assert head.startswith(f"POST /bot{TOKEN}/sendMessage HTTP/1.1\r\n")
    assert "Content-Type: application/json\r\n" in head
    assert json.loads(body) == {"chat_id": 7, "text": "für & alle", "disable_notification": True}


async def test_connections_are_used_again() -> None:
    async with serving(ok(MESSAGE)) as server, bot_at(at(server)) as bot:
        for _ in range(3):
            await bot.send_message(7, "hello")
        assert (server.connections, len(server.requests)) == (1, 3)


async def test_a_method_without_parameters_sends_an_empty_body() -> None:
    me = {"id": 1, "is_bot": True, "first_name": "Reader", "username": "reader_bot"}
    async with serving(ok(me)) as server, bot_at(at(server)) as bot:
        assert (await bot.get_me()).username == "reader_bot"
    assert server.requests[0][1] == b""


@pytest.mark.parametrize("as_handle", [False, True])
async def test_files_are_uploaded_beside_the_parameters(as_handle: bool) -> None:
    content = bytes(range(256)) * 8192
    document = (
        InputFile(io.BytesIO(content), filename="Übersicht.bin", read_file_handle=not as_handle)
    )  # fmt: skip
    async with serving(ok(MESSAGE)) as server, bot_at(at(server)) as bot:
        await bot.send_document(7, document, caption="für alle")
    head, body = server.requests[0]
    assert "Content-Type: multipart/form-data; boundary=" in head
    boundary = head.split("boundary=")[1].split("\r\n")[0].encode()
    parts = [part.split(b"\r\n\r\n", 1) for part in body.split(b"--" + boundary)[1:-1]]
    found = {head.decode().split('name="')[1].split('"')[0]: value[:-2] for head, value in parts}
    assert found == {"chat_id": b"7", "caption": "für alle".encode(), "document": content}
    assert 'filename="Übersicht.bin"' in parts[-1][0].decode()


async def test_a_file_can_be_fetched() -> None:
    async with serving(http(b"slides")) as server, AiohttpRequest() as request:
        content = await request.retrieve(f"{at(server)}/file/bot{TOKEN}/slides.pdf")
    assert content == b"slides"
    assert server.requests[0][0].startswith(f"GET /file/bot{TOKEN}/slides.pdf ")


async def test_an_answer_longer_than_any_of_telegrams_is_not_read_to_its_end(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.telegram.transport.MAX_ANSWER", 10)
    async with serving(http(b"x" * 11)) as server, AiohttpRequest() as request:
        error = await failure_of(request.retrieve(f"{at(server)}/file/bot{TOKEN}/slides.pdf"))
    assert "too long" in error.message
    async with serving(http(b"x" * 10)) as server, AiohttpRequest() as request:
        assert await request.retrieve(f"{at(server)}/file/bot{TOKEN}/slides.pdf") == b"x" * 10


async def test_a_refused_connection_sent_nothing() -> None:
    async with bot_at(f"http://127.0.0.1:{unused_port()}") as bot:
        error = await failure_of(bot.send_message(7, "hello"))
    assert type(error) is NetworkError
    assert "(Connection refused). Nothing was sent." in str(error)
    assert certainly_not_sent(error)


async def test_a_name_that_cannot_be_looked_up_sent_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def nothing(*_: object, **__: object) -> object:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", nothing)
    async with bot_at("http://telegram.invalid") as bot:
        error = await failure_of(bot.send_message(7, "hello"))
    assert type(error) is NetworkError
    said = "No connection to telegram.invalid:80 (Name or service not known). "
    assert str(error) == said + "Nothing was sent."
    assert certainly_not_sent(error)


async def test_a_handshake_that_never_ends_is_a_connect_time_out() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        await asyncio.Event().wait()

    async with Server(silent) as server:
        base = f"https://127.0.0.1:{server.port}"
        async with bot_at(base, connect_timeout=0.03) as bot:
            error = await failure_of(bot.send_message(7, "hello"))
        async with bot_at(base) as bot:
            error_of_call = await failure_of(bot.send_message(7, "hello", connect_timeout=0.03))
    text = "No connection to the server could be made in time. Nothing was sent."
    assert [type(error), str(error)] == [TimedOut, text]
    assert [type(error_of_call), str(error_of_call)] == [TimedOut, text]
    assert certainly_not_sent(error)
    assert certainly_not_sent(error_of_call)


async def test_a_silent_server_is_a_read_time_out_and_may_have_delivered() -> None:
    async with serving(None) as server:
        async with bot_at(at(server), read_timeout=0.03) as bot:
            assert bot.request.read_timeout == 0.03
            error = await failure_of(bot.send_message(7, "hello"))
        async with bot_at(at(server)) as bot:
            error_of_call = await failure_of(bot.send_message(7, "hello", read_timeout=0.03))
    text = "The server did not answer in time. The request may have arrived."
    assert [type(error), str(error)] == [TimedOut, text]
    assert [type(error_of_call), str(error_of_call)] == [TimedOut, text]
    assert not certainly_not_sent(error)


async def test_an_upload_that_is_not_taken_is_a_write_time_out() -> None:
    async def deaf(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    content = bytes(32 * 1024 * 1024)
    async with Server(deaf) as server, bot_at(at(server), media_write_timeout=0.03) as bot:
        error = await failure_of(bot.send_document(7, content))
    text = "The server did not take the whole request in time. The request may have arrived."
    assert [type(error), str(error)] == [TimedOut, text]
    assert not certainly_not_sent(error)


async def test_a_long_answer_may_follow_a_short_write_time_out() -> None:
    answering = asyncio.Event()

    async def slow(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.read(reader)
        await answering.wait()
        writer.write(ok(MESSAGE))

    async with Server(slow) as server, bot_at(at(server), write_timeout=0.001) as bot:
        asyncio.get_running_loop().call_later(0.03, answering.set)
        message = await bot.send_message(7, "hello")
    assert message.message_id == 5


async def test_a_full_pool_sent_nothing_and_is_not_a_connect_time_out() -> None:
    async with serving(None) as server:
        settings = {"connection_pool_size": 1, "pool_timeout": 0.03}
        async with bot_at(at(server), **settings) as bot:
            first = asyncio.ensure_future(bot.send_message(7, "first"))
            await server.requested.acquire()
            error = await failure_of(bot.send_message(7, "second"))
            first.cancel()
            await asyncio.gather(first, return_exceptions=True)
    assert [type(error), str(error)] == [
        TimedOut,
        "No connection was free in time. Nothing was sent.",
    ]
    assert certainly_not_sent(error)
    assert len(server.requests) == 1


async def test_a_pool_serves_more_requests_than_it_has_connections() -> None:
    async with serving(ok(MESSAGE)) as server, bot_at(at(server), connection_pool_size=2) as bot:
        await asyncio.gather(*(bot.send_message(7, str(number)) for number in range(9)))
        assert (server.connections, len(server.requests)) == (2, 9)


async def test_a_connection_reset_after_the_request_may_have_delivered() -> None:
    async def reset(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.read(reader)
        sock = writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    async with Server(reset) as server, bot_at(at(server)) as bot:
        error = await failure_of(bot.send_message(7, "hello"))
    assert type(error) is NetworkError
    assert not certainly_not_sent(error)
    assert type(error.__cause__) is MaybeDeliveredError


async def test_a_kept_connection_closed_under_a_post_may_have_delivered_and_is_not_repeated() -> (
    None
):
    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.read(reader)
        writer.write(ok(MESSAGE))
        await server.read(reader)

    async with Server(once) as server, bot_at(at(server)) as bot:
        await bot.send_message(7, "first")
        error = await failure_of(bot.send_message(7, "second"))
    assert type(error) is NetworkError
    assert not certainly_not_sent(error)
    assert (server.connections, len(server.requests)) == (1, 2)


@pytest.mark.parametrize(
    "answer",
    [
        http(b'{"ok": tr', length=500),
        b"HTTP/1.1 200 OK\r\nContent-Le",
        b"SSH-2.0-OpenSSH_9.2\r\n\r\n",
    ],
)
async def test_an_answer_cut_short_may_have_delivered(answer: bytes) -> None:
    async def cut(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await server.read(reader)
        writer.write(answer)

    async with Server(cut) as server, bot_at(at(server)) as bot:
        error = await failure_of(bot.send_message(7, "hello"))
    assert type(error) is NetworkError
    assert not certainly_not_sent(error)


@pytest.mark.parametrize("status", ["200 OK", "502 Bad Gateway", "302 Found"])
async def test_a_web_page_in_place_of_json_keeps_the_token_out_of_errors_and_logs(
    status: str, caplog: pytest.LogCaptureFixture
) -> None:
    page = f"<html>Not here: /bot{TOKEN}/sendMessage</html>".encode()
    async with serving(http(page, status=status)) as server, bot_at(at(server)) as bot:
        caplog.set_level(logging.DEBUG)
        with pytest.raises(TelegramError) as caught:
            await bot.send_message(7, "hello")
    assert TOKEN not in str(caught.value)
    assert TOKEN not in caplog.text
    assert not certainly_not_sent(caught.value)


async def test_no_log_record_of_any_level_holds_the_token(
    caplog: pytest.LogCaptureFixture,
) -> None:
    nowhere = f"http://127.0.0.1:{unused_port()}"
    async with (
        serving(ok(MESSAGE)) as server,
        bot_at(at(server)) as bot,
        bot_at(nowhere) as lonely_bot,
    ):
        # After the bots are made: the library itself logs the address of each at this level.
        caplog.set_level(logging.DEBUG)
        await bot.send_message(7, "hello")
        await failure_of(lonely_bot.send_message(7, "hello"))
    assert TOKEN not in caplog.text
    assert {record.name for record in caplog.records} <= {"asyncio", "telegram.Bot"}


async def test_answers_of_the_server_keep_their_own_classes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PTB_TIMEDELTA", "true")
    flood = b'{"ok": false, "description": "Too Many Requests", "parameters": {"retry_after": 7}}'
    refused = b'{"ok": false, "description": "Unauthorized"}'
    async with serving(http(flood, status="429 Too Many")) as server, bot_at(at(server)) as bot:
        assert isinstance(await failure_of(bot.send_message(7, "hello")), RetryAfter)
    async with serving(http(refused, status="401 No")) as server, bot_at(at(server)) as bot:
        assert isinstance(await failure_of(bot.send_message(7, "hello")), InvalidToken)


async def test_shutdown_ends_what_is_under_way_and_what_waits_and_opens_again() -> None:
    async with serving(None) as server:
        request = AiohttpRequest(connection_pool_size=1)
        bot = Bot(TOKEN, base_url=f"{at(server)}/bot", request=request)
        await request.initialize()
        under_way = asyncio.ensure_future(failure_of(bot.send_message(7, "first")))
        await server.requested.acquire()
        waiting = asyncio.ensure_future(failure_of(bot.send_message(7, "second")))
        await asyncio.sleep(0)
        await request.shutdown()
        await request.shutdown()
        errors = [await under_way, await waiting]
        closed = await failure_of(bot.send_message(7, "third"))
    assert [str(error) for error in errors] == [
        "The bot closed its connections. The request may have arrived.",
        "The bot closed its connections. Nothing was sent.",
    ]
    assert [certainly_not_sent(error) for error in [*errors, closed]] == [False, True, True]

    async with serving(ok(MESSAGE)) as server:
        bot = Bot(TOKEN, base_url=f"{at(server)}/bot", request=request)
        async with request:
            await request.initialize()
            assert (await bot.send_message(7, "again")).message_id == 5


async def test_shutdown_ends_a_connection_that_is_being_made() -> None:
    async with serving(None) as server:
        request = AiohttpRequest(connect_timeout=None)
        bot = Bot(TOKEN, base_url=f"https://127.0.0.1:{server.port}/bot", request=request)
        await request.initialize()
        connecting = asyncio.ensure_future(failure_of(bot.send_message(7, "hello")))
        await server.connected.acquire()
        await request.shutdown()
        assert certainly_not_sent(await connecting)


async def test_a_cancelled_request_frees_its_connection() -> None:
    async with serving(None) as server, bot_at(at(server), connection_pool_size=1) as bot:
        for _ in range(2):
            sending = asyncio.ensure_future(bot.send_message(7, "hello"))
            await server.requested.acquire()
            sending.cancel()
            with pytest.raises(asyncio.CancelledError):
                await sending
    assert len(server.requests) == 2
