"""Tables and dated lists as other groups keep them in Markdown."""

import pytest

from tests.publish.readers.facts import PAGES, facts, facts_in, read, said

SYSTEMS = (PAGES / "systems-readme.md").read_text(encoding="utf-8")


def table(header: str, *rows: str) -> str:
    return "\n".join([header, "|---" * (header.count("|") - 1) + "|", *rows])


def test_a_readme_with_a_table_and_a_list_is_two_terms_with_every_fact() -> None:
    fall, spring = read(SYSTEMS, "README.md", None).pages

    assert (fall.page.title, spring.page.title) == ("2025 Fall", "2025 Spring")
    assert facts(fall.page) == [
        (
            "2025-09-02 [SOSP'25] Jenga: Effective Memory Management for Serving LLM with "
            "Heterogeneity <https://arxiv.org/abs/2503.18292> | Ann, Bo (USTC)"
            " | slides slides/jenga.pdf | video https://www.youtube.com/watch?v=abc"
        ),
        (
            "2025-09-09 DiffKV: Differentiated Memory Management <https://arxiv.org/abs/2412.03131>"
            " | Chi"
        ),
        (
            "2025-09-09 LithOS: An Operating System for Efficient Machine Learning on GPUs"
            " <https://arxiv.org/abs/2504.15465> | Dan"
        ),
        "2025-09-16 open",
        "2025-09-23 cancelled: mid-term exams",
        "2025-09-30 To be announced | Eve",
        (
            "2025-09-30 Raft: In Search of an Understandable Consensus Algorithm"
            " <https://raft.github.io/raft.pdf> | Fay"
        ),
        "2025-10-14 special: Kick-off meeting | photos https://x.example/photos",
    ]
    assert facts(spring.page) == [
        (
            "2025-03-04 Spirit: Fair Allocation of Interdependent Resources"
            " <https://dl.acm.org/doi/10.1145/3731569.3764805> | Ann | slides spirit.pdf"
        ),
        "2025-03-11 Pie: A Programmable Serving System <https://x.example/pie.pdf> | Bo",
        "2025-03-18 cancelled: Spring break",
        "2025-03-25 open",
        "2025-04-08 Tally: Non-Intrusive Performance Isolation | Chi, Dan",
        "2025-04-15 [ICLR'25] ServeGen | Eve",
        "2025-04-22 Mantle <https://x.example/mantle> | Fay, Gil | slides mantle.pptx",
    ]


def test_what_it_could_not_place_or_left_out_is_listed_by_line() -> None:
    pages = read(SYSTEMS, "README.md", None).pages

    assert said(pages[-1].problems) == [
        "21: “YouTube” is no link, so it was left out.",
        "22: This row has no date, so it was not taken.",
        "38: This item does not begin with a date, so it was not taken.",
    ]
    assert said(pages[-1].notes) == [
        "1: The settings before the page itself were left out.",
        "8: What stands around the schedule is kept as the term's other information.",
        "14: A schedule has no place for the column “#”.",
        "14: A schedule has no place for the column “Host”.",
        "33: The time of day was left out: “14:00-15:00”.",
    ]
    assert pages[0].page.other_information == (
        "We meet on Tuesdays at 19:00. Everybody is welcome.\n\n### How to join\n\nWrite to us."
    )


def test_a_chinese_table_over_the_turn_of_the_year() -> None:
    (parsed,) = read((PAGES / "agenda.md").read_bytes(), "agenda.md", None).pages

    assert parsed.page.title == "🍁 2022-2023（秋）论文分享组会安排"
    assert parsed.problems == ()
    assert facts(parsed.page) == [
        (
            "2022-09-12 X-lab 新学期研究计划 | 张 三 | video https://www.bilibili.com/video/BV1yP4y1Z7qF"
            " | code https://github.com/x/y/issues/1"
        ),
        "2022-09-19 open",
        "2022-10-03 cancelled: 国庆节放假",
        "2022-10-10  | video https://www.bilibili.com/video/BV1QP41177LV",
        "2022-10-10 归档项目研究成果 | 王五",
        "2022-10-10 多标签分类综述 | 赵六",
        "2023-01-09 Lost in the Middle: How Language Models Use Long Contexts | 赵六",
    ]


