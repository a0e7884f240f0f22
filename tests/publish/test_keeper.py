"""Pages that keep themselves: when they are written, what is read back, and what is asked."""

import asyncio
import errno
import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.clock import MovableClock
from bot.domain.page import TermState
from bot.errors import DomainError, Refusal
from bot.publish import files, folder, site, term_file, writing
from bot.publish.rounds import UNEXPECTED
from bot.publish.steps import Settled
from bot.services import groups, page_clashes, page_edits, publications, queries, terms
from storage.enums import DeliveryState, PageChoice
from storage.models import Delivery, Publication
from storage.store import Store
from tests.publish.press import Press, press

GONE = "13 January 2026, Topic I: “REFRAG” is not on the page any more."


@pytest.fixture
def made(sqlite_store: Store, clock: MovableClock, tmp_path: Path) -> Press:
    """Nothing is published yet."""
    return press(sqlite_store, clock, tmp_path / "public")


@pytest.fixture
async def here(made: Press) -> Press:
    """The page is published."""
    await made.after()
    return made


async def test_a_page_is_written_a_minute_after_the_last_change(here: Press) -> None:
    here.claim()
    await here.after(0.9)
    assert "LithOS" not in here.text
    await here.after(0.2)
    assert "- 💡 LithOS\n- 🙎‍♂️ Ben\n" in here.text


async def test_changes_that_do_not_end_are_written_after_a_few_minutes(here: Press) -> None:
    for number, (topic, day) in enumerate([("Topic II", 13), ("Topic I", 20), ("Topic II", 20)]):
        here.claim(f"Paper {number}", topic, day)
        await here.after(0.9)
    assert "Paper" not in here.text
    await here.after(0.5)
    assert re.findall(r"Paper \d", here.text) == ["Paper 1", "Paper 2", "Paper 0"]


async def test_a_group_at_rest_costs_two_looks_and_no_write(
    here: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object) -> None:
        raise AssertionError("somebody wrote")

    await here.until_looked_at()
    before = here.page.stat()
    monkeypatch.setattr(here.store, "write", never)
    for _ in range(5):
        await here.until_looked_at()
    assert here.page.stat() == before


async def test_beside_the_page_is_all_that_is_made_from_the_schedule(here: Press) -> None:
    assert (here.folder / "schedule.ics").read_bytes().startswith(b"BEGIN:VCALENDAR")
    assert b"REFRAG" in (here.folder / "schedule.json").read_bytes()


async def test_what_is_over_is_published_as_such_without_a_change(here: Press) -> None:
    invitation = here.folder / "2025-fall" / "2026-01-13.ics"
    assert invitation.exists()
    here.clock.move(timedelta(days=5))
    await here.after()
    assert not invitation.exists()


async def test_a_deleted_file_is_written_again(here: Press) -> None:
    before = here.text
    here.page.unlink()
    await here.until_looked_at()
    assert here.text == before
    assert here.told() == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("At least 45 minutes.", "At least 50 minutes.\n\nBring a laptop."),
        ("Ann\n", "Ann, Bo Chi (USTC)\n"),
        ("[REFRAG]", "[REFRAG: Rethinking RAG]"),
        ("Ann\n", "Ann\n- [📕 slides](./slides/260113.pdf)\n"),
        ("2509.01092", "2509.01092v2"),
        ("#### Topic II\n\n- 💡 *open*", "#### Topic II\n\n- 💡 [SOSP'25] LithOS\n- 🙎‍♂️ Dan"),
        ("### January 20", "### January 21"),
        ("### January 13\n", "### January 13\n\n- ✨ *cancelled*\n"),
        ("### January 13\n", "### January 13\n\n- ✨ Rehearsal\n- [🔗 room](https://x.example)\n"),
        (
            "#### Topic I\n\n- 💡 *open*\n\n#### Topic II\n\n- 💡 *open*",
            "#### Paper\n\n- 💡 *open*",
        ),
        (
            "### January 20",
            "### January 27\n\n#### Topic I\n\n- 💡 *open*\n\n<br><br>\n\n### January 20",
        ),
    ],
)
async def test_what_somebody_changes_in_the_file_is_read_back(
    here: Press, old: str, new: str
) -> None:
    here.edit(old, new)
    expected = here.text

    await here.until_looked_at()

    assert here.text == expected
    assert here.told() == []
    assert here.log()[-1] == ("Somebody", "page:edit")
    with here.store.reading() as session:
        group = groups.by_id(session, here.group_id)
        page = terms.page(session, group, "2025 Fall", here.clock.now())
    assert page is not None
    written = term_file.look(TermState(1, page, expected), expected.encode())
    assert written == Settled(expected)


