"""Titles and names as people misspell them."""

import string
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.likeness import (
    better_title,
    called,
    near_names,
    near_word,
    nearest_titles,
    same_name,
    same_title,
)
from bot.publish.markdown import parse

PAGE = Path(__file__).parent.parent / "data" / "2025-fall.md"
TITLES = [
    slot.talk.title
    for meeting in parse(PAGE.read_text(encoding="utf-8")).page.meetings
    for slot in meeting.slots
    if slot.talk
]
NAMES = ("Bosen Yang", "Chenhan Wang", "Chenxi Wang", "Zoé-Élodie Straße", "李 华", "王小明", "Ann")
REFRAG = "REFRAG: Rethinking RAG based Decoding"


# Real papers with titles as much alike as any that groups like this one read.
ALIKE = [
    "A Survey of Large Language Models",
    "A Survey on Efficient Inference for Large Language Models",
    "A Survey on Multimodal Large Language Models",
    "Efficient Large Language Models: A Survey",
    "Accelerating Large Language Model Inference with Speculative Decoding",
    "Accelerating Large Language Model Decoding with Speculative Sampling",
    "Accelerating LLM Inference with Staged Speculative Decoding",
    "Fast Inference from Transformers via Speculative Decoding",
    "Qwen Technical Report",
    "Qwen2 Technical Report",
    "Qwen2.5 Technical Report",
    "Qwen3 Technical Report",
    "Gemma 3 Technical Report",
    "GPT-4 Technical Report",
    "DeepSeek-V3 Technical Report",
    "FlashAttention: Fast and Memory-Efficient Exact Attention with IO-Awareness",
    "FlashAttention-2: Faster Attention with Better Parallelism and Work Partitioning",
    "FlashAttention-3: Fast and Accurate Attention with Asynchrony and Low-precision",
    "Fast-dLLM: Training-free Acceleration of Diffusion LLM by Enabling KV Cache",
    "LoRA: Low-Rank Adaptation of Large Language Models",
    "LoRA+: Efficient Low Rank Adaptation of Large Models",
    "ZeRO: Memory Optimizations Toward Training Trillion Parameter Models",
    "ZeRO-Offload: Democratizing Billion-Scale Model Training",
    "ZeRO-Infinity: Breaking the GPU Memory Wall for Extreme Scale Deep Learning",
    "Megatron-LM: Training Multi-Billion Parameter Language Models Using Model Parallelism",
    "Efficient Large-Scale Language Model Training on GPU Clusters Using Megatron-LM",
    "The Google File System",
    "The Hadoop Distributed File System",
    "Paxos Made Simple",
    "Paxos Made Live",
]


def test_different_papers_are_told_apart() -> None:
    assert len(TITLES) > 20
    assert [pair for pair in combinations(TITLES + ALIKE, 2) if same_title(*pair)] == []


@pytest.mark.parametrize("title", TITLES)
def test_every_paper_of_the_page_is_found_by_what_people_call_it(title: str) -> None:
    name, colon, rest = title.partition(":")
    short = [name, f"{name} \N{EN DASH} {rest.strip()[:20]}"] if colon else []
    for spelling in (*short, title.replace("-", " "), title.upper(), f"The {title}."):
        assert nearest_titles(spelling, TITLES) == [TITLES.index(title)]


def test_a_title_that_many_talks_have_is_found_in_all_of_them() -> None:
    title = "How to read a paper"
    assert nearest_titles(title, [title, "LithOS", *[f"{title}s"] * 9]) == [0, *range(2, 11)]


@given(st.sampled_from(TITLES), st.data())
def test_a_slip_of_the_finger_hides_no_paper(title: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(title) - 1).filter(lambda at: not title[at].isdigit()))
    key = data.draw(st.sampled_from(string.ascii_letters))
    slip = data.draw(st.sampled_from(["", key, key + title[place]]))

    assert same_title(title[:place] + slip + title[place + 1 :], title)


