"""The static site: that it is true, can be read by everybody, and does nobody harm."""

import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.archive import Archive
from bot.publish.site import build
from storage.enums import LinkKind, MeetingKind, MeetingStatus, Weekday
from tests.publish.archives import GROUP, archive, link, meeting, slot, talk, term
from tests.publish.html_checks import SeenPage, faults_of, loaded, schemes, targets

BASE = "https://reading.example/group"
NOW = datetime(2026, 1, 8, tzinfo=UTC)
DAY = date(2026, 1, 13)
WEEK = timedelta(7)
NASTY = "<script>alert('x')</script> & <img src=x onerror=alert(1)> $\\mathcal{O}(n)$ \"quoted\""

DIFFKV = talk(
    1,
    "DiffKV: Differentiated Memory Management",
    "Chengru Yang",
    "Jiawei Yi",
    venue="SOSP",
    year=2025,
    url="https://arxiv.org/pdf/2412.03131",
    links=(
        link("./slides/diffkv.pdf", LinkKind.SLIDES),
        link("https://v.example/1"),
    ),
)
NOT_YET = talk(
    2,
    "Tally",
    "Jia He",
    venue="arXiv",
    links=(link("./slides/", LinkKind.SLIDES), link("javascript:alert(1)")),
)
HOSTILE = talk(
    3,
    NASTY,
    "<b>Bo</b> & Co",
    venue="OSDI<b>",
    year=2026,
    url="javascript:alert(1)",
    links=(
        link("https://x.example/?a=1&b=2", LinkKind.OTHER, "<i>poster</i>"),
        link("data:text/html,<script>alert(1)</script>"),
    ),
)
CHINESE = talk(4, "面向大语言模型的缓存：一种方法", "陈欣怡")
RTL = talk(5, "مقدمة في أنظمة التشغيل \u202e:evil", "ليلى")
TEXT = """\
- At least **45** minutes, see <a href="https://x.example/" target="_blank" onclick="a()">here</a>
  and [the template](./slides/template.pdf), <a href="javascript:alert(1)">not that</a>,
  [nor](//evil.example).

<script>alert(1)</script> <style>p{}</style> <h1>big</h1> <img src="https://x.example/spy.png">
"""


def _scene() -> Archive:
    gone = meeting(
        DAY + 2 * WEEK, slot(CHINESE), status=MeetingStatus.CANCELLED, title="Spring Festival"
    )
    special = meeting(
        DAY + 3 * WEEK, slot(HOSTILE), slot(RTL), kind=MeetingKind.SPECIAL, title="OSDI Rehearsal"
    )
    following = meeting(DAY, slot(None, "Topic I"), slot(NOT_YET, "Topic II"))
    held = meeting(
        DAY - WEEK,
        slot(DIFFKV),
        slot(),
        begun=True,
        status=MeetingStatus.HELD,
        links=(link("https://v.example/whole"),),
    )
    fall = term(
        "2025 Fall", special, gone, following, held, id=2, requirements=TEXT, other_information="x"
    )
    spring = term(NASTY, meeting(date(2025, 3, 4), begun=True, status=MeetingStatus.HELD), id=1)
    return archive(fall, spring)


def _pages(files: Mapping[str, bytes]) -> dict[str, bytes]:
    return {path: content for path, content in files.items() if path.endswith(".html")}


@pytest.fixture(name="files", scope="module")
def _files() -> Mapping[str, bytes]:
    return build(_scene(), BASE, NOW)


@pytest.fixture(name="index", scope="module")
def _index(files: Mapping[str, bytes]) -> SeenPage:
    return SeenPage(files["index.html"])


def test_a_site_is_these_files(files: Mapping[str, bytes]) -> None:
    assert sorted(path for path in files if "/" not in path) == [
        "archive.html",
        "icon.svg",
        "index.html",
        "schedule.ics",
        "schedule.json",
        "site.css",
        "site.js",
        "videos.atom",
    ]
    assert {"2025-fall/index.html", "2025-fall/2026-01-06-diffkv.html"} <= set(files)
    assert len(_pages(files)) == 9
    invitations = [path for path in files if re.fullmatch(r".+/.+\.ics", path)]
    assert invitations == ["2025-fall/2026-02-03.ics", "2025-fall/2026-01-13.ics"]