async def test_a_link_that_somebody_removes_from_the_file_is_gone(here: Press) -> None:
    here.edit("Ann\n", "Ann\n- [📕 slides](./slides/1.pdf), [📺 video](https://v.example/1)\n")
    await here.until_looked_at()
    here.edit("[📕 slides](./slides/1.pdf), ", "")
    await here.until_looked_at()
    with here.store.reading() as session:
        (meeting,) = queries.all_meetings(session, here.group_id, 1, here.clock.now())[1:]
    assert meeting.slots[0].talk is not None
    assert [link.url for link in meeting.slots[0].talk.links] == ["https://v.example/1"]


async def test_an_edit_by_hand_and_a_claim_in_the_chat_are_both_kept(here: Press) -> None:
    here.edit("Ann\n", "Ann, Bo\n")
    here.claim()
    await here.after()
    assert "- 🙎‍♂️ Ann, Bo\n" in here.text
    assert "- 💡 LithOS\n- 🙎‍♂️ Ben\n" in here.text
    assert here.log()[-2:] == [("Somebody", "talk:on_page"), ("Somebody", "page:edit")]


async def test_settings_of_a_site_generator_stay_before_the_page(here: Press) -> None:
    settings = "---\nlayout: page\ntitle: 组会\n---\n\n"
    here.edit("# 2025 Fall", f"{settings}# 2025 Fall")
    await here.until_looked_at()
    assert here.text.startswith(f"{settings}# 2025 Fall\n")

    here.claim()
    await here.after()

    assert here.text.startswith(f"{settings}# 2025 Fall\n")
    assert "- 💡 LithOS\n- 🙎‍♂️ Ben\n" in here.text
    assert here.told() == []


async def _clash(here: Press) -> str:
    """Somebody deletes a talk and leaves a note."""
    here.edit(
        "- 💡 [arXiv] [REFRAG](https://arxiv.org/abs/2509.01092)\n- 🙎‍♂️ Ann\n", "- 💡 *open*\n"
    )
    here.edit("### January 20\n", "### January 20\n\nAnn is ill\n")
    await here.until_looked_at()
    return here.text


NOTE = "Line 11, “Ann is ill”: This line is no paper, presenter, link or special meeting."


async def test_what_a_page_may_not_decide_is_left_alone_and_asked_once(here: Press) -> None:
    edited = await _clash(here)

    here.claim()
    await here.until_looked_at()
    here.restart()
    await here.until_looked_at()

    assert here.text == edited
    assert here.told() == [(here.ada.member_id, f"{NOTE}\n{GONE}")]
    assert b"LithOS" in (here.folder / "schedule.json").read_bytes()


async def test_the_next_edit_is_looked_at_anew(here: Press) -> None:
    await _clash(here)
    here.edit("\nAnn is ill\n", "")
    await here.until_looked_at()
    assert [text for _, text in here.told()] == [f"{NOTE}\n{GONE}", GONE]
    with here.store.reading() as session:
        first, second = session.scalars(select(Delivery).where(Delivery.kind == "page"))
        assert page_clashes.is_settled(session, first)
        assert not page_clashes.is_settled(session, second)

    here.edit(
        "### January 13\n\n#### Topic I\n\n- 💡 *open*",
        "### January 13\n\n#### Topic I\n\n"
        "- 💡 [arXiv] [REFRAG](https://arxiv.org/abs/2509.01092)\n- 🙎‍♂️ Ann, Bo",
    )
    await here.until_looked_at()
    assert len(here.told()) == 2
    assert here.log()[-1] == ("Somebody", "page:edit")


