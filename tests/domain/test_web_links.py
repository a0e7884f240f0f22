import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.web_links import (
    MAX_HOST,
    cleaned,
    host_number,
    host_of,
    is_known,
    read_host,
    same_video,
    starting_at,
    starts_somewhere,
    tidied,
)

BILIBILI = "https://www.bilibili.com/video/BV1aaa"


@pytest.mark.parametrize(
    ("url", "clean"),
    [
        (f"{BILIBILI}?t=1.4&vd_source=abc&p=2", f"{BILIBILI}?t=1.4&p=2"),
        (f"{BILIBILI}/?spm_id_from=333.999.0.0&from=search", f"{BILIBILI}/"),
        (f"{BILIBILI}?share_source=copy_web&p=3#reply1", f"{BILIBILI}?p=3#reply1"),
        ("https://youtu.be/dQw4?si=x_y&t=42", "https://youtu.be/dQw4?t=42"),
        ("https://www.youtube.com/watch?v=1&feature=share", "https://www.youtube.com/watch?v=1"),
        ("https://s.example/a.pdf?utm_source=x&UTM_medium=y", "https://s.example/a.pdf"),
        ("https://s.example/a.pdf?utm_source=x=y", "https://s.example/a.pdf"),
        ("https://s.example/a?q=a%20b&fbclid=1&r=+", "https://s.example/a?q=a%20b&r=+"),
    ],
)
def test_tracking_goes_and_the_place_in_a_video_stays(url: str, clean: str) -> None:
    assert cleaned(url) == clean


@pytest.mark.parametrize(
    "url",
    [
        "https://maps.example/?from=Hefei&si=1",
        "https://notbilibili.com/?from=1",
        "https://s.example/a?",
        "https://s.example/a?b&&c=",
        "https://S.example:443/#?utm_source=1",
        "javascript:alert(1)?utm_source=1",
    ],
)
def test_what_is_no_tracking_stays_to_the_letter(url: str) -> None:
    assert cleaned(url) == url


QUERIES = st.lists(
    st.sampled_from(["utm_x=1", "si=2", "t=3", "p", "", "from=%", "%75tm_a=1", "a=b=c", "#", "?"])
)

SECONDS = st.integers(0, 99 * 3600)


@given(
    st.sampled_from(["https://youtu.be/x", "http://a.example", "https://[", "ftp://a/", ""]),
    QUERIES,
)
def test_cleaning_twice_is_cleaning_once(address: str, query: list[str]) -> None:
    once = cleaned(f"{address}?{'&'.join(query)}")

    assert cleaned(once) == once


@given(st.text())
def test_any_text_at_all_is_taken(text: str) -> None:
    assert cleaned(cleaned(f"https://youtu.be/{text}")) == cleaned(f"https://youtu.be/{text}")
    assert isinstance(cleaned(text), str)


@pytest.mark.parametrize(
    ("url", "tidy"),
    [
        (
            "https://youtu.be/dQw4w9WgXcQ?si=x&t=42",
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ&t=42",
        ),
        ("http://youtu.be/dQw4w9WgXcQ/", "https://www.youtube.com/watch?v=dQw4w9WgXcQ"),
        (
            "https://youtu.be/dQw4w9WgXcQ?list=PL1#c",
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=PL1#c",
        ),
        (
            "https://www.youtu.be/dQw4w9WgXcQ?list=www.youtu.be?",
            "https://www.youtube.com/watch?v=dQw4w9WgXcQ&list=www.youtu.be?",
        ),
        ("https://m.youtube.com/watch?v=1&feature=share", "https://www.youtube.com/watch?v=1"),
        ("http://www.youtube.com/watch?v=1", "https://www.youtube.com/watch?v=1"),
        (
            "https://b23.tv/BV1xx411c7mD?share_source=copy&t=3",
            "https://www.bilibili.com/video/BV1xx411c7mD?t=3",
        ),
        ("https://m.bilibili.com/video/BV1aaa?p=2", f"{BILIBILI}?p=2"),
        ("https://b23.tv/AbC12x", "https://b23.tv/AbC12x"),
        ("https://youtu.be:8443/dQw4w9WgXcQ", "https://youtu.be:8443/dQw4w9WgXcQ"),
        ("https://youtu.be.evil.example/dQw4w9WgXcQ", "https://youtu.be.evil.example/dQw4w9WgXcQ"),
        ("https://youtu.be/", "https://youtu.be/"),
    ],
)
def test_a_video_has_its_sites_own_address_where_that_needs_no_asking(url: str, tidy: str) -> None:
    assert tidied(url) == tidy
    assert tidied(tidy) == tidy