def test_every_page_is_sound_and_can_be_read_by_a_screen_reader(files: Mapping[str, bytes]) -> None:
    assert {path: faults_of(page) for path, page in _pages(files).items() if faults_of(page)} == {}


def test_every_link_inside_leads_somewhere_from_wherever_it_stands(
    files: Mapping[str, bytes],
) -> None:
    kept = {"slides/diffkv.pdf", "slides/template.pdf"}  # beside the site, and not part of it
    for path, page in _pages(files).items():
        for target, fragment in targets(path, page):
            assert target in files or target in kept, (path, target)
            if fragment:
                assert fragment in SeenPage(files[target]).ids, (path, target, fragment)


def test_slides_beside_the_page_are_found_from_every_page(files: Mapping[str, bytes]) -> None:
    found = [
        path
        for path, page in _pages(files).items()
        if ("slides/diffkv.pdf", "") in targets(path, page)
    ]

    assert found == ["index.html", "2025-fall/index.html", "2025-fall/2026-01-06-diffkv.html"]


def test_a_page_fetches_and_runs_nothing_from_elsewhere(files: Mapping[str, bytes]) -> None:
    for page in _pages(files).values():
        assert {url.rpartition("/")[2] for url in loaded(page)} == {
            "icon.svg",
            "site.css",
            "site.js",
        }
        assert all(":" not in url for url in loaded(page))
        assert schemes(page) <= {"", "http", "https"}
        (policy,) = [
            one.attributes["content"] or ""
            for one in SeenPage(page).all("meta")
            if one.attributes.get("http-equiv") == "Content-Security-Policy"
        ]
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
    assert b"http" not in files["site.css"] + files["site.js"]


def test_the_next_meeting_stands_on_top_and_then_the_newest(index: SeenPage) -> None:
    assert index.texts("h1") == ["2025 Fall"]
    assert index.texts("h2")[:2] == ["Next meeting", "Schedule"]
    assert index.texts("p", "day") == ["Tue 13 January 2026"]
    assert index.texts("h3")[-4:] == [
        "Tue 3 February 2026",
        "Tue 27 January 2026",
        "Tue 13 January 2026",
        "Tue 6 January 2026",
    ]
    (button,) = index.all("a", "button")
    assert (button.text, button.attributes["href"]) == (
        "Add to calendar",
        "2025-fall/2026-01-13.ics",
    )
    assert index.texts("p", "usual") == ["Tuesdays, 19:00 (Asia/Shanghai) · Room 204"]


def test_a_meeting_may_be_somewhere_else_than_usual() -> None:
    coming = meeting(DAY, slot(DIFFKV), place="Library")
    files = build(archive(term("2025 Fall", coming)), None, NOW)

    index, page = (
        SeenPage(files[path]) for path in ("index.html", "2025-fall/2026-01-13-diffkv.html")
    )
    assert index.texts("p", "when") == ["19:00–21:00 · Library", "19:00–21:00Library"]
    assert page.texts("dd")[1] == "Library"


def test_an_open_slot_says_how_to_claim_it_and_a_past_one_nothing(index: SeenPage) -> None:
    assert index.texts("li", "open") == 2 * [
        "Topic I Open. Claim it in the group’s chat: /claim jan 13 1"
    ]


def test_a_cancelled_meeting_is_struck_and_called_so(index: SeenPage) -> None:
    (gone,) = index.all("article", "cancelled")

    assert gone.text.startswith("Tue 27 January 2026 Cancelled Spring Festival")
    assert index.texts("s") == ["Tue 27 January 2026"]
    assert index.texts("p", "mark") == ["Cancelled", "Next"]


def test_a_talk_has_a_page_with_all_that_is_known(files: Mapping[str, bytes]) -> None:
    page = SeenPage(files["2025-fall/2026-01-06-diffkv.html"])

    assert page.texts("h1") == [DIFFKV.title]
    assert page.texts("title") == [f"{DIFFKV.title} – Systems reading group"]
    facts = list(zip(page.texts("dt"), page.texts("dd"), strict=True))
    assert facts == [
        ("When", "Tue 6 January 2026, 19:00–21:00 (Asia/Shanghai)"),
        ("Presenter", "Chengru Yang"),
        ("With", "Jiawei Yi"),
    ]
    links = [(one.text, one.attributes["href"]) for one in page.all("a") if "rel" in one.attributes]
    about = f"of {DIFFKV.title}"
    assert links == [
        (f"Paper {about}", "https://arxiv.org/pdf/2412.03131"),
        (f"Slides {about}", "../slides/diffkv.pdf"),
        (f"Video {about}", "https://v.example/1"),
        (f"Video {about}", "https://v.example/whole"),
    ]
    assert all(
        one.attributes["rel"] == "noopener" for one in page.all("a") if "rel" in one.attributes
    )