@pytest.mark.parametrize(
    "spelling",
    [
        "REFRAG",
        "refrag: rethinking RAG-based decoding.",
        "REFRAG – Rethinking RAG\u2010based Decoding",
        "Refrag: Rethinkng RAG based Decodng",
        "ＲＥＦＲＡＧ： Rethinking RAG based Decoding",
        "Rethinking RAG based Decoding: REFRAG",
        "REFRAG: Rethinking RAG…",
        "REFRAG：Rethinking RAG bas",
        "REFRAG - Rethinking",
    ],
)
def test_a_paper_is_found_under_another_spelling(spelling: str) -> None:
    assert same_title(spelling, REFRAG)
    assert nearest_titles(spelling, [*TITLES, REFRAG])[-1] == len(TITLES)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jenga", "Jengo"),
        ("LithOS", "LithOS 2"),
        ("LithOS", "LithOS 2: An Operating System"),
        ("LithOS: An Operating System for Efficient GPUs", "LithOS 2: An Operating System"),
        ("Fast-dLLM", "Fast-dLLM v2: Efficient Block-Diffusion LLM"),
        ("Orca: A Serving System", "Orca: Learning to Fly"),
        ("Decoding", REFRAG),
        ("C", "C: A Language"),
        ("", ""),
        ("!!!", "???"),
    ],
)
def test_what_only_looks_alike_is_another_paper(one: str, other: str) -> None:
    assert not same_title(one, other)
    assert not same_title(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The Tail at Scale", "Tail at Scale"),
        ("Optimising Behaviour of Data Centres", "Optimizing Behavior of Data Centers"),
        ("Write-Ahead Logs", "Write\N{NON-BREAKING HYPHEN}ahead  logs..."),
        ("WAL \N{EM DASH} Write-Ahead Logs", "WAL"),
        ("Go", "Go: A Language: Its Story"),
        ("A", "a"),
        ("🎉", "🎉"),
    ],
)
def test_spelling_makes_no_other_paper(one: str, other: str) -> None:
    assert same_title(one, other)


@pytest.mark.parametrize(
    ("typed", "better"),
    [
        ("REFRAG", REFRAG),
        ("refrag rethinking rag", REFRAG),
        ("REFRAG: Rethinking RAG bas…", REFRAG),
        (REFRAG, REFRAG),
        ("", ""),
        ("Rethinking", "Rethinking"),
        ("Our second look at RAG", "Our second look at RAG"),
    ],
)
def test_the_official_title_replaces_its_short_form(typed: str, better: str) -> None:
    assert better_title(typed, REFRAG) == better


def test_every_mention_of_a_paper_is_found() -> None:
    assert nearest_titles(REFRAG, [REFRAG] * 7) == list(range(7))


def test_a_part_of_the_title_alone_is_its_short_form_too() -> None:
    official = "Enabling Efficient GPU Communication over Multiple NICs with FuseLink"
    assert better_title("Enabling Efficient GPU Communication", official) == official
    assert better_title("FuseLink", official) == "FuseLink"


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("bosen yang", "Bosen Yang"),
        ("Yang Bosen", "Bosen Yang"),
        ("Bosen Yan", "Bosen Yang"),
        ("B. Yang", "Bosen Yang"),
        ("Yang B.", "Bosen Yang"),
        ("BOSENYANG", "Bosen Yang"),
        ("yangbosen", "Bosen Yang"),
        ("Bosen Aang", "Bosen Yang"),
        ("Yang Bosn", "Bosen Yang"),
        ("Chenhan Wan", "Chenhan Wang"),
        ("Chenxi", "Chenxi Wang"),
        ("zoe elodie strasse", "Zoé-Élodie Straße"),
        ("李华", "李 华"),
        ("王晓明", "王小明"),
        ("An", "Ann"),
    ],
)
def test_a_name_is_found_under_another_spelling(typed: str, first: str) -> None:
    assert near_names(typed, NAMES)[0] == first


