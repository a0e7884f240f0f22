"""What a member means by the words behind `/claim`."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain import claims
from bot.domain.claims import (
    Starts,
    Wish,
    day_behind,
    names_another_day,
    names_several,
    read_exchange,
    read_paper,
    read_sentence,
    read_starts,
    read_wish,
)
from bot.domain.linked_text import first_link
from bot.text.render import start

TODAY = date(2026, 1, 9)
KNOWN = (date(2026, 1, 6), date(2026, 1, 13), date(2026, 1, 20))
JAN_13 = date(2026, 1, 13)
PAPER = "https://arxiv.org/abs/2509.01092"


def read(text: str) -> Wish:
    return read_wish(text, TODAY, KNOWN)


@pytest.mark.parametrize(
    "text",
    [
        "jan 13 jan 20",
        "jan 13 and jan 20 REFRAG",
        f"jan 13, 20 january {PAPER}",
        "13.1. 20.1.",
        "13.1. or 20.1.",
        "jan 13 2 and jan 20 1",
        "jan 13 + 20",
        "jan 13 and the 20th",
        "1月13日和1月20日",
        "REFRAG on jan 13, jan 20",
        "REFRAG on jan 13 and jan 20",
        "jan 13 REFRAG or on jan 20",
        "next and jan 20",
    ],
)
def test_two_days_are_told_from_one(text: str) -> None:
    assert names_another_day(read(text), TODAY, KNOWN)


@pytest.mark.parametrize(
    "text",
    [
        "jan 13 REFRAG",
        "jan 13 jan 13",
        "jan 13 (Tuesday)",
        "jan 13 2",
        "jan 13 and 2",
        "jan 13 1.20 Trillion Parameters",
        "jan 13 20 Questions",
        "jan 13 The jan 20 incident",
        "jan 13 feb 3",
        "jan 13 next token prediction",
        "REFRAG and jan 20",
        "",
    ],
)
def test_what_only_looks_like_a_second_day_may_be_a_title(text: str) -> None:
    assert not names_another_day(read(text), TODAY, KNOWN)


def test_what_is_looked_at_for_a_second_day_grows_as_the_text_does(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    looked_at: list[int] = []

    def another(words: str, *_: object, **__: object) -> bool:
        looked_at.append(len(words))
        return False

    monkeypatch.setattr(claims, "names_another", another)
    text = "jan 20 x " + "on jan 13 " * 400
    assert not names_another_day(read(text), TODAY, KNOWN)
    assert sum(looked_at) < 3 * len(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("DiffKV on jan 13", JAN_13),
        (f"DiffKV, jan 13, slot 2 {PAPER}", JAN_13),
        ("DiffKV on jan 15, please", date(2026, 1, 15)),
        ("x" * 5000 + " on jan 13", JAN_13),
        ("DiffKV", None),
        ("Jan 13 in the History of Caches", None),
        ("Qwen 2.5", None),
    ],
)
def test_a_date_stands_behind_a_title_whether_or_not_a_meeting_has_it(
    text: str, day: date | None
) -> None:
    assert day_behind(text, TODAY) == day


@pytest.mark.parametrize(
    ("text", "slot", "rest"),
    [
        ("jan 13 with jan 20", None, "jan 20"),
        ("jan 13 2 for jan 20 1", 2, "jan 20 1"),
        ("jan 13 jan 20", None, "jan 20"),
        ("1月13日 第二个 和1月20日", 2, "1月20日"),
        ("13.1. mit 20.1.", None, "20.1."),
    ],
)
def test_two_places_to_be_exchanged_are_told_apart(text: str, slot: int | None, rest: str) -> None:
    both = read_exchange(text, TODAY, KNOWN)
    assert both is not None
    (first, its_words), (second, words) = both
    assert (first.day, first.position, second.day, words) == (
        JAN_13,
        slot,
        date(2026, 1, 20),
        rest,
    )
    assert read_wish(its_words, TODAY, KNOWN)[:2] == (JAN_13, slot)


@pytest.mark.parametrize(
    "text", ["", "jan 13", "with Ben", "jan 13 with Ben", "jan 13 jan 13", "jan 14 with jan 20"]
)
def test_one_place_is_no_exchange(text: str) -> None:
    assert read_exchange(text, TODAY, KNOWN) is None


def test_a_sentence_with_two_days_leaves_the_day_open() -> None:
    def day(text: str) -> date | None:
        return read_sentence(text, TODAY, KNOWN).day

    assert day(f"can I take {PAPER} on jan 13 or jan 20?") is None
    assert day(f"can I take {PAPER} on jan 13 or so?") == JAN_13


@pytest.mark.parametrize("day", [date(2026, 1, 2), date(2026, 2, 1)])
@pytest.mark.parametrize("words", ["2 2/1 LithOS", "#2 2/1 LithOS"])
def test_behind_a_slots_number_a_date_is_that_of_a_meeting_too(words: str, day: date) -> None:
    assert read_wish(words, TODAY, (day,)) == Wish(day, 2, "LithOS", "LithOS", None)


@pytest.mark.parametrize(
    "text",
    [
        f"jan 13 2 REFRAG {PAPER}",
        f"am 13.1. 2 REFRAG {PAPER}",
        f"nächsten Dienstag 2 REFRAG {PAPER}",
        f"Di 13.1., 2: REFRAG {PAPER}",
        f"REFRAG am 13.1., 2 {PAPER}",
        f"13.1 ii REFRAG {PAPER}",
        f"13.1. II REFRAG {PAPER}",
        f"1月13日 2 REFRAG {PAPER}",
        f"2026-01-13 #2 REFRAG {PAPER}",
        f"tue topic II REFRAG {PAPER}",
        f"Jan 13, slot 2 REFRAG {PAPER}",
        f"jan 13 2 {PAPER} REFRAG",
        f"  jan  13   2   REFRAG   {PAPER}  ",
        f"jan 13\n2\nREFRAG\n{PAPER}",
        f"jan 13 2 REFRAG ({PAPER}).",
        f"Jan 13, topic 2, REFRAG {PAPER}",
        f"jan 13 topic-2: REFRAG {PAPER}",
        f"topic 2 on jan 13 REFRAG {PAPER}",
        f"2 jan 13 REFRAG {PAPER}",
        f"Tue 13 January, 19:00, Topic II – REFRAG {PAPER}",
        f"jan 13 (2) REFRAG: {PAPER}",
        f"jan 13 2. REFRAG — {PAPER}",
        f"jan 13, 2, title: REFRAG link: {PAPER}",
        f"jan 13 2 [REFRAG]({PAPER})",
        "jan 13 2 REFRAG arxiv.org/abs/2509.01092",
        "jan 13 2 arXiv:2509.01092 REFRAG",
        "jan 13 2 REFRAG 2509.01092",
    ],
)
def test_date_slot_title_and_link_are_read_in_many_spellings(text: str) -> None:
    wish = read(text)

    assert (wish.day, wish.position, wish.title, wish.url) == (JAN_13, 2, "REFRAG", PAPER)


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("", Wish(None, None, None, None, None)),
        (PAPER, Wish(None, None, None, None, PAPER)),
        ("REFRAG", Wish(None, None, "REFRAG", "REFRAG", None)),
        (f"REFRAG {PAPER}", Wish(None, None, "REFRAG", "REFRAG", PAPER)),
        ("jan 13", Wish(JAN_13, None, None, None, None)),
        ("jan 13 2", Wish(JAN_13, 2, None, "2", None)),
        (f"jan 13 {PAPER}", Wish(JAN_13, None, None, None, PAPER)),
        ("jan 13 REFRAG", Wish(JAN_13, None, "REFRAG", "REFRAG", None)),
        ("next REFRAG", Wish(JAN_13, None, "REFRAG", "REFRAG", None)),
        ("on jan 13 REFRAG", Wish(JAN_13, None, "REFRAG", "REFRAG", None)),
        ("下周二 2 缓存", Wish(JAN_13, 2, "缓存", "2 缓存", None)),
        ("10.1145/1.2", Wish(None, None, None, None, "https://doi.org/10.1145/1.2")),
        ("youtu.be/abc", Wish(None, None, None, None, "https://youtu.be/abc")),
    ],
)
def test_whatever_was_not_said_is_nothing(text: str, wish: Wish) -> None:
    assert read(text) == wish


@pytest.mark.parametrize(
    "title",
    [
        "3FS: a file system for AI",
        "2 Fast 2 Furious",
        "3D parallelism",
        "10x faster training",
        "2PC considered harmful",
        "1.58-bit LLMs",
        "May the force be with you",
        "I/O is faster than the CPU",
        "V8 inside out",
        "Node.js/Deno internals",
        "On May 4 at sea",
        "Topic 2 models",
        "The missing link",
        "Paper tigers",
        "-1 is all you need",
    ],
)
def test_a_title_that_begins_like_a_number_or_a_date_stays_whole(title: str) -> None:
    assert read(f"{title} {PAPER}") == Wish(None, None, title, title, PAPER)


def test_a_number_behind_a_date_is_a_slot_and_may_yet_turn_out_to_be_the_titles() -> None:
    wish = read("jan 13 2 Fast 2 Furious")

    assert (wish.position, wish.title, wish.rest) == (2, "Fast 2 Furious", "2 Fast 2 Furious")


def test_a_number_that_goes_on_as_a_word_is_the_titles() -> None:
    assert read("jan 13 3FS: a file system") == Wish(
        JAN_13, None, "3FS: a file system", "3FS: a file system", None
    )


@pytest.mark.parametrize(
    ("written", "url", "title"),
    [
        (f"REFRAG ({PAPER}).", PAPER, "REFRAG"),
        (f"REFRAG <{PAPER}>", PAPER, "REFRAG"),
        (f"REFRAG “{PAPER}”", PAPER, "REFRAG"),
        (f"REFRAG {PAPER},", PAPER, "REFRAG"),
        (f"REFRAG {PAPER}, part 2", PAPER, "REFRAG part 2"),
        (f"({PAPER}) REFRAG", PAPER, "REFRAG"),
        (f"<{PAPER}>REFRAG", PAPER, "REFRAG"),
        (f"REFRAG (see {PAPER})", PAPER, "REFRAG (see )"),
        (f"REFRAG（{PAPER}）。", PAPER, "REFRAG"),
        (f"{PAPER}，论文", PAPER, "论文"),
        ("REFRAG https://en.example/a_(b).", "https://en.example/a_(b)", "REFRAG"),
        ("REFRAG https://en.example/a_(b)", "https://en.example/a_(b)", "REFRAG"),
        ("REFRAG HTTPS://Papers.example/X?a=1#b", "HTTPS://Papers.example/X?a=1#b", "REFRAG"),
    ],
)
def test_a_link_ends_where_its_sentence_goes_on(written: str, url: str, title: str) -> None:
    wish = read(written)

    assert (wish.url, wish.title) == (url, title)


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("(https://papers.example/1.).", "https://papers.example/1"),
        ("(https://papers.example/X)", "https://papers.example/X"),
        ("no link", None),
    ],
)
def test_the_punctuation_behind_a_link_in_brackets_is_not_the_links(
    text: str, link: str | None
) -> None:
    assert first_link(text) == link


def test_without_a_date_everything_but_the_link_is_the_title() -> None:
    assert read_paper(f"jan 13 2 {PAPER}") == Wish(None, None, "jan 13 2", "jan 13 2", PAPER)
    assert read_paper("") == Wish(None, None, None, None, None)


CODE = "https://github.com/lithos/lithos"


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        (f"REFRAG {PAPER} {CODE}", ("REFRAG", PAPER, (CODE,))),
        (f"REFRAG {CODE} {PAPER}", ("REFRAG", PAPER, (CODE,))),
        (f"REFRAG {PAPER} code: {CODE}", ("REFRAG", PAPER, (CODE,))),
        (f"REFRAG paper: {PAPER} code: {CODE}", ("REFRAG", PAPER, (CODE,))),
        (f"REFRAG {PAPER} (code: {CODE})", ("REFRAG", PAPER, (CODE,))),
        (f"REFRAG {PAPER} github.com/lithos/lithos", ("REFRAG", PAPER, (CODE,))),
        (f"{PAPER} https://arxiv.org/pdf/2509.01092v2", (None, PAPER, ())),
        (f"arXiv:2509.01092 REFRAG {PAPER}", ("REFRAG", PAPER, ())),
        (f"link: {PAPER} code: {CODE}", (None, PAPER, (CODE,))),
        ("arxiv 2509.01092", (None, PAPER, ())),
        (f"{CODE} https://a.example/", (None, CODE, ("https://a.example/",))),
    ],
)
def test_of_several_links_the_papers_is_taken_and_none_is_in_the_title(
    text: str, wish: tuple[str | None, str, tuple[str, ...]]
) -> None:
    said = read(f"jan 13 2 {text}")

    assert (said.title, said.url, said.left_out) == wish
    assert (said.day, said.position) == (JAN_13, 2)


@pytest.mark.parametrize(
    ("text", "day", "position"),
    [
        (f"REFRAG on jan 13, slot 2 {PAPER} {CODE}", JAN_13, 2),
        (f"REFRAG on jan 13 {PAPER} {CODE}", JAN_13, None),
        (f"REFRAG {PAPER} {CODE}", None, None),
    ],
)
def test_links_belong_to_a_title_wherever_the_date_stands(
    text: str, day: date | None, position: int | None
) -> None:
    assert read(text) == Wish(day, position, "REFRAG", "REFRAG", PAPER, (CODE,))


def test_of_several_links_in_a_sentence_the_others_are_left_out() -> None:
    said = read_sentence(f"may I have {PAPER} on jan 13? {CODE}", TODAY, KNOWN)

    assert said == Wish(JAN_13, None, None, None, PAPER, (CODE,))


@pytest.mark.parametrize(
    "text",
    [
        "jan 13 second slot REFRAG",
        "jan 13 the second slot: REFRAG",
        "jan 13 in the second slot REFRAG",
        "next tuesday second slot REFRAG",
        "jan 13 slot two REFRAG",
        "Jan 13 Topic Two. REFRAG",
        "jan 13 2nd talk REFRAG",
        "jan 13 the second one REFRAG",
        "the second slot on january 13th: REFRAG",
        "1月13日 第二个 REFRAG",
        "1月13日第2个REFRAG",
        "1月13日 第二场，REFRAG",
        "1/13 Topic二 REFRAG",
        "下周二第二 REFRAG",
        "REFRAG jan 13 2",
        "REFRAG on jan 13, slot 2",
        "REFRAG, Jan 13 topic two please",
        "REFRAG for next week 2",
        "REFRAG next tuesday second slot",
        "REFRAG on tuesday 2",
        "REFRAG on the 13th 2",
        "the 13th 2 REFRAG",
        "janurary 13 2 title: REFRAG",
        "REFRAG on 13.1. 2",
        "REFRAG 下周二 第二个",
        "REFRAG 2026-01-13 #2",
        "REFRAG 13 January, 2. Thanks!",
    ],
)
def test_a_slot_is_named_in_words_and_stands_behind_the_title_too(text: str) -> None:
    wish = read(text)

    assert (wish.day, wish.position, wish.title) == (JAN_13, 2, "REFRAG")


@pytest.mark.parametrize(
    "title",
    [
        "What Comes Next",
        "Ruby Tuesday",
        "Built to Last",
        "Where Are LLMs Today",
        "Qwen 13.1",
        "3.5 Turbo",
        "Serving on Llama 3.1",
        "Dreams of the May Queen",
        "Things to do on mars 13",
        "Looking back on jan 14",
        "Looking back on jan 13 x",
        "For whom the bell tolls this time",
    ],
)
def test_the_end_of_a_title_is_no_date(title: str) -> None:
    assert read(title) == Wish(None, None, title, title, None)


@pytest.mark.parametrize(
    ("title", "position"),
    [
        ("One Model to Learn Them All", None),
        ("Second-order methods", None),
        ("First, do no harm", None),
        ("第一性原理", None),
        ("Two slots are better", None),
    ],
)
def test_a_number_in_words_begins_a_title(title: str, position: int | None) -> None:
    assert read(f"jan 13 {title}") == Wish(JAN_13, position, title, title, None)


@pytest.mark.parametrize(
    "rest",
    [
        "1 and 2 REFRAG and DiffKV",
        "1+2 REFRAG",
        "1 & 2",
        "1,2 REFRAG",
        "I and II REFRAG",
        "slots 1 and 2 REFRAG",
        "both slots",
        "both of them REFRAG",
        "both",
    ],
)
def test_two_slots_in_one_claim_are_noticed(rest: str) -> None:
    assert names_several(read(f"jan 13 {rest}").rest)


@pytest.mark.parametrize(
    "rest",
    [None, "REFRAG", "2 REFRAG", "1 and only", "Both Sides Now", "2 and a half men", "1, 20"],
)
def test_one_slot_or_none_is_not_two(rest: str | None) -> None:
    assert not names_several(rest)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("any slot: DiffKV", "DiffKV"),
        ("the next open slot for DiffKV", "DiffKV"),
        ("free slot", None),
        ("a slot please", None),
        ("slot 2", None),
        ("2", None),
        ("topic II", None),
        ("2 DiffKV", "2 DiffKV"),
        ("TITLE LINK", None),
        ("Title", "Title"),
        ("??", None),
        ("Slot Attention", "Slot Attention"),
        ("The Next Frontier", "The Next Frontier"),
    ],
)
def test_what_names_no_paper_is_no_title(text: str, title: str | None) -> None:
    assert read(text) == Wish(None, None, title, title, None)


@pytest.mark.parametrize(
    ("text", "day", "position"),
    [
        (f"could I take {PAPER} in the second slot of jan 13?", JAN_13, 2),
        (f"I'd present {PAPER} on jan 13, topic 2", JAN_13, 2),
        (f"我想讲 {PAPER} 下周二第二个", JAN_13, 2),
        (f"can I take {PAPER} next week", JAN_13, None),
        (f"I would like to talk about {PAPER}", None, None),
    ],
)
def test_of_a_sentence_only_day_slot_and_link_are_taken(
    text: str, day: date | None, position: int | None
) -> None:
    assert read_sentence(text, TODAY, KNOWN) == Wish(day, position, None, None, PAPER)


@pytest.mark.parametrize("words", ["thanks!", "please", "OK", "好的", "Thank you."])
def test_a_courtesy_is_no_title(words: str) -> None:
    assert read_paper(words).title is None
    assert read(f"jan 13 2 {words}").title is None


def test_next_is_the_first_that_takes_place_and_has_not_begun() -> None:
    ahead = KNOWN[2:]

    assert read_wish("next REFRAG", TODAY, KNOWN, ahead).day == KNOWN[2]
    assert read_wish("next REFRAG", TODAY, KNOWN, ()).day == JAN_13
    assert read_wish("jan 13 REFRAG", TODAY, KNOWN, ahead).day == JAN_13
    assert read_sentence(f"can I take {PAPER} next?", TODAY, KNOWN, ahead).day == KNOWN[2]


words = st.lists(
    st.sampled_from(
        ["jan", "13", "13.1", "2", "II", "topic", "tue", "next", "REFRAG", "3FS:", "(x)", "1月13日"]
    )
    | st.text(min_size=1, max_size=12),
    max_size=8,
).map(" ".join)


@given(words | st.text())
def test_nothing_that_is_written_makes_it_stumble(text: str) -> None:
    wish = read(text)

    assert wish.position is None or wish.day is not None
    assert wish.url is None or wish.url in text
    assert wish.day is not None or not names_another_day(wish, TODAY, KNOWN)


plain = st.text(st.characters(categories=["Ll", "Lu", "Lo"]), min_size=4, max_size=10)
titles = st.lists(plain.map(lambda word: f"x{word}"), min_size=1, max_size=6).map(" ".join)


@given(st.sampled_from(["", "jan 13 ", "jan 13 2 ", "13.1 ii ", "1月13日 "]), titles, st.booleans())
def test_no_word_of_the_title_and_no_link_is_ever_lost(
    where: str, title: str, link_first: bool
) -> None:
    paper = f"{PAPER} {title}" if link_first else f"{title} {PAPER}"

    wish = read(where + paper)

    assert (wish.title, wish.url) == (title, PAPER)
    assert not names_another_day(wish, TODAY, KNOWN)
    assert wish.day == (JAN_13 if where else None)


@pytest.mark.parametrize(
    ("text", "seconds", "rest"),
    [
        ("1:30 47:10", (90, 2830), ""),
        ("jan 13 https://v.example/1:30 0:00, 1:02:30", (0, 3750), "jan 13 https://v.example/1:30"),
        ("0:10， 1：59：00; 47：10，", (10, 7140, 2830), ""),
        ("the second begins at 47：10。", (), "the second begins at 47：10。"),
        ("it is 90:05 long", (5405,), "it is long"),
        ("jan 13", (), "jan 13"),
    ],
)
def test_where_talks_begin_is_read_as_players_show_it(
    text: str, seconds: tuple[int, ...], rest: str
) -> None:
    assert read_starts(text) == Starts(seconds, rest)


@pytest.mark.parametrize("wrong", ["1:75", "1:60:00", "1:2", "1:2:3:4", "9999:00"])
def test_what_only_looks_like_a_place_in_a_video_is_named(wrong: str) -> None:
    assert read_starts(f"0:10 {wrong}") == Starts((10,), "", wrong)


@given(st.lists(st.integers(0, 99 * 3600 + 3599), max_size=4))
def test_a_place_in_a_video_is_read_as_it_is_written(seconds: list[int]) -> None:
    assert read_starts(" ".join(start(at) for at in seconds)).seconds == tuple(seconds)


@given(st.text(alphabet="0123456789:： ,jan", max_size=40))
def test_any_digits_and_colons_at_all_are_taken(text: str) -> None:
    read = read_starts(text)

    assert all(at >= 0 for at in read.seconds)
    assert read_starts(read.rest).seconds == ()
