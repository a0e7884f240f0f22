from datetime import date

import pytest

from bot.domain.page import (
    Page,
    PageLink,
    PageMeeting,
    PagePresenter,
    PageSlot,
    PageTalk,
    ParsedPage,
)
from bot.publish.markdown import parse, write
from bot.publish.markdown.front_matter import front_of
from bot.publish.markdown.page_tidy import tidy
from storage.enums import LinkKind, MeetingKind, Role

TOP = "# 2025 Fall\n\n## Schedule\n\n### January 13\n\n"


def who(*names: str) -> tuple[PagePresenter, ...]:
    return tuple(
        PagePresenter(name, Role.SUPPORTER if place else Role.MAIN)
        for place, name in enumerate(names)
    )


def only_meeting(lines: str) -> PageMeeting:
    parsed = parse(TOP + lines)
    assert parsed.problems == ()
    (meeting,) = parsed.page.meetings
    return meeting


def reasons(text: str) -> list[tuple[int, str]]:
    return [(problem.line, problem.reason) for problem in parse(text).problems]


def test_a_page_is_written_in_the_groups_own_format() -> None:
    rag = PageTalk("REFRAG", "arXiv", None, "https://arxiv.org/pdf/2509.01092", who("Bosen Yang"))
    links = (
        PageLink(LinkKind.SLIDES, "./slides/a.pdf"),
        PageLink(LinkKind.VIDEO, "https://v.example/1?t=1.2"),
        PageLink(LinkKind.SUMMARY, "https://s.example/"),
        PageLink(LinkKind.OTHER, "https://o.example/", "code"),
    )
    pie = PageTalk(
        "Pie", "SOSP", 2025, None, (PagePresenter("Shen Fu", Role.MAIN, "USTC"), *who("", "Z")[1:]),
        links,
    )  # fmt: skip
    page = Page(
        "2025 Fall",
        "- Be on time.",
        "",
        (
            PageMeeting(
                date(2026, 1, 20),
                (PageSlot("Topic I", rag), PageSlot("Topic II")),
                links=links[1:2],
            ),
            PageMeeting(date(2026, 1, 13), title="National Day", cancelled=True),
            PageMeeting(
                date(2025, 9, 29), (PageSlot(None, pie),), MeetingKind.SPECIAL, "SOSP Rehearsal"
            ),
        ),
    )
    assert write(page) == (
        "# 2025 Fall\n\n## Specific Requirements\n\n- Be on time.\n\n## Schedule\n\n"
        "### January 20\n\n- [📺 video](https://v.example/1?t=1.2)\n\n"
        "#### Topic I\n\n- 💡 [arXiv] [REFRAG](https://arxiv.org/pdf/2509.01092)\n"
        "- 🙎‍♂️ Bosen Yang\n\n#### Topic II\n\n- 💡 *open*\n\n<br><br>\n\n"
        "### January 13\n\n- ✨ *cancelled*: National Day\n\n<br><br>\n\n"
        "### September 29\n\n- ✨ SOSP Rehearsal\n- 💡 [SOSP'25] Pie\n- 🙎‍♂️ Shen Fu (USTC), Z\n"
        "- [📕 slides](./slides/a.pdf), [📺 video](https://v.example/1?t=1.2), "
        "[📝 summary](https://s.example/), [🔗 code](https://o.example/)\n"
    )
    assert parse(write(page)) == ParsedPage(page, ())


@pytest.mark.parametrize(
    "title",
    [
        "A [B] (C) *D* _E_ `F` <G> & H | I # J \\ K ~L~ &amp; M",
        "[SOSP'25] is no venue here", "](https://evil.example/)", "![image](x)", "<br>", "<!-- x",
        "open", "*open*", "No talk", "TBD", "Kick-off meeting", "cancelled", "שלום עולם",
        "缓存：一个系统",
        "🙎‍♂️ Jiahao Li", "ğŸ’¡ looks like mojibake â€™",
        "Trailing \\", "#", "http://x/(y)", "$O(n^2)$",
    ],
)  # fmt: skip
@pytest.mark.parametrize("url", [None, "https://x.example/a_(b)?c=[d]&amp;e"])
def test_a_title_survives_whatever_it_is(title: str, url: str | None) -> None:
    talk = PageTalk(title, None, None, url, who("Jiahao Li"))
    page = Page("2025 Fall", meetings=(PageMeeting(date(2026, 1, 6), (PageSlot(None, talk),)),))
    assert parse(write(page)) == ParsedPage(page, ())


