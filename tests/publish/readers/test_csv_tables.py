"""Tables of values as spreadsheets save them."""

import pytest

from bot.publish.readers.decode import NoPage
from tests.publish.readers.facts import facts, facts_in, read, said

PLAIN = "Date,Speaker,Title\n2025-09-02,Zoë,Jenga\n2025-09-09,José,Tally\n"
FACTS = ["2025-09-02 Jenga | Zoë", "2025-09-09 Tally | José"]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_usual_delimiter(delimiter: str) -> None:
    assert facts_in(PLAIN.replace(",", delimiter), "a.csv") == FACTS
    assert facts_in(f"sep={delimiter}\r\n" + PLAIN.replace(",", delimiter), "a.csv") == FACTS


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32", "cp1252"])
def test_every_usual_encoding(encoding: str) -> None:
    assert facts_in(PLAIN.encode(encoding), "a.csv") == FACTS


@pytest.mark.parametrize("encoding", ["gbk", "gb18030", "utf-8"])
def test_chinese_encodings(encoding: str) -> None:
    text = "日期,主讲人,论文题目\n9月2日,张三,镕基之学：Jenga\n9月9日,李四,—\n"
    assert facts_in(text.encode(encoding), "a.csv") == [
        "2025-09-02 镕基之学：Jenga | 张三",
        "2025-09-09 To be announced | 李四",
    ]


def test_a_guessed_encoding_is_told() -> None:
    (parsed,) = read(PLAIN.encode("cp1252"), "a.csv").pages
    assert said(parsed.notes) == [
        "1: The file is not in UTF-8; it was read as Windows-1252. Look whether names are right."
    ]


def test_quoted_values_keep_their_commas_quotes_and_line_breaks() -> None:
    text = (
        "date,presenter,title,link,slides\r\n"
        '2025-09-02,"Ann, Bo","Jenga: ""Effective""\r\nMemory, Managed",arXiv:2503.18292,'
        "s/1.pdf\r\n"
        "2025-09-09,Chi,Tally,10.1145/3731569.3764805,https://x.example/2.pdf\r\n"
    )
    (parsed,) = read(text, "a.csv").pages
    assert facts(parsed.page) == [
        (
            '2025-09-02 Jenga: "Effective" Memory, Managed <https://arxiv.org/abs/2503.18292>'
            " | Ann, Bo | slides s/1.pdf"
        ),
        (
            "2025-09-09 Tally <https://doi.org/10.1145/3731569.3764805>"
            " | Chi | slides https://x.example/2.pdf"
        ),
    ]


def test_a_problem_is_told_by_the_line_its_row_begins_in() -> None:
    text = 'date,title,presenter\n2025-09-02,"Jenga\n\nA Study",Ann\nsoon,Tally,Bo\n'
    (parsed,) = read(text, "a.csv").pages
    assert said(parsed.problems) == ["5: This row has no date, so it was not taken."]


def test_a_sheets_title_names_the_term_and_what_else_stands_above_is_kept() -> None:
    text = f"Reading Group Fall 2025,,\nRoom 401,,\n,,\n{PLAIN}"
    (parsed,) = read(text, "a.csv", None).pages
    assert (parsed.page.title, facts(parsed.page)) == ("2025 Fall", FACTS)
    assert parsed.page.other_information == "Room 401"


@pytest.mark.parametrize(
    ("name", "term"),
    [
        ("2025-fall.csv", "2025 Fall"),
        ("fall25.csv", "2025 Fall"),
        ("Reading group - Spring 2026.csv", "2026 Spring"),
        ("schedule_2025.csv", "schedule 2025"),
        ("2025-2026.csv", "2025-2026"),
    ],
)
def test_a_files_name_names_the_term(name: str, term: str) -> None:
    assert read(PLAIN, name, None).pages[0].page.title == term


def test_formulas_are_text_like_any_other() -> None:
    text = 'date,title,presenter\n2025-09-02,"=HYPERLINK(""http://x.example"")",=1+1\n'
    assert facts_in(text, "a.csv") == ['2025-09-02 =HYPERLINK("http://x.example") | =1, 1']


def test_a_table_without_a_header() -> None:
    text = "02.09.2025;Ann;Jenga: Effective Memory\n16.09.2025;Bo;Tally: Performance Isolation\n"
    assert facts_in(text, "a.csv") == [
        "2025-09-02 Jenga: Effective Memory | Ann",
        "2025-09-16 Tally: Performance Isolation | Bo",
    ]


def test_a_table_without_a_header_may_have_a_venue_and_links() -> None:
    text = (
        "2025-09-02;Jenga: Effective Memory;SOSP'25;Ann;https://x.example/a.pdf\n"
        "2025-09-09;Tally: Performance Isolation;OSDI'24;Bo;https://youtu.be/b\n"
    )
    assert facts_in(text, "a.csv") == [
        "2025-09-02 [SOSP'25] Jenga: Effective Memory | Ann | other https://x.example/a.pdf",
        "2025-09-09 [OSDI'24] Tally: Performance Isolation | Bo | video https://youtu.be/b",
    ]


def test_a_cell_as_long_as_a_book_is_kept_and_not_looked_into() -> None:
    long = "https://x.example/ " * 300 + "end"
    text = f"date,title,presenter\n2025-09-02,{long},Ann\n2025-09-09,Tally,Bo\n"
    assert facts_in(text, "a.csv") == [
        f"2025-09-02 {long} | Ann",
        "2025-09-09 Tally | Bo",
    ]


def test_values_in_a_text_file_are_found_as_well() -> None:
    assert facts_in(PLAIN, "schedule.txt") == FACTS


def test_an_open_quotation_mark_does_not_swallow_the_table_in_silence() -> None:
    text = 'date,title,presenter\n2025-09-02,"Jenga,Ann\n2025-09-09,Tally,Bo\n2025-09-16,Pie,Chi\n'
    (parsed,) = read(text, "a.csv").pages
    assert "2: A quotation mark is opened here and not closed in its row." in said(parsed.problems)


def test_a_table_without_dates_is_no_page() -> None:
    with pytest.raises(NoPage, match="has no column of dates"):
        read("name,age\nAnn,3\nBo,4\n", "a.csv")