def _paper_by(*authors: str) -> list[str]:
    known = archive(term("2025 Fall", meeting(DAY, slot(DIFFKV))), authors={DIFFKV.id: authors})
    page = build(known, None, NOW)["2025-fall/2026-01-13-diffkv.html"]
    assert faults_of(page) == []
    return SeenPage(page).texts("dd")[4:]


def test_a_talks_page_says_who_wrote_the_paper_the_first_few_where_they_are_many() -> None:
    assert _paper_by() == []
    assert _paper_by("李 <b>&") == ["李 <b>&"]
    eight = [f"Author {number}" for number in range(8)]
    assert _paper_by(*eight) == [", ".join(eight)]
    assert _paper_by(*eight, "Last") == [", ".join(eight) + " et al."]


def test_slides_that_are_a_bare_folder_and_links_that_act_are_not_there(
    files: Mapping[str, bytes],
) -> None:
    page = SeenPage(files["2025-fall/2026-01-13-tally.html"])

    assert [one for one in page.all("a") if "rel" in one.attributes] == []
    assert page.texts("a", "button") == ["Add to calendar"]


def test_whatever_people_write_is_words(files: Mapping[str, bytes]) -> None:
    path = "2025-fall/2026-02-03-script-alert-x-script-img-src-x-onerror.html"
    page = SeenPage(files[path])

    assert page.texts("h1") == [NASTY]
    assert page.texts("dd")[3] == "<b>Bo</b> & Co"
    assert page.texts("span", "venue") == ["OSDI<b>'26", *page.texts("span", "venue")[1:]]
    assert [
        (one.text, one.attributes["href"]) for one in page.all("a") if "rel" in one.attributes
    ] == [(f"<i>poster</i> of {NASTY}", "https://x.example/?a=1&b=2")]
    assert "\u202e" not in files["index.html"].decode()


def test_every_page_forbids_what_is_not_its_own(files: Mapping[str, bytes]) -> None:
    for path, content in files.items():
        if path.endswith(".html"):
            policies = [
                one.attributes["content"] or ""
                for one in SeenPage(content).all("meta")
                if one.attributes.get("http-equiv") == "Content-Security-Policy"
            ]
            (policy,) = (dict(part.split(maxsplit=1) for part in p.split("; ")) for p in policies)
            assert policy.pop("default-src") == policy["base-uri"] == "'none'", path
            assert policy["script-src"] == "'self'", path
            assert set(policy.values()) == {"'self'", "'none'"}, path


def test_the_terms_texts_are_shown_without_what_could_act(index: SeenPage) -> None:
    aside = next(one for one in index.elements if one.tag == "aside")
    links = {one.text: one.attributes for one in index.all("a") if "aside" in one.inside}

    assert aside.text.startswith("Specific Requirements At least 45 minutes, see here and")
    assert "alert" not in aside.text
    assert links == {
        "here": {"href": "https://x.example/", "rel": "noopener"},
        "the template": {"href": "slides/template.pdf", "rel": "noopener"},
        "not that": {"rel": "noopener"},
        "nor": {"rel": "noopener"},
    }


def test_all_terms_are_in_the_archive_with_their_talks(files: Mapping[str, bytes]) -> None:
    page = SeenPage(files["archive.html"])

    assert page.texts("h2")[:2] == ["2025 Fall", NASTY]
    assert page.texts("p", "title") == [
        HOSTILE.title,
        "مقدمة في أنظمة التشغيل :evil",
        NOT_YET.title,
        DIFFKV.title,
    ]


def test_a_term_in_which_nobody_took_a_slot_yet_is_there_as_such() -> None:
    known = archive(term("2026 Spring", meeting(DAY, slot())), term("2025 Fall", id=2))
    page = SeenPage(build(known, None, NOW)["archive.html"])

    assert page.texts("p", "usual")[1:] == ["No talk yet.", "No talk yet."]