@pytest.mark.parametrize(
    "name", ["A, B", "A and B", "and", "A (B) C", "张，伟", "A & B", "R&D", "Sand", "（x）", "*a*"]
)
def test_a_name_survives_whatever_it_is(name: str) -> None:
    people = (PagePresenter(name, Role.MAIN, name), PagePresenter(name, Role.SUPPORTER))
    talk = PageTalk("Jenga", presenters=people)
    page = Page("2025 Fall", meetings=(PageMeeting(date(2026, 1, 6), (PageSlot(None, talk),)),))
    assert parse(write(page)) == ParsedPage(page, ())


@pytest.mark.parametrize(
    ("title", "heading", "day"),
    [
        ("2025 Fall", "September 2", date(2025, 9, 2)),
        ("2025 Fall", "December 30", date(2025, 12, 30)),
        ("2025 Fall", "February 3", date(2026, 2, 3)),
        ("2026 Spring", "February 24", date(2026, 2, 24)),
        ("2026 Spring", "August 4", date(2026, 8, 4)),
        ("2025秋", "1月6日", date(2026, 1, 6)),
        ("2026", "May 5", date(2026, 5, 5)),
        ("2025-2026", "October 7", date(2025, 10, 7)),
        ("2025-2026", "May 5", date(2026, 5, 5)),
        ("Reading group", "January 6, 2026", date(2026, 1, 6)),
        ("2025 Fall", "2027-01-06", date(2027, 1, 6)),
    ],
)
def test_the_terms_title_gives_a_date_its_year(title: str, heading: str, day: date) -> None:
    parsed = parse(f"# {title}\n## Schedule\n### {heading}\n")
    assert parsed == ParsedPage(Page(title, meetings=(PageMeeting(day),)), ())


@pytest.mark.parametrize(
    "line", ["A, B，C、D and E & F", "A ,  B,C, D, and E,F", "A and B and C and D and E and F,"]
)
def test_presenters_are_told_apart_by_every_sign_the_page_uses(line: str) -> None:
    meeting = only_meeting(f"- 💡 Jenga\n- 🙎 {line}\n")
    assert meeting.slots[0].talk == PageTalk("Jenga", presenters=who("A", "B", "C", "D", "E", "F"))


def test_affiliations_stand_in_either_kind_of_brackets_and_may_hold_commas() -> None:
    meeting = only_meeting("- 💡 Jenga\n- 👩‍🏫 A (USTC, China)，B（Ant Group）and C\n")
    assert meeting.slots[0].talk == PageTalk(
        "Jenga",
        presenters=(
            PagePresenter("A", Role.MAIN, "USTC, China"),
            PagePresenter("B", Role.SUPPORTER, "Ant Group"),
            PagePresenter("C", Role.SUPPORTER),
        ),
    )


@pytest.mark.parametrize(
    "words", ["*open*", "open", "Open slot", "TBD", "tba", "*no talk*", "待定", "to be announced"]
)
def test_an_open_slot_has_no_talk(words: str) -> None:
    assert only_meeting(f"#### Topic I\n- 💡 {words}\n").slots == (PageSlot("Topic I"),)


def test_no_slot_of_a_past_or_cancelled_meeting_is_called_open() -> None:
    topic = (PageSlot("Topic I"),)
    page = Page(
        "2025 Fall",
        meetings=(
            PageMeeting(date(2026, 1, 20), topic),
            PageMeeting(date(2026, 1, 13), topic, cancelled=True),
            PageMeeting(date(2026, 1, 6), topic),
        ),
    )
    text = write(page, {date(2026, 1, 6)})
    said = [line for line in text.splitlines() if line.startswith("- 💡")]
    assert said == ["- 💡 *open*", "- 💡 *no talk*", "- 💡 *no talk*"]
    assert parse(text) == ParsedPage(page, ())


