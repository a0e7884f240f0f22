"""Each group has one folder, and no other group has the same."""

from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from bot.config import PublishSettings
from bot.domain.names import slug
from bot.domain.views import GroupView
from bot.publish.places import names, places
from storage.enums import Weekday


def _group(group_id: int, name: str) -> GroupView:
    return GroupView(group_id, name, "UTC", Weekday.TUESDAY, time(19), 90, None, None, None)


def test_a_folder_is_named_after_its_group() -> None:
    found = places(PublishSettings(folder=Path("out")), [_group(1, "Systems reading group")])

    assert found[1].folder == Path("out/systems-reading-group")
    assert found[1].slides == Path("out/systems-reading-group/slides")
    assert found[1].url_of("./slides/251216_Nanoflow.pdf") is None


def test_slides_are_on_the_web_where_the_folder_is_served() -> None:
    settings = PublishSettings(site_url="https://reading.example.org")

    [place] = places(settings, [_group(1, "读书会")]).values()

    served = "https://reading.example.org/%E8%AF%BB%E4%B9%A6%E4%BC%9A"
    assert place.site_url == served
    assert place.url_of("./slides/251216_Nanoflow.pdf") == f"{served}/slides/251216_Nanoflow.pdf"
    assert place.url_of("https://example.org/a.pdf") == "https://example.org/a.pdf"


def test_the_settings_name_another_folder() -> None:
    settings = PublishSettings(
        site_url="https://example.org", folders={"ML": Path(), "OS": Path("a/os")}
    )

    found = places(settings, [_group(1, "ML"), _group(2, "OS")])

    assert (found[1].folder, found[1].site_url) == (Path("public"), "https://example.org")
    assert found[2].folder == Path("public/a/os")
    assert found[2].site_url == "https://example.org/a/os"


def test_an_older_group_keeps_its_folder_when_another_comes_that_is_called_alike() -> None:
    settings = PublishSettings(folders={"Other": Path("maths")})
    older = _group(3, "Reading-Group")
    names = ["reading group", "Maths", "Slides", "…", "Other"]
    later = [_group(number, name) for number, name in enumerate(names, 4)]

    assert places(settings, [older])[3] == places(settings, [*later, older])[3]
    assert [place.folder.name for place in places(settings, [*later, older]).values()] == [
        "reading-group",
        "reading-group-4",
        "maths-5",
        "slides-6",
        "group-7",
        "maths",
    ]


def test_beside_the_terms_of_a_group_no_other_groups_folder_can_be_in_their_place() -> None:
    settings = PublishSettings(
        site_url="https://example.org", folders={"ML": Path(), "OS": Path("os")}
    )
    called = ["ML", "OS", "2026 Spring", "2026_Spring", "…", "Slides"]

    found = places(settings, [_group(number, name) for number, name in enumerate(called, 1)])

    folders = [place.folder.name for place in found.values()]
    assert folders == ["public", "os", "2026-spring_", "2026-spring_-4", "group-5_", "slides_"]
    assert slug("2026_Spring_") == "2026-spring"  # what a term's folder is called
    assert found[3].site_url == "https://example.org/2026-spring_"


def test_two_groups_are_not_given_one_folder_by_the_settings() -> None:
    with pytest.raises(ValidationError, match="names one folder for two groups"):
        PublishSettings(folders={"ML": Path("reading"), "OS": Path("Reading")})


def test_of_two_terms_that_are_called_alike_the_later_ones_file_bears_its_number() -> None:
    assert names({7: "2025 fall!", 3: "2025 Fall", 5: "…"}) == {
        3: "2025-fall.md",
        5: "term-5.md",
        7: "2025-fall-7.md",
    }


@given(st.lists(st.text(min_size=1, max_size=12), unique=True))
def test_no_two_groups_share_a_folder(names: list[str]) -> None:
    groups = [_group(number, name) for number, name in enumerate(names, 1)]

    found = places(PublishSettings(), groups)

    assert len({str(place.folder).casefold() for place in found.values()}) == len(groups)
    assert all(place.folder.parent == Path("public") for place in found.values())