@pytest.mark.parametrize(
    ("cell", "fact"),
    [
        ("[Jenga](https://x.example/j) (SOSP'25)", "[SOSP'25] Jenga <https://x.example/j>"),
        ("[SOSP '25] Jenga [pdf](j.pdf)", "[SOSP'25] Jenga <j.pdf>"),
        ("Jenga, OSDI'24", "[OSDI'24] Jenga"),
        ("ICLR 2025: Fast-dLLM v2", "[ICLR'25] Fast-dLLM v2"),
        ("**Jenga** https://arxiv.org/abs/2503.18292", "Jenga <https://arxiv.org/abs/2503.18292>"),
        ("“Jenga: A Study”", "Jenga: A Study"),
        ('<a href="https://x.example/j" target="_blank">Jenga Paper</a>',
         "Jenga Paper <https://x.example/j>"),
        ("[Jenga \\| Two](https://x.example/j)", "Jenga | Two <https://x.example/j>"),
        ("Jenga [![code](badge.svg)](https://github.com/a/b)",
         "Jenga | Ann | code https://github.com/a/b"),
        ("Jenga [blog post on it](https://b.example)",
         "blog post on it <https://b.example>"),
        ("[Re]thinking RAG (Part 2)", "[Re]thinking RAG (Part 2)"),
    ],
)  # fmt: skip
def test_titles_with_their_venue_and_links(cell: str, fact: str) -> None:
    page = read(table("| Date | Paper | Presenter |", f"| 2025-09-02 | {cell} | Ann |")).pages[0]
    whole = fact if "| Ann" in fact else f"{fact} | Ann"
    assert facts(page.page) == [f"2025-09-02 {whole}"]


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("Ann, Bo and Chi", ["Ann", "Bo", "Chi"]),
        ("Ann / Bo; Chi", ["Ann", "Bo", "Chi"]),
        ("王五、赵六", ["王五", "赵六"]),
        ("Ann Lee, PhD", ["Ann Lee"]),
        ("[Ann](https://ann.example)", ["Ann"]),
        ("*Ann*<br>Bo", ["Ann", "Bo"]),
        ("TBD", []),
    ],
)
def test_presenters_as_people_write_them(cell: str, names: list[str]) -> None:
    rows = [f"| 2025-09-02 | Jenga | {cell} |", "| 2025-09-09 | Tally | Zoe |"]
    page = read(table("| When | Title | Speaker(s) |", *rows)).pages[0].page
    talk = page.meetings[-1].slots[0].talk
    assert talk is not None
    assert [one.name for one in talk.presenters] == names


@pytest.mark.parametrize(
    ("cell", "why"),
    [
        ("No meeting", None),
        ("no class (Thanksgiving)", "Thanksgiving"),
        ("~~Jenga~~", None),
        ("Holiday", "Holiday"),
        ("Spring Festival 放假", None),
        ("Cancelled: snow", "snow"),
        ("— no reading group —", None),
        ("国庆节", "国庆节"),
        ("Thanksgiving break - no meeting", "Thanksgiving break"),
    ],
)
def test_a_row_without_a_meeting_is_a_cancelled_one(cell: str, why: str | None) -> None:
    rows = [f"| 2025-09-02 | {cell} | |", "| 2025-09-09 | Jenga | Ann |"]
    page = read(table("| Date | Paper | Presenter |", *rows)).pages[0].page
    if cell.startswith("Spring Festival"):  # two languages: it stays what it says
        assert not page.meetings[-1].cancelled
        return
    assert (page.meetings[-1].cancelled, page.meetings[-1].title) == (True, why)


def test_a_paper_that_is_called_like_a_holiday_is_a_paper() -> None:
    rows = ["| 2025-09-02 | Breaking the Off Switch: No Talks Needed | Ann |"]
    assert facts_in(table("| Date | Paper | Presenter |", *rows)) == [
        "2025-09-02 Breaking the Off Switch: No Talks Needed | Ann"
    ]


def test_two_columns_of_one_meaning_and_a_venue_that_is_a_room() -> None:
    text = table(
        "| Date | Title | Paper | Venue | Topic | Comments |",
        "| 2025-09-02 | Jenga | [pdf](j.pdf) | Room 401 | Memory | Bring cake |",
    )
    (parsed,) = read(text).pages
    assert facts(parsed.page) == ["2025-09-02 Memory: Jenga <j.pdf>"]
    assert said(parsed.problems) == ["1: The column “Comments” was not understood and left out."]
    assert said(parsed.notes) == [
        "1: A schedule has no place for the column “Venue”.",
        "3: The page names no presenters, from this line on.",
    ]


def test_more_cells_than_columns_are_a_problem() -> None:
    (parsed,) = read(table("| Date | Paper |", "| 2025-09-02 | Jenga | lost |")).pages
    assert said(parsed.problems) == [
        "3: The column number 3 was not understood and left out.",
        "3: This row has more cells than the table has columns.",
    ]