def test_a_meeting_may_be_special_and_cancelled() -> None:
    assert only_meeting("- ✨ SOSP Rehearsal\n- ✨ *cancelled*\n") == PageMeeting(
        date(2026, 1, 13), (), MeetingKind.SPECIAL, "SOSP Rehearsal", cancelled=True
    )


def test_links_before_any_paper_are_the_meetings() -> None:
    meeting = only_meeting("- [📺 video](https://v.example/1)\n- 💡 Jenga\n- 🙎 A\n")
    assert meeting.links == (PageLink(LinkKind.VIDEO, "https://v.example/1"),)


@pytest.mark.parametrize(
    ("label", "link"),
    [
        ("slides", PageLink(LinkKind.SLIDES, "a.pdf")),
        ("📕 Slides", PageLink(LinkKind.SLIDES, "a.pdf")),
        ("📺", PageLink(LinkKind.VIDEO, "a.pdf")),
        ("📝 summary", PageLink(LinkKind.SUMMARY, "a.pdf")),
        ("ğŸ“ summary", PageLink(LinkKind.SUMMARY, "a.pdf")),
        ("🔗 slides", PageLink(LinkKind.OTHER, "a.pdf", "slides")),
        ("📺 part two", PageLink(LinkKind.OTHER, "a.pdf", "📺 part two")),
        ("code", PageLink(LinkKind.OTHER, "a.pdf", "code")),
    ],
)
def test_a_links_label_tells_its_kind(label: str, link: PageLink) -> None:
    assert only_meeting(f"- [{label}](a.pdf)\n").links == (link,)


@pytest.mark.parametrize(
    ("line", "links"),
    [
        ("📺 https://v.example/1", [PageLink(LinkKind.VIDEO, "https://v.example/1")]),
        ("slides: https://x.example/a", [PageLink(LinkKind.SLIDES, "https://x.example/a")]),
        ("📕 Slides：<https://x.example/a>", [PageLink(LinkKind.SLIDES, "https://x.example/a")]),
        ("https://x.example/a.", [PageLink(LinkKind.OTHER, "https://x.example/a.")]),
        (
            "slides https://x.example/a, video: https://v.example/1",
            [
                PageLink(LinkKind.SLIDES, "https://x.example/a"),
                PageLink(LinkKind.VIDEO, "https://v.example/1"),
            ],
        ),
        ("Slides: [here](a.pdf)", [PageLink(LinkKind.SLIDES, "a.pdf")]),
        ("[slides](slides/a b.pdf)", [PageLink(LinkKind.SLIDES, "slides/a%20b.pdf")]),
        ("[slides](<slides/a b.pdf>)", [PageLink(LinkKind.SLIDES, "slides/a%20b.pdf")]),
        (
            "[slides](./A (final).pdf), [video](b.mp4)",
            [PageLink(LinkKind.SLIDES, "./A%20(final).pdf"), PageLink(LinkKind.VIDEO, "b.mp4")],
        ),
    ],
)
def test_links_are_read_as_people_type_them(line: str, links: list[PageLink]) -> None:
    for written_so in (f"- {line}\n", f"-{line}\n"):
        meeting = only_meeting(written_so)
        assert list(meeting.links) == links
    page = Page("2025 Fall", meetings=(meeting,))
    assert parse(write(page)) == ParsedPage(page, ())


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("cancelled", None),
        ("Canceled: Labour Day", "Labour Day"),
        ("*cancelled*: (maybe)", "(maybe)"),
        ("Cancelled (holiday)", "holiday"),
        ("cancelled - Labour Day", "Labour Day"),
        ("No meeting（Spring Festival）", "Spring Festival"),
        ("取消：春节", "春节"),
        ("postponed to January 27", "postponed to January 27"),
    ],
)
def test_a_meeting_is_called_off_as_people_say_it(words: str, title: str | None) -> None:
    meeting = only_meeting(f"- ✨ {words}\n- 💡 *no talk*\n")
    assert (meeting.cancelled, meeting.title, meeting.kind) == (True, title, MeetingKind.REGULAR)
    page = Page("2025 Fall", meetings=(meeting,))
    assert parse(write(page)) == ParsedPage(page, ())