def test_nobody_is_offered_for_a_name_like_none() -> None:
    assert near_names("Somebody Else", NAMES) == ()
    assert near_names("…", NAMES) == ()
    assert near_names("X. Yang", NAMES) == ()
    assert near_names("Bo Ya", NAMES) == ()


def test_a_family_name_offers_all_who_bear_it() -> None:
    assert set(near_names("Wang", NAMES)) == {"Chenhan Wang", "Chenxi Wang"}


def test_the_very_name_comes_before_all_that_are_like_it() -> None:
    assert near_names("ann", ("Anna", "Ann Lee", "ANN", "Anne"))[0] == "ANN"
    assert set(near_names("C. Wang", NAMES)) == {"Chenhan Wang", "Chenxi Wang"}
    assert set(near_names("Wang C.", NAMES)) == {"Chenhan Wang", "Chenxi Wang"}


def test_a_blank_more_or_less_comes_before_another_letter() -> None:
    assert near_names("Bosen Yang", ("Bosen Yangs", "bosenyang"))[0] == "bosenyang"
    assert near_names("bosenyang", ("bosenyangs", "Bosen Yang"))[0] == "Bosen Yang"
    assert near_names("李华", ("李 华", "李华")) == ("李华", "李 华")


@pytest.mark.parametrize(
    ("typed", "name", "offered"),
    [
        ("Anna", "Hanno", True),  # 67 of 100, and short
        ("Hanna", "Hannos", False),  # 73, and no longer short
        ("Marietta", "Mariella", True),  # 75
    ],
)
def test_a_short_name_may_be_less_like_the_one_that_is_meant(
    typed: str, name: str, offered: bool
) -> None:
    assert bool(near_names(typed, [name])) is offered


def test_no_more_names_are_offered_than_a_phone_shows() -> None:
    assert len(near_names("Ann", ["Ann"] * 50)) == 5


def test_names_that_differ_in_case_and_accents_are_one() -> None:
    assert same_name("ZOE  ÉLODIE", "Zoé Elodie")
    assert not same_name("", "")


@given(st.text(), st.text())
def test_likeness_has_no_direction(one: str, other: str) -> None:
    assert same_title(one, other) == same_title(other, one)
    assert same_name(one, other) == same_name(other, one)


@given(st.text())
def test_whatever_can_be_seen_is_like_itself(text: str) -> None:
    assert same_title(text, text) == bool(text.split())
    assert not text.isalpha() or (same_name(text, text) and near_names(text, [text]) == (text,))
    assert better_title(text, text) == text


@given(st.text(), st.lists(st.text(), max_size=8))
def test_one_pass_finds_what_each_comparison_finds(title: str, titles: list[str]) -> None:
    each = [number for number, other in enumerate(titles) if same_title(title, other)]
    assert nearest_titles(title, titles) == each


@given(st.text(), st.lists(st.text(), max_size=8))
def test_only_names_that_are_there_are_offered(name: str, names: list[str]) -> None:
    assert set(near_names(name, names)) <= set(names)


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("clam", "claim"),
        ("Clami", "claim"),
        ("claimjan", "claim"),
        ("shedule", "schedule"),
        ("releas", "release"),
        ("dance", None),
        ("nextgeneration", None),
        ("", None),
    ],
)
def test_a_misspelt_command_is_taken_for_the_likeliest(word: str, meant: str | None) -> None:
    assert near_word(word, ["schedule", "claim", "cancel", "release", "next"]) == meant


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("Bosen", ("Bosen Yang",)),
        ("yang", ("Bosen Yang", "Chengru Yang")),
        ("bosen yang", ("Bosen Yang",)),
        ("Ben", ("Ben",)),
        ("Bose", ()),
        ("", ()),
    ],
)
def test_a_part_of_a_name_calls_those_who_have_it(name: str, found: tuple[str, ...]) -> None:
    assert called(name, ["Bosen Yang", "Ben", "Chengru Yang", "Ben Bitdiddle"]) == found
