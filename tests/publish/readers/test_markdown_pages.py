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


@pytest.mark.parametrize(
    ("header", "row", "fact", "told"),
    [
        ("Date | Day | Paper | Speaker", "2025-09-02 | Tue | Jenga | Ann", "Jenga | Ann",
         "1: A schedule has no place for the column “Day”."),
        ("Date | Presentation | Speaker", "2025-09-02 | Jenga | Ann", "Jenga | Ann", None),
        ("Date | Paper | Notes | Speaker", "2025-09-02 | Jenga | bring tea | Ann", "Jenga | Ann",
         "1: The column “Notes” was not understood and left out."),
        ("Date | Paper | Title | Speaker", "2025-09-02 | Jenga | A Study | Ann", "Jenga | Ann",
         "1: The column “Title” was not understood and left out."),
        ("Date | Paper | Speaker | Status", "2025-09-02 | Jenga | Ann | done", "Jenga | Ann",
         "1: Of the column “Status”, only what is cancelled was taken."),
    ],
)  # fmt: skip
def test_what_a_column_holds_decides_where_its_name_does_not(
    header: str, row: str, fact: str, told: str | None
) -> None:
    (parsed,) = read(table(f"| {header} |", f"| {row} |")).pages
    assert facts(parsed.page) == [f"2025-09-02 {fact}"]
    assert said([*parsed.problems, *parsed.notes]) == ([told] if told else [])


def test_a_year_belongs_to_a_venue() -> None:
    rows = [
        "| 2025-09-02 | Jenga | Ann | SOSP | 2025 |",
        "| 2025-09-09 | Tally | Bo | SOSP | soon |",
        "| 2025-09-16 | Pie | Chi | | 2024 |",
    ]
    (parsed,) = read(table("| Date | Paper | Speaker | Venue | Year |", *rows)).pages
    assert facts(parsed.page) == [
        "2025-09-02 [SOSP'25] Jenga | Ann",
        "2025-09-09 [SOSP] Tally | Bo",
        "2025-09-16 Pie | Chi",
    ]
    assert said(parsed.problems) == [
        "4: “soon” is no venue's year, so it was left out.",
        "5: “2024” is no venue's year, so it was left out.",
    ]


def test_two_papers_in_a_row_share_what_is_there_once() -> None:
    papers = "[Jenga: One](https://x.example/a)<br>[Tally: Two](https://x.example/b)"
    text = table("| Date | Paper | Speaker | Topic |", f"| 2025-09-02 | {papers} | Ann | Memory |")
    assert facts_in(text) == [
        "2025-09-02 Memory: Jenga: One <https://x.example/a> | Ann",
        "2025-09-02 Memory: Tally: Two <https://x.example/b> | Ann",
    ]


@pytest.mark.parametrize(
    ("cell", "fact", "problems"),
    [
        ("SOSP'25 [Jenga: One](https://x.example/a) best",
         "[SOSP'25] Jenga: One <https://x.example/a>",
         ["The words beside the title were left out: “best”."]),
        ("[Jenga: One](a.html) [link](deck.pptx) [link](https://x.example/more)",
         "Jenga: One <a.html> | Ann | slides deck.pptx | other https://x.example/more", []),
        ("[Jenga: One](a.html) [slides](s/)", "Jenga: One <a.html>",
         ["The slides are not there yet: the link leads to a folder, not to a file."]),
        ("[Jenga: One](a.html) [video](javascript:x)", "Jenga: One <a.html>",
         ["This link is no web address."]),
        ("Jenga [paper](a.pdf) [pdf](a.pdf)", "Jenga <a.pdf>", []),
        ("TBD [slides](a.pdf)", "Untitled | Ann | slides a.pdf", ["This paper has no title."]),
    ],
)  # fmt: skip
def test_what_stands_beside_a_title_is_taken_or_told(
    cell: str, fact: str, problems: list[str]
) -> None:
    (parsed,) = read(table("| Date | Paper | Speaker |", f"| 2025-09-02 | {cell} | Ann |")).pages
    whole = fact if "| Ann" in fact else f"{fact} | Ann"
    assert facts(parsed.page) == [f"2025-09-02 {whole}"]
    assert said(parsed.problems) == [f"3: {reason}" for reason in problems]


def test_a_row_without_a_date_is_of_the_day_above_or_a_problem() -> None:
    rows = ["| | Jenga | Ann |", "| 2025-09-09 | Tally | Bo |", "| | Pie | Chi |", "| TBD | | |"]
    (parsed,) = read(table("| Date | Paper | Speaker |", *rows)).pages
    assert facts(parsed.page) == ["2025-09-09 Tally | Bo", "2025-09-09 Pie | Chi"]
    assert said(parsed.problems) == ["3: This row has no date, so it was not taken."]


