"""Somebody edits a page by hand: what is read back, and what organizers are asked."""

import pytest
from sqlalchemy import select

from bot.domain.page import TermState
from bot.errors import DomainError, Refusal
from bot.publish import term_file
from bot.publish.steps import Settled
from bot.services import members, page_clashes, queries, terms
from storage.enums import DeliveryState, PageChoice
from storage.models import Delivery, Term
from tests.publish.press import Press

GONE = "13 January 2026, Topic I: “REFRAG” is not on the page any more."


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
        (
            "### January 20\n\n#### Topic I\n\n- 💡 *open*\n\n#### Topic II\n\n- 💡 *open*",
            "### January 20\n\n- ✨ *cancelled*\n\n#### Topic I\n\n- 💡 *no talk*",
        ),
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
        page = terms.page_of(session, session.scalars(select(Term)).one(), here.clock.now())
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
        (b"\n", "The file is empty."),
        (b"Hello", "The page has no title that names its term"),
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
    with here.store.writing() as session:
        members.set_reachable(session, 77, reachable=True)
    _choose(here, PageChoice.PAGE)
    await here.after(1)
    assert "- 💡 LithOS\n- 🙎‍♂️ Dan\n" in here.text
    assert _saved(here) == []
    with here.store.reading() as session:
        told = session.scalars(select(Delivery.member_id).where(Delivery.kind == "change"))
        assert list(told) == [here.ben.member_id]


@pytest.mark.parametrize(
    ("to", "told"),
    [
        ("January 6", "6 January 2026 on the page, but what is past cannot be moved."),
        ("January 13, 2126", "13 January 2126 on the page, more than two years from now."),
        ("December 31, 9999", "31 December 9999 on the page, more than two years from now."),
    ],
)
async def test_a_meeting_is_not_moved_into_the_past_or_out_of_sight(
    here: Press, to: str, told: str
) -> None:
    here.edit("### January 13", f"### {to}")
    await here.until_looked_at()
    assert [text for _, text in here.told()] == [f"13 January 2026 is on {told}"]


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
