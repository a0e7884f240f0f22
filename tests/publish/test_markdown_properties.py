from datetime import date

import ftfy
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from bot.domain.page import (
    Page,
    PageLink,
    PageMeeting,
    PagePresenter,
    PageSlot,
    PageTalk,
    ParsedPage,
)
from bot.publish.markdown import marks, parse, tidy, write
from bot.publish.markdown.words import lines_of, repair
from storage.enums import LinkKind, MeetingKind, Role

_HOSTILE = st.sampled_from(
    [
        "[", "]", "(", ")", "*", "_", "`", "<", ">", "&", "\\", "|", "#", "~", "!", "'", '"', ",",
        "，", "、", "（", "）", " and ", "and", " ", "  ", "\n", "\t", "\u3000", "\x07", "\x85",
        "&amp;", "&#65;", "<br>", "<b>", "<!--", "](x)", "[a](b)", "![a](b)", "http://x.y/(z)",
        "💡", "🙎‍♂️", "✨", "📕", "📺", "🔗", "\ufe0f", "\u200d", "\ufeff", "\ufffd", "\ufffe",
        "ğŸ’¡", "ğŸ™â€â™‚ï¸", "â€™", "Ã©", "ï¼Œ", "é", "’", "中文", "שלום", "\u202e", "مرحبا",
        "open", "TBD", "*open*", "no talk", "cancelled", "*cancelled*", ":", "*special*",
        "Kick-off", "meeting",
        "SOSP'25", " 2024", "'99", "slides", "video", "link", "- ", "# ", "1. ", "a", "B", "7",
    ]
)  # fmt: skip
_hostile = st.lists(_HOSTILE, min_size=1, max_size=8).map("".join)
words = st.one_of(
    st.sampled_from(["Jenga", "open", "Kick-off meeting", "SOSP Rehearsal", "A * B_c [d]"]),
    _hostile,
    st.text(max_size=20),
)
urls = st.one_of(
    st.sampled_from(
        [
            "https://arxiv.org/pdf/2412.03131", "./slides/a_(b).pdf", "slides/1.pdf",
            "https://en.wikipedia.org/wiki/A_(b)?x=1&amp;y=[2]*#z", "./slides/",
            "https://пример.рф/ä", "javascript:alert(1)", "//host/x", "", "#top",
            "https://x/ğŸ’¡",
        ]
    ),
    _hostile.map("https://x.org/".__add__),
    _hostile,
)  # fmt: skip
links = st.lists(
    st.builds(PageLink, st.sampled_from(LinkKind), urls, st.none() | words), max_size=3
).map(tuple)
presenters = st.lists(
    st.builds(
        PagePresenter,
        st.one_of(words, st.just("Jiahao Li")).map("x".__add__),
        st.sampled_from(Role),
        st.none() | words,
    ),
    min_size=1,
    max_size=3,
).map(tuple)
talks = st.builds(
    PageTalk,
    words,
    st.none() | st.sampled_from(["SOSP", "arXiv"]) | words,
    st.none() | st.integers(1800, 2200),
    st.none() | urls,
    presenters,
    links,
)
slots = st.builds(
    PageSlot, st.none() | st.sampled_from(["Topic I", "Topic II"]) | words, st.none() | talks
)
dates = st.dates(date(2025, 9, 1), date(2026, 2, 28)) | st.dates()
meetings = st.builds(
    PageMeeting,
    dates,
    st.lists(slots, max_size=3).map(tuple),
    st.sampled_from(MeetingKind),
    st.none() | words,
    st.booleans(),
    links,
)
_MARKDOWN = st.sampled_from(
    ["# x", "## Schedule", "```", "~~~~", "    code", "- a", "\n", "\n\n", "> q", "### January 3",
     "<br>", "<!--", "[a]: b", "---", "text", "paperâ€™s", " ", "\r\n", "\t", "1. b", "\x85", "**"]
)  # fmt: skip
texts = st.lists(_MARKDOWN | st.just("\n"), max_size=10).map("".join) | st.text(max_size=30)
titles = st.sampled_from(["2025 Fall", "2026 Spring", "Reading group"]) | words.map("2025 ".__add__)
pages = st.builds(Page, titles, texts, texts, st.lists(meetings, max_size=4).map(tuple))


@given(page=pages)
@example(page=Page("2025 Fall", "```\nopen", "# Big\n\n    code", ()))
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_page_is_read_as_it_was_written(page: Page) -> None:
    clean = tidy(page)
    assert tidy(clean) == clean
    assert parse(write(page)) == ParsedPage(clean, ())
    assert parse(write(page, {one.date for one in page.meetings})) == ParsedPage(clean, ())
    assert write(clean) == write(page)


@given(
    st.text(alphabet=st.sampled_from("# \n-💡🙎✨[](),<br>*\\&`3Januy'ğŸ\t"), max_size=120) | texts
)
@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
def test_any_text_can_be_read_and_what_is_read_can_be_written(text: str) -> None:
    whole = "# 2025 Fall\n\n## Schedule\n\n### January 13\n\n" + text
    parsed = parse(whole)
    page = parsed.page
    assert tidy(page).meetings == page.meetings
    assert parse(write(page)).page == tidy(page)
    assert {one.line for one in parsed.problems} <= set(range(1, len(lines_of(whole)) + 1))


_SIGNS = [marks.PAPER, marks.PRESENTERS, marks.SPECIAL, *marks.LINK_SIGNS.values()]


@given(st.lists(st.sampled_from(_SIGNS) | st.characters(max_codepoint=127)).map("".join))
def test_the_pages_own_signs_are_never_taken_for_mojibake(line: str) -> None:
    assert repair(line) == line == ftfy.fix_encoding(line)