def test_a_day_that_does_not_exist_does_not_take_the_others_with_it() -> None:
    rows = ["| 2025-02-30 | Jenga | Ann |", "| 2025-09-09 | Tally | Bo |"]
    (parsed,) = read(table("| Date | Paper | Speaker |", *rows)).pages
    assert facts(parsed.page) == ["2025-09-09 Tally | Bo"]
    assert said(parsed.problems) == ["3: There is no such day, so the line was not taken."]


def test_a_gathering_that_somebody_leads_is_special_and_has_a_talk() -> None:
    row = "| 2025-09-02 | Kick-off meeting | Ann |"
    assert facts_in(table("| Date | Paper | Speaker |", row)) == [
        "2025-09-02 special: Kick-off meeting",
        "2025-09-02 Kick-off meeting | Ann",
    ]


def test_a_table_as_wide_as_a_data_set_is_kept_as_text() -> None:
    wide = table("|" + " a |" * 70, "| 2025-09-02 |" + " b |" * 69)
    (parsed,) = read(f"- 2025-09-09 Tally (Bo)\n\n{wide}").pages
    assert facts(parsed.page) == ["2025-09-09 Tally | Bo"]
    assert "| b |" in parsed.page.other_information


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
        ("9/2 — Jenga (Ann)", "Jenga | Ann"),
        ("Sep 2: Jenga (SOSP'25) — Ann", "[SOSP'25] Jenga | Ann"),
        ("Sep 2: Jenga (one — two) — Ann", "Jenga (one — two) | Ann"),
        ("Sep 2: Jenga (Ann) ([paper](j.pdf), [code](https://github.com/a/b))",
         "Jenga <j.pdf> | Ann | code https://github.com/a/b"),
    ],
)  # fmt: skip
def test_items_of_dated_lists(item: str, fact: str) -> None:
    assert facts_in(f"- {item}\n") == [f"2025-09-02 {fact}"]


def test_a_version_at_the_beginning_of_an_item_is_no_date() -> None:
    items = "- Sep 2: Jenga (Ann)\n- Sep 9: Tally (Bo)\n- 3.5 Turbo is out\n"
    (parsed,) = read(items).pages
    assert facts(parsed.page) == ["2025-09-02 Jenga | Ann", "2025-09-09 Tally | Bo"]
    assert said(parsed.problems) == [
        "3: This item does not begin with a date, so it was not taken."
    ]


def test_an_item_may_name_two_talks_field_by_field() -> None:
    fields = ["Paper: Jenga", "Presenter: Ann", "Paper: Tally", "Presenter: Bo"]
    assert facts_in("- Sep 2\n" + "".join(f"  - {one}\n" for one in fields)) == [
        "2025-09-02 Jenga | Ann",
        "2025-09-02 Tally | Bo",
    ]


def test_what_an_item_says_twice_or_has_no_place_is_told() -> None:
    text = "- Sep 2: Jenga — Room: 401 — Presenter: Ann\n  - Title: Tally\n  - Host: Bo\n"
    (parsed,) = read(text).pages
    assert facts(parsed.page) == ["2025-09-02 Jenga | Ann"]
    assert said(parsed.problems) == ["2: This talk has a title already: “Tally”."]
    assert said(parsed.notes) == [
        "1: A schedule has no place for “401”.",
        "3: A schedule has no place for “Bo”.",
    ]


def test_lines_between_lists_and_items_without_words_are_passed_over() -> None:
    text = "# 2025 Fall\n\n- Sep 2: Jenga (Ann)\n- <br>\n\n---\n\n- Sep 9: Tally (Bo)\n"
    (parsed,) = read(text, term=None).pages
    assert facts(parsed.page) == ["2025-09-02 Jenga | Ann", "2025-09-09 Tally | Bo"]
    assert parsed.page.other_information == ""


def test_a_heading_inside_a_day_names_its_talk() -> None:
    text = "## September 2\n\n### Jenga\n\n- Presenter: Ann\n\n## September 9\n\nTally (Bo)\n"
    assert facts_in(text) == ["2025-09-02 Jenga | Ann", "2025-09-09 Tally | Bo"]


def test_settings_before_the_page_that_nobody_closed_are_text() -> None:
    page = table("| Date | Paper | Speaker |", "| 2025-09-02 | Jenga | Ann |")
    (parsed,) = read(f"---\nlayout: page\n\n{page}").pages
    assert facts(parsed.page) == ["2025-09-02 Jenga | Ann"]
    assert "layout: page" in parsed.page.other_information


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