def test_the_term_says_when_it_meets_though_the_next_one_will_meet_on_another_day() -> None:
    tuesdays = (meeting(DAY + number * WEEK) for number in (2, 1, 0))
    group = GROUP._replace(weekday=Weekday.FRIDAY, start_time=time(9))
    files = build(archive(term("2025 Fall", *tuesdays), group=group), None, NOW)

    usual = SeenPage(files["index.html"]).texts("p", "usual")
    assert usual == ["Tuesdays, 19:00 (Asia/Shanghai) · Room 204"]


def test_a_kick_off_is_named_once() -> None:
    kick_off = talk(6, "Kick-off meeting", "Youhui Bai")
    special = {"kind": MeetingKind.SPECIAL, "title": "Kick-off meeting"}
    files = build(archive(term("2025 Fall", meeting(DAY, slot(kick_off), **special))), None, NOW)

    assert SeenPage(files["index.html"]).texts("p", "occasion") == []
    page = SeenPage(files["2025-fall/2026-01-13-kick-off-meeting.html"])
    assert "Occasion" not in page.texts("dt")


def test_the_search_is_hidden_until_the_script_is_there(index: SeenPage) -> None:
    (form,) = index.all("form")
    choices = [one.text for one in index.all("option")]

    assert "hidden" in form.attributes
    assert choices[:4] == ["All", "OSDI<b>'26", "SOSP'25", "arXiv"]
    assert choices[4] == "Everyone"
    (item,) = [one for one in index.all("li", "talk") if DIFFKV.title in one.text]
    assert item.attributes["data-venue"] == "SOSP'25"
    assert item.attributes["data-people"] == "Chengru Yang|Jiawei Yi"


def test_pages_say_where_they_are_only_where_that_is_known(files: Mapping[str, bytes]) -> None:
    def canonical(content: bytes) -> list[str | None]:
        links = SeenPage(content).all("link")
        return [one.attributes["href"] for one in links if one.attributes["rel"] == "canonical"]

    assert canonical(files["2025-fall/index.html"]) == [f"{BASE}/2025-fall/index.html"]
    alone = build(_scene(), None, NOW)
    assert set(alone) == set(files)
    assert canonical(alone["2025-fall/index.html"]) == []
    assert b"reading.example" not in b"".join(alone.values())


def test_nothing_is_told_that_is_only_for_members(files: Mapping[str, bytes]) -> None:
    assert "secret" in (GROUP.online_url or "")
    assert b"secret" not in b"".join(files.values()).replace(b"\r\n ", b"")


def test_the_same_archive_gives_the_same_bytes(files: Mapping[str, bytes]) -> None:
    assert build(_scene(), BASE, NOW + timedelta(days=2)) == files


def test_after_the_last_meeting_there_is_no_next_one() -> None:
    page = SeenPage(build(_scene(), BASE, NOW + timedelta(days=99))["index.html"])

    assert page.texts("p", "none") == ["No meeting is planned at the moment."]


def test_a_group_without_a_term_or_a_meeting_has_a_site_too() -> None:
    for known in (archive(), archive(term("2026 Spring"))):
        files = build(known, BASE, NOW)
        for page in _pages(files).values():
            assert faults_of(page) == []


WRITTEN = st.text(
    st.one_of(st.characters(codec="utf-8"), st.sampled_from("<>&\"'`\0\x1b\u202e\u2028|/\\")),
    max_size=60,
)


@settings(max_examples=40)
@given(WRITTEN, WRITTEN, WRITTEN, WRITTEN, WRITTEN)
def test_nothing_that_people_write_breaks_a_page(
    title: str, name: str, topic: str, place: str, url: str
) -> None:
    one = talk(
        1, title or "x", name, venue=topic or None, url=url, links=(link(url), link(f"./{url}"))
    )
    held = meeting(DAY, slot(one, topic), slot(None, topic), kind=MeetingKind.SPECIAL, title=title)
    group = GROUP._replace(name=name, place=place)
    files = build(archive(term(title, held, requirements=topic), group=group), BASE, NOW)

    for path, content in _pages(files).items():
        wrong = [one for one in faults_of(content) if "without words" not in one]
        assert wrong == [], path
        assert schemes(content) <= {"", "http", "https"}
        assert len(SeenPage(content).all("script")) == 1
        assert (
            all(target.split("/")[0] != ".." for target, _ in targets(path, content)) or ".." in url
        )