def _choose(here: Press, choice: PageChoice) -> PageChoice | None:
    asked = here.asked()
    with here.store.writing() as session:
        return page_clashes.choose(session, here.ada, asked, choice, here.clock.now())


def _saved(here: Press) -> list[str]:
    return [file.read_text("utf-8") for file in here.folder.glob("2025-fall.edited-*.md")]


async def test_an_organizer_lets_the_page_win_and_what_it_cannot_say_is_saved(here: Press) -> None:
    edited = await _clash(here)

    assert _choose(here, PageChoice.PAGE) is PageChoice.PAGE
    assert _choose(here, PageChoice.SCHEDULE) is PageChoice.PAGE
    await here.after(1)

    assert "REFRAG" not in here.text
    assert "Ann is ill" not in here.text
    assert _saved(here) == [edited]
    assert ("Ada", "page:take") in here.log()
    assert _choose(here, PageChoice.PAGE) is None


async def test_an_organizer_lets_the_schedule_win_and_the_edited_page_is_saved(
    here: Press,
) -> None:
    before = here.text
    edited = await _clash(here)

    _choose(here, PageChoice.SCHEDULE)
    await here.after(1)

    assert here.text == before
    assert _saved(here) == [edited]
    assert here.log()[-1] == ("Ada", "page:keep")


async def test_an_edit_after_the_choice_is_asked_about_anew(here: Press) -> None:
    await _clash(here)
    _choose(here, PageChoice.SCHEDULE)
    here.edit("Ann is ill", "Ann is well again")
    await here.after(1)
    assert "Ann is well again" in here.text
    assert len(here.told()) == 2


async def test_only_an_organizer_chooses(here: Press) -> None:
    await _clash(here)
    with here.store.writing() as session, pytest.raises(DomainError) as caught:
        page_clashes.choose(session, here.ben, here.asked(), PageChoice.PAGE, here.clock.now())
    assert caught.value.code is Refusal.ORGANIZERS_ONLY


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"# 2025 Fall\xff", "The file is no text in UTF-8."),
        (b"x" * 2_000_001, "The file is longer than 2 MB."),
        (b"", "The page has no title that names its term"),
        (
            b"# 2024 Fall\n\n## Schedule\n",
            "The title is “2024 Fall” on the page, “2025 Fall” here.",
        ),
        (b"nonsense\n" * 10_000, "The page has no title that names its term"),
    ],
)
async def test_a_file_that_is_no_page_cannot_win(here: Press, content: bytes, told: str) -> None:
    before = here.text
    here.page.write_bytes(content)
    await here.until_looked_at()
    assert here.page.read_bytes() == content
    ((_, said),) = here.told()
    assert told in said
    assert len(said.splitlines()) <= page_clashes.MOST_TOLD + 1

    with pytest.raises(DomainError):
        _choose(here, PageChoice.PAGE)
    _choose(here, PageChoice.SCHEDULE)
    await here.after(1)
    assert here.text == before


async def test_a_presenter_with_an_account_is_not_dropped_by_a_file(here: Press) -> None:
    here.claim()
    await here.after()
    here.edit("Ben\n", "Dan\n")
    await here.until_looked_at()
    assert [text for _, text in here.told()] == [
        "13 January 2026, Topic II: Ben took the talk; the page does not say."
    ]
    _choose(here, PageChoice.PAGE)
    await here.after(1)
    assert "- 💡 LithOS\n- 🙎‍♂️ Dan\n" in here.text
    assert _saved(here) == []


async def test_a_meeting_is_not_moved_into_the_past_or_onto_another_terms(here: Press) -> None:
    here.edit("### January 13", "### January 6")
    await here.until_looked_at()
    assert [text for _, text in here.told()] == [
        "13 January 2026 is on 6 January 2026 on the page, but what is past cannot be moved."
    ]