@pytest.mark.parametrize(
    ("url", "other", "same"),
    [
        (BILIBILI, f"{BILIBILI}/?t=1.4", True),
        (f"{BILIBILI}?t=90", f"{BILIBILI}?t=1.4&vd_source=x", True),
        ("https://youtu.be/dQw4w9WgXcQ", "http://youtube.com/watch?v=dQw4w9WgXcQ&t=3#a", True),
        (BILIBILI, f"{BILIBILI}?p=2", False),
        (f"{BILIBILI}?p=2", f"{BILIBILI}/?p=2", True),
        (BILIBILI, BILIBILI.lower(), False),
        (BILIBILI, f"{BILIBILI}X", False),
        ("https://a.example/1://v", "https://a.example/2://v", False),
        ("https://www.youtube.com/watch?v=1", "https://www.youtube.com/watch?v=2", False),
    ],
)
def test_the_place_where_it_begins_makes_no_other_video(url: str, other: str, same: bool) -> None:
    assert same_video(url, other) is same
    assert same_video(other, url) is same


@given(
    st.sampled_from([BILIBILI, "https://a.example/v", "https://youtu.be/abcdef"]), QUERIES, SECONDS
)
def test_a_start_takes_the_place_of_another(address: str, query: list[str], at: int) -> None:
    url = f"{address}?{'&'.join(query)}"
    begins = starting_at(url, at)

    assert starts_somewhere(begins)
    assert same_video(url, begins)
    assert starting_at(starting_at(url, 7), at) == begins


def test_a_start_stands_among_the_other_parameters() -> None:
    assert starting_at(BILIBILI, 90) == f"{BILIBILI}?t=90"
    assert starting_at(f"{BILIBILI}?t=1.4&p=2#x", 90) == f"{BILIBILI}?p=2&t=90#x"
    assert starts_somewhere(f"{BILIBILI}?t=1=2&from=a?b")
    assert not starts_somewhere(f"{BILIBILI}?p=2#a&t=1")


@pytest.mark.parametrize(
    ("url", "known"),
    [
        (BILIBILI, True),
        ("https://zhuanlan.zhihu.com/p/1", True),
        ("https://youtu.be/x", True),
        ("https://ada.github.io/a.pdf", True),
        ("https://Slides.Example.ORG./a.pdf", True),
        ("https://cdn.slides.example.org/a.pdf", True),
        ("https://example.org/a.pdf", False),
        ("https://bilibili.com.evil.example/", False),
        ("https://evilbilibili.com/", False),
        ("no link at all", False),
    ],
)
def test_a_site_is_known_or_the_groups_own(url: str, known: bool) -> None:
    assert is_known(url, ("slides.example.org",)) is known


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("slides.example.org", "slides.example.org"),
        (" WWW.Example.org/ ", "example.org"),
        ("https://www.example.org:8443/a?b=c", "example.org"),
        ("example", None),
        ("127.0.0.1", None),
        ("http://[::1]/", None),
        ("two words.org", None),
        ("a..b", None),
        ("-a.example", None),
        ("x." * 200 + "org", None),
        ("", None),
    ],
)
def test_a_site_is_named_by_its_host_or_a_link_to_it(text: str, host: str | None) -> None:
    assert read_host(text) == host


def test_the_name_of_a_site_is_as_long_as_the_dns_has_it() -> None:
    longest = ".".join(["a" * 63] * 3 + ["b" * 61])

    assert len(longest) == MAX_HOST
    assert read_host(longest) == longest
    assert read_host(f"{longest}b") is None


def test_what_is_no_web_link_leads_to_no_site() -> None:
    assert host_of("https://www.example.org/a") == "example.org"
    assert host_of("ftp://example.org/a") == host_of("no link at all") == ""


def test_a_site_has_a_number_that_a_button_can_carry() -> None:
    # The check value of CRC-32 (https://reveng.sourceforge.io/crc-catalogue/all.htm), without its
    # first bit.
    assert host_number("123456789") == 0xCBF43926 - 2**31


@given(st.text())
def test_whatever_is_read_as_a_site_is_one_word_and_known_from_then_on(text: str) -> None:
    host = read_host(text)

    if host is not None:
        assert host.split() == [host]
        assert 0 <= host_number(host) < 2**31
        assert read_host(host) == host
