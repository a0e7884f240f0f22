"""What a button carries, there and back."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.callbacks import LARGEST, MAX_BYTES, Callback, ShowSchedule, codec, decode, encode
from bot.telegram.router import BUTTONS

TYPES: tuple[type[Callback], ...] = get_args(Callback)
ids = st.integers(-LARGEST, LARGEST)


@st.composite
def made(draw: st.DrawFn) -> Callback:
    kind = draw(st.sampled_from(TYPES))
    return kind(*(draw(ids) for _ in kind._fields))


@given(made())
def test_a_button_means_when_tapped_what_it_meant_when_made(callback: Callback) -> None:
    read = decode(encode(callback))

    assert (type(read), read) == (type(callback), callback)


@pytest.mark.parametrize("kind", TYPES)
@pytest.mark.parametrize("number", [LARGEST, -LARGEST])
def test_the_largest_ids_fit_a_button(kind: type[Callback], number: int) -> None:
    largest = kind(*(number for _ in kind._fields))

    assert len(encode(largest).encode()) <= MAX_BYTES
    assert decode(encode(largest)) == largest


def test_a_payload_is_a_version_a_word_and_numbers() -> None:
    assert encode(ShowSchedule(group_id=7, offset=-1)) == "c1:page:7:-1"


def test_every_kind_of_button_has_a_handler() -> None:
    assert set(BUTTONS) == set(TYPES)


def test_a_button_of_another_version_means_nothing() -> None:
    assert decode("c1:page:1:0") == ShowSchedule(1, 0)
    assert decode("c2:page:1:0") is None
    assert decode("c0:page:1:0") is None


@pytest.mark.parametrize(
    "data",
    [
        "",
        "c1",
        "c1:",
        "c1:page",
        "c1:page:1",
        "c1:page:1:2:3",
        "c1:page:1:",
        "c1:page:1:x",
        "c1:page:1:2\n",
        "c1:page: 1:2",
        "c1:page:+1:2",
        "c1:page:--1:2",
        "c1:page:1:2.0",
        "c1:page:1:1_0",
        "c1:page:1:٣",
        "c1:page:1:²",
        "c1:page:1:2147483648",
        "c1:page:1:99999999999999999999",
        "c1:nothing:1:2",
        "C1:page:1:2",
        " c1:page:1:2",
    ],
)
def test_nonsense_means_nothing(data: str) -> None:
    assert decode(data) is None


NUMBERS = st.lists(st.from_regex(r"-?[0-9]{1,11}", fullmatch=True) | st.text(), max_size=4)


@given(st.sampled_from(sorted(codec._WORDS)) | st.text(), NUMBERS)
def test_whatever_is_forged_is_nothing_or_a_button_that_could_be_made(
    word: str, numbers: list[str]
) -> None:
    asked = decode(":".join(["c1", word, *numbers]))
    if asked is not None:
        assert decode(encode(asked)) == asked
        assert len(encode(asked).encode()) <= MAX_BYTES
        assert all(abs(number) <= LARGEST for number in asked)