def test_a_table_without_names_is_read_by_what_is_in_it() -> None:
    text = table(
        "| | | | |",
        "| 1 | Sep 2, 2025 | Ann | Jenga: Effective Memory Management |",
        "| 2 | Sep 9, 2025 | Bo and Chi | Tally: Performance Isolation for Concurrent Work |",
    )
    (parsed,) = read(text).pages
    assert facts(parsed.page) == [
        "2025-09-02 Jenga: Effective Memory Management | Ann",
        "2025-09-09 Tally: Performance Isolation for Concurrent Work | Bo, Chi",
    ]
    assert said(parsed.notes) == [
        (
            "3: The columns have no names; by what is in them they are: 1 no place, 2 date, "
            "3 presenters, 4 title."
        )
    ]


@pytest.mark.parametrize(
    ("item", "fact"),
    [
        ("2025-09-02: Jenga: A Study — Ann [paper](j.pdf) [slides](s.pdf)",
         "Jenga: A Study <j.pdf> | Ann | slides s.pdf"),
        ("**Sep 2** (Ann): Jenga", "Jenga | Ann"),
        ("[2025/09/02] [Jenga: A Study](https://x.example/j), Ann & Bo",
         "Jenga: A Study <https://x.example/j> | Ann, Bo"),
        ("Tue, Sep 2nd - Ann - Jenga: A Study of Memory", "Jenga: A Study of Memory | Ann"),
        ("Sep 2 | Jenga: A Study | Ann | [Slides](s.pdf) | [Recording](https://youtu.be/a)",
         "Jenga: A Study | Ann | slides s.pdf | video https://youtu.be/a"),
        ("9月2日：Jenga（张三）", "Jenga | 张三"),
        ("2 September 2025. Jenga (SOSP 2025), presented by Ann Lee",
         "[SOSP'25] Jenga | Ann Lee"),
        ("September 2: TBA", "open"),
        ("Sep 2: Time Series: A Survey (Ann)", "Time Series: A Survey | Ann"),
        ("Sep 2: Code: The Hidden Language, by Ann", "Code: The Hidden Language | Ann"),
        ("Sep 2: Paper: Jenga | Speaker: Ann | Venue: OSDI'24", "[OSDI'24] Jenga | Ann"),
        ("Sep 2: Jenga (Ann) ([paper](j.pdf), [code](https://github.com/a/b))",
         "Jenga <j.pdf> | Ann | code https://github.com/a/b"),
    ],
)  # fmt: skip
def test_items_of_dated_lists(item: str, fact: str) -> None:
    assert facts_in(f"- {item}\n") == [f"2025-09-02 {fact}"]


def test_dated_headings_with_what_stands_under_them() -> None:
    text = """
# Papers

## Schedule 2025

### September 2: Jenga: Effective Memory Management

**Presenter:** Ann

- [Paper](https://x.example/j)
- Slides: [here](j.pdf)

### Sept. 9

- [DiffKV Paper](https://x.example/d) — Bo
- LithOS: An Operating System — Chi
  - [slides](l.pdf)
"""
    assert facts_in(text, term=None) == [
        "2025-09-02 Jenga: Effective Memory Management <https://x.example/j> | Ann | slides j.pdf",
        "2025-09-09 DiffKV Paper <https://x.example/d> | Bo",
        "2025-09-09 LithOS: An Operating System | Chi | slides l.pdf",
    ]


def test_lists_of_news_beside_a_table_are_no_meetings() -> None:
    text = "\n".join(
        [
            "# 2025 Fall",
            table("| Date | Paper | Presenter |", "| 2025-09-02 | Jenga | Ann |"),
            "",
            "## News",
            "",
            "- 2025-08-01: We have a new room.",
        ]
    )
    (parsed,) = read(text, term=None).pages
    assert facts(parsed.page) == ["2025-09-02 Jenga | Ann"]
    assert "- 2025-08-01: We have a new room." in parsed.page.other_information


def test_a_cancelled_day_with_another_talk_is_taken_as_it_is_and_told() -> None:
    rows = ["| 2025-09-02 | Jenga | Ann |", "| | Cancelled | |"]
    (parsed,) = read(table("| Date | Paper | Presenter |", *rows)).pages
    assert facts(parsed.page) == ["2025-09-02 Jenga | Ann"]
    assert said(parsed.problems) == [
        "4: This day has another talk, so it was not taken as cancelled."
    ]
