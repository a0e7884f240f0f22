"""The feed of videos, as a feed reader takes it."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from xml.etree import ElementTree as ET

import feedparser
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.archive import Archive
from bot.publish import atom
from bot.publish.paths import Paths
from storage.enums import LinkKind
from tests.publish.archives import FOUNDED, GROUP, archive, link, meeting, slot, talk, term

BASE = "https://reading.example/group"
DAY = date(2026, 1, 13)
ENDED = datetime(2026, 1, 13, 13, tzinfo=UTC)
NS = {"atom": "http://www.w3.org/2005/Atom"}


def _feed(known: Archive, base_url: str | None = BASE) -> bytes:
    return atom.videos(known, Paths(known, base_url))


def _read(content: bytes) -> Any:
    found = feedparser.parse(content)
    assert not found.bozo, found.bozo_exception
    assert found.version == "atom10"
    return found


def _filmed(number: int, title: str, *names: str, url: str = "https://v.example/1") -> Any:
    return slot(talk(number, title, *names, venue="SOSP", year=2025, links=(link(url),)))


def test_each_talk_with_a_video_is_an_entry_that_leads_to_its_page() -> None:
    found = meeting(
        DAY,
        _filmed(1, "DiffKV: <b>Memory</b> & more", "Chengru Yang", "Jiawei Yi"),
        slot(talk(2, "LithOS", links=(link("./slides/x.pdf", LinkKind.SLIDES),))),
    )
    posted = ENDED + timedelta(hours=20)
    known = archive(term("2025 Fall", found), posted_at={"https://v.example/1": posted})
    feed = _read(_feed(known))

    assert feed.feed.title == "Systems reading group: videos"
    assert {(one.rel, one.href) for one in feed.feed.links} == {
        ("alternate", f"{BASE}/index.html"),
        ("self", f"{BASE}/videos.atom"),
    }
    (entry,) = feed.entries
    assert entry.title == "[SOSP'25] DiffKV: <b>Memory</b> & more"
    assert entry.link == f"{BASE}/2025-fall/2026-01-13-diffkv.html"
    assert entry.author == "Chengru Yang, Jiawei Yi"
    assert entry.published == entry.updated == feed.feed.updated == "2026-01-14T09:00:00+00:00"
    assert entry.summary == (
        'Tue 13 January 2026. <a href="https://v.example/1">Watch the video</a>'
    )


def test_a_video_that_came_with_a_page_is_as_old_as_its_meeting_and_the_newest_stand_first() -> (
    None
):
    old = meeting(DAY - timedelta(7), _filmed(1, "Old", url="https://v.example/old"))
    new = meeting(DAY, _filmed(2, "New", url="https://v.example/new"))
    late = {"https://v.example/old": ENDED + timedelta(days=1)}
    fall = term("2025 Fall", new, old)

    def order(known: Archive) -> list[str]:
        return [entry.title for entry in _read(_feed(known)).entries]

    assert order(archive(fall)) == ["[SOSP'25] New", "[SOSP'25] Old"]
    assert order(archive(fall, posted_at=late)) == ["[SOSP'25] Old", "[SOSP'25] New"]


def test_an_entry_keeps_its_id_whatever_its_talk_is_called_and_wherever_the_site_is() -> None:
    before = archive(term("2025 Fall", meeting(DAY, _filmed(1, "Before"))))
    after = archive(term("2025 Fall", meeting(DAY, _filmed(1, "After"))))
    ids = {
        _read(_feed(known, base)).entries[0].id
        for known in (before, after)
        for base in (BASE, None)
    }

    assert len(ids) == 1
    assert ids.pop().startswith("urn:uuid:")


def test_a_recording_of_the_whole_meeting_is_one_entry_for_all_its_talks() -> None:
    found = meeting(
        DAY,
        slot(talk(1, "One", "Ann")),
        slot(talk(2, "Two", "Bo", "Ann")),
        links=(link("https://v.example/all"),),
    )
    (entry,) = _read(_feed(archive(term("2025 Fall", found)))).entries

    assert (entry.title, entry.author) == ("One · Two", "Ann, Bo")
    assert entry.link == f"{BASE}/2025-fall/index.html#d2026-01-13"


def test_without_an_address_an_entry_leads_to_its_video() -> None:
    known = archive(term("2025 Fall", meeting(DAY, _filmed(1, "One"))))
    (entry,) = _read(_feed(known, None)).entries

    assert entry.link == "https://v.example/1"


def test_a_feed_without_a_video_is_a_feed_and_never_changes() -> None:
    known = archive(term("2025 Fall", meeting(DAY, slot())))

    assert _read(_feed(known)).entries == []
    assert _read(_feed(known)).feed.updated == FOUNDED.isoformat()
    assert _feed(known) == _feed(known)


def test_only_the_newest_are_listed_and_every_entry_has_what_the_standard_asks_for() -> None:
    days = [DAY - timedelta(7 * week) for week in range(60)]
    held = [
        meeting(day, _filmed(n, f"Talk {n}", url=f"https://v.example/{n}"))
        for n, day in enumerate(days)
    ]
    root = ET.fromstring(_feed(archive(term("2025 Fall", *held))))

    assert all(
        root.find(f"atom:{name}", NS) is not None for name in ("id", "title", "updated", "author")
    )
    entries = root.findall("atom:entry", NS)
    assert len(entries) == atom.MOST_VIDEOS
    for entry in entries:
        assert all(
            entry.find(f"atom:{name}", NS) is not None for name in ("id", "title", "updated")
        )
        assert [one.get("rel") for one in entry.findall("atom:link", NS)] == ["alternate"]
    assert len({entry.findtext("atom:id", None, NS) for entry in entries}) == len(entries)


def test_a_link_that_is_none_is_no_entry() -> None:
    bad = talk(1, "Bad", links=(link("javascript:alert(1)"), link("data:text/html,x")))

    assert _read(_feed(archive(term("2025 Fall", meeting(DAY, slot(bad)))))).entries == []


@given(st.text(), st.text())
def test_nothing_that_people_write_breaks_the_feed(title: str, name: str) -> None:
    known = archive(
        term(title, meeting(DAY, _filmed(1, title, name))), group=GROUP._replace(name=name)
    )
    root = ET.fromstring(_feed(known))

    assert len(root.findall("atom:entry", NS)) == 1