@pytest.mark.parametrize("title", ["Cancelled flights", "Postponed no more", "取消", "open"])
def test_a_special_meeting_keeps_a_title_that_sounds_called_off(title: str) -> None:
    meeting = PageMeeting(date(2026, 1, 13), (), MeetingKind.SPECIAL, title)
    page = Page("2025 Fall", meetings=(meeting,))
    assert parse(write(page)) == ParsedPage(page, ())


def test_a_talk_nobody_presents_yet_is_written_without_a_line_for_it() -> None:
    page = Page(
        "2025 Fall",
        meetings=(PageMeeting(date(2026, 1, 13), (PageSlot(None, PageTalk("Jenga")),)),),
    )
    assert "💡 Jenga\n" in write(page)
    assert "🙎" not in write(page)
    assert parse(write(page)).page == page


@pytest.mark.parametrize(
    ("line", "link"),
    [
        ("📺 [](a.mp4)", PageLink(LinkKind.VIDEO, "a.mp4")),
        ("📺 [video](a.mp4)", PageLink(LinkKind.VIDEO, "a.mp4")),
        ("📕 [deck](a.pdf)", PageLink(LinkKind.OTHER, "a.pdf", "📕 deck")),
        ("[📕 deck](a.pdf)", PageLink(LinkKind.OTHER, "a.pdf", "📕 deck")),
    ],
)
def test_a_links_sign_may_stand_before_it(line: str, link: PageLink) -> None:
    assert only_meeting(f"- {line}\n").links == (link,)


def test_a_title_may_run_over_two_lines() -> None:
    meeting = only_meeting("- 💡 [SOSP '25] [Jenga:\n  Memory](https://x.example/)\n- 🙎 A\n")
    assert meeting.slots[0].talk == PageTalk(
        "Jenga: Memory", "SOSP", 2025, "https://x.example/", who("A")
    )


@pytest.mark.parametrize(
    ("lines", "found"),
    [
        ("- 💡 Jenga\n", [(7, "This talk has no presenter.")]),
        ("- 🙎 A\n", [(7, "There is no paper above these presenters.")]),
        ("- 💡\n- 🙎 A\n", [(7, "This paper has no title.")]),
        ("- 💡 Jenga\n- 🙎 [A](https://a.example/)\n",
         [(8, "Links on presenters were left out.")]),
        ("- ✨ [Party](https://p.example/)\n", [(7, "The link on this line was left out.")]),
        ("- 💡 *open*\n- [📺 video](https://v.example/)\n",
         [(8, "There is no paper above these links.")]),
        ("#### Topic I\n", [(7, "This topic has no paper. If it is free, write “💡 *open*”.")]),
        ("##### Deep\n", [(7, "This heading is no date and no topic.")]),
        ("- a\n\n<br><br>\n",
         [(7, "This line is no paper, presenter, link or special meeting.")]),
        ("- 💡 [x](javascript:alert)\n- 🙎 A\n", [(7, "This link is no web address.")]),
        ("- [📺 video](//v.example/)\n", [(7, "This link is no web address.")]),
        ("- [📺 video](#), [📕 slides](TBD)\n", 2 * [(7, "This link leads nowhere yet.")]),
        ("- Zoom: https://x.example/\n",
         [(7, "This line is no paper, presenter, link or special meeting.")]),
        ("- 💡 [x](https://x.example/) [y](https://y.example/)\n- 🙎 A\n",
         [(7, "Only the paper's first link was taken.")]),
        ('- [📺 video](https://v.example/ "hover")\n',
         [(7, "The words in quotes in a link were left out.")]),
        ("- [📺 video](a) or [📕 slides](b) later\n",
         [(7, "The words between the links were left out."),
          (7, "The words after the links were left out.")]),
        ("- ✨ A\n- ✨ B\n", [(8, "This meeting has a title already.")]),
        ("```\ncode\n```\n", [(7, "This line could not be read."),
                              (8, "This line could not be read."),
                              (9, "This line could not be read.")]),
        ("[a]: https://x.example/\n",
         [(7, "This line is no paper, presenter, link or special meeting.")]),
        ("### January 13\n- 💡 Jenga\n",
         [(7, "This date is there twice; nothing under this one was taken.")]),
        ("### February 31\n- 💡 Jenga\n",
         [(7, "This is no date of the term, so nothing under it was taken.")]),
        ("## Notes\n\n- x\n",
         [(7, "The page has no place for this heading, or has it already."),
          (9, "This line is under a heading that was not taken.")]),
        ("[" * 400 + "\n", [(7, "This line is no paper, presenter, link or special meeting.")]),
    ],
)  # fmt: skip
def test_what_is_not_understood_becomes_a_problem(lines: str, found: list[tuple[int, str]]) -> None:
    assert reasons(TOP + lines) == found


