"""What is a PDF and what only says so, found out at arm's length."""

import asyncio
import sys

import pytest

from bot.publish import pdf
from tests.pdfs import a_pdf


async def test_a_pdf_opens() -> None:
    assert await pdf.opens(a_pdf(3))
    assert await pdf.opens(b"\r\n" + a_pdf())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7\n",
        b"PK\x03\x04 a presentation",
        b"<html>%PDF-1.4</html>",
        a_pdf(0),
        a_pdf(password="secret"),
        a_pdf()[: len(a_pdf()) // 3],
        b"%PDF-1.4\n" + b"1 0 obj <</Kids [1 0 R] /Type /Pages /Parent 1 0 R>> endobj\n" * 3,
    ],
    ids=range(8),
)
async def test_what_does_not_open_is_none(content: bytes) -> None:
    assert not await pdf.opens(content)


async def test_one_that_never_ends_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "SECONDS", 0.0)

    assert not await pdf.opens(a_pdf())


async def test_one_that_takes_too_much_memory_is_given_up() -> None:
    greedy = (
        "import sys; from bot.publish import pdf_child as child; "
        "child.has_a_page = lambda _: bytearray(2 * child.MEMORY); sys.exit(child.main())"
    )
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", greedy),
        stdin=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
    )

    _, said = await process.communicate()

    assert (process.returncode, said.splitlines()[-1]) == (1, b"MemoryError")
