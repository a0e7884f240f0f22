import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.web_links import cleaned

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
