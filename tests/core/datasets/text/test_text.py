"""The linter of text classification."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.base.reader import LintReport
from tests.common.effort import at_most
from tests.core.datasets.examples import assert_finds, report, said, sentences


def lint(lines: list[str] | bytes, **others: bytes) -> LintReport:
    """Lint a data.csv of these lines, with other files beside it."""
    body = lines if isinstance(lines, bytes) else "".join(f"{line}\n" for line in lines).encode()
    return report(Task.TEXT_CLASSIFICATION, {"data.csv": body, **others})


def with_line(number: int, line: str) -> list[str]:
    """Return good lines but one (numbers count from 1)."""
    lines = sentences()
    lines[number - 1] = line
    return lines


def assert_good(found: LintReport) -> None:
    assert found.verdict is Level.PASS, said(found, Level.BLOCK) + said(found, Level.WARN)
    assert not found.sampled


def assert_blocks(found: LintReport, *parts: str) -> None:
    assert_finds(found, Level.BLOCK, *parts)


def assert_warns(found: LintReport, *parts: str) -> None:
    assert_finds(found, Level.WARN, *parts)


# -- good


def test_a_good_file_passes_with_its_numbers() -> None:
    found = lint(sentences(rows=60, classes=3))
    assert_good(found)
    assert said(found, Level.PASS) == ["data.csv 60 rows, 3 classes."]
    assert found.objects == 1
    assert found.bytes_read > 1000


@pytest.mark.parametrize(
    "body",
    [
        "\ufeff" + "\n".join(sentences()),
        "\r\n".join(sentences()) + "\r\n",
        "\r".join(sentences()) + "\r",
        "\n".join(sentences()),
        "\n".join(line.replace("sentence", "😀 日本語 naïve") for line in sentences()),
        "\n".join(line.replace(",", ' , "', 1).replace(' , "', ',"', 1) + '"' for line in sentences()),
        "\n\n".join(sentences()),
        "\n".join(line.replace(",", ',"two\nlines, ', 1) + '"' for line in sentences()),
        "\n".join(f" {line}" for line in sentences()),
        "\n".join([f"0,{'long ' * 60_000}", *sentences()]),
    ],
    ids=["bom", "crlf", "cr", "no-last-newline", "unicode", "quoted", "blank-lines", "multi-line", "blanks", "300KB"],
)
def test_what_training_scripts_read_passes(body: str) -> None:
    assert_good(lint(body.encode()))


# -- broken


def test_a_header_blocks() -> None:
    assert_blocks(lint(["label,text", *sentences()]), "data.csv line 1", "looks like a header", "'label'")


def test_a_header_behind_a_byte_order_mark_blocks() -> None:
    assert_blocks(lint("\n".join(["\ufefflabel,text", *sentences()]).encode()), "data.csv line 1", "header", "'label'")


def test_swapped_columns_block() -> None:
    lines = [",".join(reversed(line.split(",", 1))) for line in sentences()]
    assert_blocks(lint(lines), "data.csv line 1", "swapped")
    assert_blocks(lint(lines), "data.csv line 2", "swapped")


def test_a_label_that_is_a_word_blocks() -> None:
    assert_blocks(lint(with_line(17, "cat,a text")), "data.csv line 17", "'cat'", "not an integer")


def test_a_label_that_is_a_fraction_blocks_with_what_to_write() -> None:
    assert_blocks(lint(with_line(3, "1.0,a text")), "data.csv line 3", "'1.0'", "write 1.")
    assert_blocks(lint(with_line(3, "1.5,a text")), "data.csv line 3", "'1.5'")


@pytest.mark.parametrize(
    "label", ["", "NaN", "1e3", "0x1", "①", "９", "1 2", "\u00a01", "\u200b1", "9" * 19, "9" * 5_000]
)
def test_a_label_that_is_no_plain_integer_blocks(label: str) -> None:
    assert_blocks(lint(with_line(5, f"{label},a text")), "data.csv line 5")


def test_a_negative_label_blocks() -> None:
    assert_blocks(lint(with_line(9, "-1,a text")), "data.csv line 9", "negative", "-1")


def test_a_gap_in_the_labels_blocks_with_the_missing_number() -> None:
    lines = [f"{(0, 1, 3)[number % 3]},text {number}" for number in range(30)]
    assert_blocks(lint(lines), "data.csv", "up to 3", "none with 2")


def test_labels_that_start_at_one_warn() -> None:
    lines = [f"{number % 3 + 1},text {number}" for number in range(30)]
    assert_warns(lint(lines), "from 1 to 3", "0 to 2")


def test_one_class_blocks() -> None:
    assert_blocks(lint(sentences(classes=1)), "1 class;", "at least two")


def test_one_column_blocks() -> None:
    assert_blocks(lint(with_line(4, "just text")), "data.csv line 4", "1 column")


def test_another_separator_blocks() -> None:
    assert_blocks(lint([line.replace(",", ";") for line in sentences()]), "data.csv line 1", "1 column")


@pytest.mark.parametrize("text", ["", '""'])
def test_an_empty_text_blocks(text: str) -> None:
    assert_blocks(lint(with_line(8, f"1,{text}")), "data.csv line 8", "empty text")


def test_latin_1_blocks_with_its_line_and_what_stands_before_is_judged_too() -> None:
    body = "\n".join(["cat,a text", *sentences()[:3], "0,où", *sentences()]).encode("latin-1")
    assert_blocks(lint(body), "data.csv line 5", "not UTF-8", "0xf9")
    assert_blocks(lint(body), "data.csv line 1", "'cat'")


def test_utf_16_blocks() -> None:
    assert_blocks(lint("\n".join(sentences()).encode("utf-16")), "data.csv line 1", "UTF-16")


def test_a_nul_byte_in_a_text_is_read_and_doubtful() -> None:
    assert_warns(lint(with_line(6, "1,a\0b")), "data.csv line 6", "NUL")


@pytest.mark.parametrize("text", [" ", '"  "'])
def test_a_text_of_blanks_is_read_and_doubtful(text: str) -> None:
    assert_warns(lint(with_line(8, f"1,{text}")), "data.csv line 8", "only spaces as its text")


@pytest.mark.parametrize("text", ["NA", "null", '"N/A"', "nan", "#N/A N/A", "None"])
def test_a_text_that_pandas_takes_for_missing_warns_at_its_line(text: str) -> None:
    assert_warns(lint(with_line(8, f"1,{text}")), "data.csv line 8", "which pandas reads as a missing value")


def test_none_is_missing_from_pandas_2_on() -> None:
    assert_warns(lint(with_line(8, "1,None")), "data.csv line 8", "missing value from version 2.0 on")


@pytest.mark.parametrize("text", [" NA", "na", "NaN!", "none", "Null"])
def test_a_text_like_a_word_for_missing_is_a_text(text: str) -> None:
    assert_good(lint(with_line(8, f"1,{text}")))


@pytest.mark.parametrize(
    "line",
    ['1,"She said "fine" and left"', '1,"a" x', '1,say "hi" now', '1,"a \\" b"'],
)
def test_quotes_inside_of_a_text_are_read(line: str) -> None:
    assert_good(lint(with_line(8, line)))


@pytest.mark.parametrize("line", ["  ", "\t", ""])
def test_a_line_of_blanks_is_skipped(line: str) -> None:
    assert_good(lint([*sentences(), line, "0,more"]))


def test_texts_that_are_all_numbers_warn() -> None:
    assert_warns(lint([f"{n % 2},{n}" for n in range(30)]), "has no text that is not a number")
    assert_good(lint([f"{n % 2},{n}" for n in range(30)] + ["0,a text"]))


def test_a_quote_that_the_next_row_closes_swallows_that_row() -> None:
    lines = [f'{number % 2},"sentence number {number}"' for number in range(40)]
    lines[9] = '1,"never closed'
    assert_warns(lint(lines), "data.csv line 10", "another row", "quote not closed")


def test_whole_numbers_with_a_point_are_not_taken_for_a_header() -> None:
    found = lint([f"{number % 2}.0,sentence number {number}" for number in range(40)])
    assert_blocks(found, "data.csv line 1", "not an integer; write 0")
    assert not any("header" in line for line in said(found, Level.BLOCK))


def test_a_quote_that_is_never_closed_blocks_with_the_line_it_opens_on() -> None:
    assert_blocks(lint(with_line(12, '1,"never closed')), "data.csv line 12", "never closed")


def test_an_empty_file_blocks() -> None:
    assert_blocks(lint(b""), "data.csv", "is empty")


def test_a_file_of_empty_lines_blocks() -> None:
    assert_blocks(lint(b"\n\n\n"), "data.csv", "no rows")


def test_a_file_of_another_name_blocks_with_its_name() -> None:
    found = report(Task.TEXT_CLASSIFICATION, {"train.csv": b"0,a\n"})
    assert_blocks(found, "train.csv must be named data.csv")
    assert_blocks(report(Task.TEXT_CLASSIFICATION, {"Data.CSV": b"0,a\n"}), "Data.CSV must be named data.csv")


def test_a_file_one_level_deeper_blocks_with_its_folder() -> None:
    assert_blocks(report(Task.TEXT_CLASSIFICATION, {"train/data.csv": b"0,a\n"}), "one level deeper", "train/")


def test_nothing_blocks() -> None:
    assert_blocks(report(Task.TEXT_CLASSIFICATION, {}), "nothing under the prefix")


def test_a_file_that_may_lie_beyond_what_was_listed_does_not_block() -> None:
    objects = {f"a{number:04}.txt": b"x" for number in range(20)} | {"data.csv": "\n".join(sentences()).encode()}
    found = report(Task.TEXT_CLASSIFICATION, objects, page=10)
    assert_warns(found, "among the first 10 objects")
    assert found.sampled


# -- doubtful


def test_other_files_beside_it_warn() -> None:
    assert_warns(lint(sentences(), **{"notes.txt": b"x"}), "notes.txt", "is next to data.csv")


def test_a_third_column_blocks_as_pandas_does() -> None:
    assert_blocks(lint(with_line(10, "0,Hello, how are you?")), "data.csv line 10", "3 columns and the first row 2")
    assert_blocks(lint(with_line(10, "0,Hello,")), "data.csv line 10", "3 columns and the first row 2")


def test_a_third_column_from_the_first_row_on_warns() -> None:
    assert_warns(
        lint(with_line(1, "0,Hello, how are you?")), "data.csv line 1", "3 columns; it needs only a label and a text"
    )


def test_a_class_of_a_single_row_warns() -> None:
    assert_warns(lint([*sentences(), "2,the only one"]), "single row of class 2")


def test_a_label_for_every_row_warns() -> None:
    assert_warns(lint([f"{number * 7 % 50},text" for number in range(50)]), "label of its own")


def test_few_rows_warn() -> None:
    assert_warns(lint(sentences(rows=6)), "only 6 rows")


# -- all of it


def test_all_findings_are_reported_worst_first() -> None:
    lines = sentences()
    lines[2], lines[4], lines[6], lines[8] = "cat,x", "-1,x", "0,", "0,a,b"
    found = lint(lines)
    assert [line.split(" has")[0] for line in said(found, Level.BLOCK)] == [
        "data.csv line 3",
        "data.csv line 5",
        "data.csv line 7",
        "data.csv line 9",
    ]
    badness = [finding.level.badness for finding in found.findings]
    assert badness == sorted(badness)


def test_many_findings_of_a_kind_are_counted_not_listed() -> None:
    found = lint([f"cat,text {number}" for number in range(5_000)])
    blocks = said(found, Level.BLOCK)
    assert len(blocks) < 50
    assert any("4,997 more like" in line for line in blocks)


def test_a_budget_that_ends_in_the_middle_of_a_row_is_no_error() -> None:
    body = "\n".join(sentences(rows=5_000)).encode()
    found = report(Task.TEXT_CLASSIFICATION, {"data.csv": body}, budget=10_001)
    assert found.verdict is Level.PASS
    assert found.sampled
    assert found.bytes_read <= 10_001
    assert "in the part that was read" in said(found, Level.PASS)[0]


def test_a_class_or_a_number_that_comes_behind_the_budget_is_not_missed() -> None:
    """A file sorted by label: only its first class is read."""
    body = "\n".join(f"{number // 2_000},text {number}" for number in range(4_000)).encode()
    assert report(Task.TEXT_CLASSIFICATION, {"data.csv": body}, budget=5_000).verdict is Level.PASS


def test_a_budget_for_less_than_a_row_does_not_block() -> None:
    found = report(Task.TEXT_CLASSIFICATION, {"data.csv": "\n".join(sentences()).encode()}, budget=10)
    assert_warns(found, "data.csv", "none could be read")
    assert found.sampled


@given(st.integers(0, 4_000))
def test_the_budget_is_never_exceeded(budget: int) -> None:
    body = "\n".join(sentences(rows=60)).encode()
    found = report(Task.TEXT_CLASSIFICATION, {"data.csv": body}, budget=budget)
    assert found.bytes_read <= budget
    assert found.sampled == (budget < len(body))


@given(st.binary(max_size=200) | st.text(max_size=100).map(lambda text: text.encode("utf-8", "replace")))
def test_any_bytes_at_all_give_a_report(body: bytes) -> None:
    found = lint(body)
    assert found.findings
    assert all(finding.message.endswith(".") for finding in found.findings)


def test_a_hundred_thousand_classes_are_judged_quickly() -> None:
    lines = [f"{number},text" for number in range(60_000)] + ["70000,text"]
    with at_most(3):
        lint(lines)


def test_words_as_labels_are_no_header() -> None:
    words = [f"{('good', 'bad')[number % 2]},sentence {number}" for number in range(40)]
    assert_blocks(lint(words), "data.csv line 1", "'good'", "number the classes")


@pytest.mark.parametrize("first", [0, 1])
def test_labels_that_count_the_rows_are_an_index(first: int) -> None:
    rows = [f"{number + first},sentence {number}" for number in range(40)]
    assert_blocks(lint(rows), "data.csv", "count the rows")
    assert_blocks(lint([f"{number},{number % 2},sentence {number}" for number in range(40)]), "count the rows")