async def test_a_page_that_was_there_before_and_says_the_same_is_taken_over(made: Press) -> None:
    await made.after()
    text = made.text
    made.page.write_text(text.replace("\n\n- ", "\n- ").replace("*open*", "TBD"), "utf-8")
    with made.store.writing() as session:
        for table in ("term_pages", "publications"):
            session.connection().exec_driver_sql(f"DELETE FROM {table}")
    made.restart()
    await made.after()
    assert made.text == text
    assert made.told() == []


async def test_a_page_is_compared_with_what_was_imported(made: Press) -> None:
    """Its stray line was accepted then, and what the chat did since is no edit of the page."""
    imported = (
        "# 2025 Fall\n## Specific Requirements\nAt least 45 minutes.\n## Schedule\n"
        "### January 20\n#### Topic I\n- 💡 *open*\n#### Topic II\n- 💡 *open*\n<br><br>\n\n"
        "### January 13\n#### Topic I\n- 💡 [arXiv] [REFRAG](https://arxiv.org/abs/2509.01092)\n"
        "- 🙎‍♂️ Ann\nc\n#### Topic II\n- 💡 *open*\n"
    )
    with made.store.writing() as session:
        publications.remember(session, made.group_id, "2025 Fall", imported)
    made.folder.mkdir(parents=True)
    made.page.write_text(imported.replace("Ann", "Ann, Bo"), "utf-8")
    made.claim()
    await made.after()
    assert "- 🙎‍♂️ Ann, Bo\n" in made.text
    assert "- 🙎‍♂️ Ben\n" in made.text
    assert made.told() == []


class PowerCutError(BaseException):
    """The process ends here."""


def _cut(
    monkeypatch: pytest.MonkeyPatch, at: Callable[[], tuple[object, str]], after: bool
) -> None:
    owner, name = at()
    real = getattr(owner, name)

    def broken(*given: object, **named: object) -> object:
        if after:
            real(*given, **named)
        raise PowerCutError

    monkeypatch.setattr(owner, name, broken)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize(
    "at",
    [
        lambda: (publications, "begin"),
        lambda: (files, "write_whole"),
        lambda: (site, "build"),
        lambda: (folder, "put"),
        lambda: (publications, "wrote"),
        lambda: (publications, "settle"),
        lambda: (page_edits, "take"),
    ],
)
async def test_a_process_that_ends_in_the_middle_loses_nothing_and_the_next_one_completes_it(
    here: Press,
    monkeypatch: pytest.MonkeyPatch,
    at: Callable[[], tuple[object, str]],
    after: bool,
) -> None:
    here.edit("### January 13", "### January 14")
    here.edit("Ann\n", "Ann, Bo\n")
    here.claim("LithOS")
    with monkeypatch.context() as patched:
        _cut(patched, at, after)
        here.clock.move(timedelta(minutes=11))
        due = await here.keeper._due(here.clock.now())
        with pytest.raises(PowerCutError):
            await here.keeper.publish(due)
    here.claim("Spirit", "Topic I", 20)

    here.restart()
    await here.after()

    assert here.told() == []
    assert "- 🙎‍♂️ Ann, Bo\n" in here.text
    assert "### January 14" in here.text
    assert "### January 13" not in here.text
    for title in ("LithOS", "Spirit"):
        assert here.text.count(f"- 💡 {title}\n- 🙎‍♂️ Ben\n") == 1
    assert here.log().count(("Somebody", "page:edit")) == 1
    assert [one.name for one in here.folder.glob(".part-*")] == []