def test_an_empty_page_lacks_a_title_and_a_schedule() -> None:
    assert parse("").page == Page("")
    assert reasons("") == [
        (1, "The page has no title that names its term, such as “# 2025 Fall”."),
        (1, "The page has no schedule."),
    ]


def test_a_line_before_the_first_date_is_a_problem() -> None:
    assert reasons("# 2025 Fall\n\nhello\n\n## Schedule\n- 💡 x\n") == [
        (3, "This line is not under a date."),
        (6, "This line is not under a date."),
    ]


@pytest.mark.parametrize(
    "tag",
    [
        "{{ site.secret }}",
        "{% include_relative x %}",
        "{{< raw >}}",
        "{{%x%}}",
        "{::nomarkdown}<b>",
        "{:onclick='x'}",
        "{#id}",
        "{{{{",
    ],
)
def test_no_site_generator_carries_out_what_people_write(tag: str) -> None:
    talk = PageTalk(
        f"A {tag}", tag[:40], None, f"https://x.example/{tag.split(maxsplit=1)[0]}",
        (PagePresenter(tag, Role.MAIN, tag),),
        (PageLink(LinkKind.OTHER, f"https://x.example/?{tag.split(maxsplit=1)[0]}", tag),),
    )  # fmt: skip
    day = date(2026, 1, 13)
    page = tidy(
        Page(
            f"2025 Fall {tag}",
            meetings=(PageMeeting(day, (PageSlot(tag, talk),), MeetingKind.SPECIAL, tag),),
        )
    )

    text = write(page)

    assert [begins for begins in ("{{", "{%", "{:", "{#", "{\\#") if begins in text] == []
    assert parse(text).page == page


def test_meetings_come_newest_first_whatever_their_order() -> None:
    page = parse("# 2025 Fall\n## Schedule\n### September 16\n### January 6\n").page
    assert [one.date for one in page.meetings] == [date(2026, 1, 6), date(2025, 9, 16)]


def test_ten_thousand_lines_of_nonsense_are_ten_thousand_problems() -> None:
    assert len(parse(TOP + "<a [[[ <!-- 💡\n" * 10_000).problems) == 10_000


@pytest.mark.parametrize(
    "settings",
    [
        '---\nlayout: page\ntitle: "2025 Fall"\ntags:\n  - talks\n---\n\n',
        "+++\ntitle = '2025 Fall'\ndate = 2025-09-01\n+++\n",
        "---\r\n# of the site\r\ntitle: 2025 Fall\r\n---\r\n",
    ],
)
def test_settings_before_a_page_are_no_content_and_may_name_its_term(settings: str) -> None:
    page = "## Schedule\n\n### January 13\n\n- 💡 DiffKV\n- 🙎‍♂️ Ann\n"
    read = parse(settings + page)
    assert (read.page, read.problems) == (parse(f"# 2025 Fall\n\n{page}").page, ())
    assert front_of(settings + page) == settings.replace("\r\n", "\n")


@pytest.mark.parametrize(
    "text",
    ["---\nBring a question\n---\n# 2025 Fall\n", "---\ntitle: 2025 Fall\n", "# Fall\n"],
)
def test_a_rule_is_no_setting(text: str) -> None:
    assert front_of(text) == ""