def _no_space(*_: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


async def test_a_full_disk_is_told_once_and_made_good_later(
    here: Press, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    before = here.text
    here.claim()
    with monkeypatch.context() as patched:
        patched.setattr(os, "fsync", _no_space)
        for _ in range(4):
            await here.after()
    sentence = f"{here.folder} cannot be written: No space left on device."
    assert here.text == before
    assert here.told() == [(here.ada.member_id, sentence)]
    assert [one.message for one in caplog.records if one.levelname == "WARNING"] == [
        f"“Systems reading group” is not published: {sentence} The bot goes on trying."
    ]

    await here.after(15)
    assert "LithOS" in here.text
    with here.store.reading() as session:
        row = session.scalars(select(Publication)).one()
        assert (row.trouble, row.attempts) == (None, 0)


async def test_a_folder_that_cannot_be_made_is_told(made: Press) -> None:
    made.settings.folder.write_text("a file")
    await made.after()
    assert made.told() == [
        (made.ada.member_id, f"{made.folder} cannot be written: Not a directory.")
    ]
    made.settings.folder.unlink()
    await made.after()
    assert "REFRAG" in made.text


async def test_a_file_that_changes_while_it_is_written_is_looked_at_anew(
    here: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.claim()
    real = writing._make

    def busy(at: Path) -> None:
        here.edit("Ann\n", "Ann, Bo\n")
        monkeypatch.setattr(writing, "_make", real)

    monkeypatch.setattr(writing, "_make", busy)
    await here.after()
    assert "Ann, Bo" in here.text
    await here.after()
    assert "- 🙎‍♂️ Ann, Bo\n" in here.text
    assert "- 🙎‍♂️ Ben\n" in here.text


async def test_what_nobody_thought_of_is_told_in_a_sentence_and_made_good_later(
    here: Press, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("a fault of ours")

    with monkeypatch.context() as patched:
        patched.setattr(site, "build", broken)
        here.claim()
        await here.after()
    assert "a fault of ours" in caplog.text
    assert [text for _, text in here.told()] == [UNEXPECTED]

    await here.after(20)
    assert "LithOS" in (here.folder / "2025-fall" / "index.html").read_text("utf-8")
    assert len(here.told()) == 1


async def test_one_round_ends_before_the_next_begins(
    here: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    rounds, go_on = [], asyncio.Event()

    async def publish(group_ids: tuple[int, ...]) -> None:
        rounds.append(group_ids)
        await go_on.wait()

    monkeypatch.setattr(here.keeper, "publish", publish)
    here.claim()
    here.clock.move(timedelta(minutes=5))
    await here.keeper.tick()
    await here.keeper.tick()
    await asyncio.sleep(0)
    assert rounds == [(here.group_id,)]

    go_on.set()
    await here.after()
    assert rounds == [(here.group_id,)] * 2


async def test_somebodys_file_where_the_bot_wants_one_stays_and_is_logged(
    made: Press, caplog: pytest.LogCaptureFixture
) -> None:
    made.folder.mkdir(parents=True)
    (made.folder / "index.html").write_text("mine")
    await made.after()
    assert (made.folder / "index.html").read_text() == "mine"
    assert "index.html is not the bot's, so it stays as it is." in caplog.text
    assert "REFRAG" in made.text


async def test_stopping_waits_for_the_work_in_hand(
    here: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    loop, begun = asyncio.get_running_loop(), asyncio.Event()
    real = writing._make

    def begin(at: Path) -> None:
        loop.call_soon_threadsafe(begun.set)
        real(at)

    monkeypatch.setattr(writing, "_make", begin)
    here.claim()
    here.clock.move(timedelta(minutes=5))
    await here.keeper.tick()
    await begun.wait()
    await here.keeper.close()
    assert "LithOS" in here.text


async def test_work_that_does_not_end_is_broken_off(
    here: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def forever(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(here.keeper, "publish", forever)
    monkeypatch.setattr("bot.publish.keeper.GRACE_SECONDS", 0)
    here.claim()
    here.clock.move(timedelta(minutes=5))
    await here.keeper.tick()
    await here.keeper.close()
    assert here.keeper._task is not None
    assert here.keeper._task.cancelled()


async def test_organizers_are_asked_in_private_and_the_answer_is_settled_for_all(
    here: Press,
) -> None:
    await _clash(here)
    with here.store.reading() as session:
        delivery = session.get_one(Delivery, here.asked())
        view = page_clashes.view(session, delivery)
        assert view is not None
        assert (view.title, view.takable, delivery.state) == (
            "2025 Fall",
            True,
            DeliveryState.PLANNED,
        )
