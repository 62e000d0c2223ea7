"""The linters of sentence pairs, question answering and sentence similarity: each a data.csv without a header."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.base.reader import LintReport
from tests.core.datasets.examples import assert_finds, assert_passes, report

BLOCK, WARN = Level.BLOCK, Level.WARN
CONTEXT = "The Nile is the longest river of Africa."


def pairs(rows: int = 30) -> list[str]:
    return [f"{number % 2},What is {number}?,It is a number." for number in range(rows)]


def questions(rows: int = 12) -> list[str]:
    return [f"What is river {number}?,{CONTEXT},0,8" for number in range(rows)]


def texts(rows: int = 12) -> list[str]:
    return [f"{number},This is text {number}" for number in range(rows)]


GOOD: dict[Task, Callable[[], list[str]]] = {
    Task.SENTENCE_PAIR: pairs,
    Task.QUESTION_ANSWERING: questions,
    Task.SENTENCE_SIMILARITY: texts,
}


def lint(task: Task, lines: list[str], **others: bytes) -> LintReport:
    return report(task, {"data.csv": "".join(f"{line}\n" for line in lines).encode(), **others})


def with_line(task: Task, number: int, line: str) -> LintReport:
    """Return good lines but one (numbers count from 1)."""
    lines = GOOD[task]()
    lines[number - 1] = line
    return lint(task, lines)


# -- good


@pytest.mark.parametrize(
    ("task", "says"),
    [
        (Task.SENTENCE_PAIR, "30 pairs: 15 with 0, 15 with 1."),
        (Task.QUESTION_ANSWERING, "12 questions."),
        (Task.SENTENCE_SIMILARITY, "12 texts."),
    ],
)
def test_a_good_file_passes_with_its_numbers(task: Task, says: str) -> None:
    assert_passes(lint(task, GOOD[task]()), says)


@pytest.mark.parametrize("task", GOOD)
@pytest.mark.parametrize("ending", ["\r\n", "\n\n", "\r"])
def test_every_line_end_and_a_byte_order_mark_pass(task: Task, ending: str) -> None:
    assert_passes(report(task, {"data.csv": ("\ufeff" + ending.join(GOOD[task]())).encode()}))


def test_positions_count_characters_of_any_script() -> None:
    assert_passes(lint(Task.QUESTION_ANSWERING, ['長い川は?,"ナイル川は、アフリカ最長の川です。",0,4'] * 12))


def test_ids_may_be_words() -> None:
    assert_passes(lint(Task.SENTENCE_SIMILARITY, [f"doc-{number},Some text" for number in range(12)]))


# -- broken


@pytest.mark.parametrize(
    ("number", "line", "level", "says"),
    [
        (1, "label,sentence1,sentence2", BLOCK, "looks like a header ('label'"),
        (7, "2,one,two", BLOCK, "label 2; only 0 and 1"),
        (7, "-1,one,two", BLOCK, "label -1; only 0 and 1"),
        (7, "yes,one,two", BLOCK, "label 'yes'; only 0 and 1"),
        (7, "1.0,one,two", BLOCK, "label '1.0'"),
        (7, "one,two,1", BLOCK, "columns swapped"),
        (7, "1,one", BLOCK, "2 columns; it needs a label and two sentences"),
        (7, "1;one;two", BLOCK, "1 column"),
        (7, "1,,two", BLOCK, "empty first sentence"),
        (7, "1,one,", BLOCK, "empty second sentence"),
        (7, "1,one, ", WARN, "only spaces as its second sentence"),
        (7, "1,n/a,two", WARN, "'n/a' as its first sentence, which pandas reads as a missing value"),
        (7, "1,one,two,three", BLOCK, "4 columns and the first row 3"),
        (7, "1,one,two,", BLOCK, "4 columns and the first row 3"),
        (1, "1,one,two,three", WARN, "4 columns; it needs only a label and two sentences"),
    ],
)
def test_a_pair_is_judged_at_its_line(number: int, line: str, level: Level, says: str) -> None:
    assert_finds(with_line(Task.SENTENCE_PAIR, number, line), level, f"data.csv line {number} ", says)


def test_pairs_of_one_label_block_and_few_pairs_warn() -> None:
    assert_finds(lint(Task.SENTENCE_PAIR, pairs()[::2]), BLOCK, "data.csv", "label 0 only")
    assert_finds(lint(Task.SENTENCE_PAIR, pairs(6)), WARN, "only 6 rows")


@pytest.mark.parametrize(
    ("number", "line", "level", "says"),
    [
        (1, "question,context,start,end", BLOCK, "looks like a header ('start'"),
        (3, f"What?,{CONTEXT},500,520", BLOCK, "at 500 to 520, but its context has 40 characters."),
        (3, f"What?,{CONTEXT},8,41", BLOCK, "at 8 to 41, but its context has 40 characters."),
        (3, f"What?,{CONTEXT},40,40", BLOCK, "at 40 to 40, but its context has 40 characters."),
        (3, "Wo?,Über Öl: ääää,12,18", BLOCK, "positions count characters, not bytes"),
        (3, f"What?,{CONTEXT},8,4", BLOCK, "at 8 to 4, which is not a valid range"),
        (3, f"What?,{CONTEXT},-1,4", BLOCK, "at -1 to 4, which is not a valid range"),
        (3, f"What?,{CONTEXT},The Nile,8", BLOCK, "'The Nile' as the start"),
        (3, f"What?,{CONTEXT},0,8.0", BLOCK, "'8.0' as the end"),
        (3, f"What?,{CONTEXT},The Nile", BLOCK, "3 columns; it needs a question, a context"),
        (3, f",{CONTEXT},0,8", BLOCK, "empty question"),
        (3, "What?,,0,1", BLOCK, "empty context"),
        (3, "What?, ,0,1", WARN, "only spaces as its context"),
        (3, "NULL,The Nile,0,8", WARN, "'NULL' as its question, which pandas reads as a missing value"),
        (3, f"What?,{CONTEXT},-1,-1", WARN, "has no answer (-1 to -1)"),
        (3, f"What?,{CONTEXT},0,0", WARN, "has no answer (0 to 0)"),
        (3, f"What?,{CONTEXT},4,4", WARN, "ends where it starts, at 4"),
        (3, f"What?,{CONTEXT},3,4", WARN, "only spaces at 3 to 4"),
        (3, f"What?,{CONTEXT},0,8,Nile", BLOCK, "5 columns and the first row 4"),
    ],
)
def test_a_question_is_judged_at_its_line(number: int, line: str, level: Level, says: str) -> None:
    assert_finds(with_line(Task.QUESTION_ANSWERING, number, line), level, f"data.csv line {number} ", says)


def test_answers_that_start_inside_of_words_warn_once() -> None:
    shifted = [line.replace(",0,8", ",1,9") for line in questions()]
    assert_finds(lint(Task.QUESTION_ANSWERING, shifted), WARN, "12 of 12 answers starting in the middle of a word")


@pytest.mark.parametrize(
    ("number", "line", "level", "says"),
    [
        (1, "id,text", BLOCK, "looks like a header ('id')"),
        (5, "3,another text", BLOCK, "id '3', which line 4 already has"),
        (5, ",another text", BLOCK, "empty id"),
        (5, "99,", BLOCK, "empty text"),
        (5, "99, ", WARN, "only spaces as its text"),
        (5, "99,nan", WARN, "'nan' as its text, which pandas reads as a missing value"),
        (5, "NA,another text", WARN, "the id 'NA', which pandas reads as a missing value"),
        (5, "just a text", BLOCK, "1 column; it needs an id and a text"),
        (5, "99,one, two", BLOCK, "3 columns and the first row 2"),
    ],
)
def test_a_text_is_judged_at_its_line(number: int, line: str, level: Level, says: str) -> None:
    assert_finds(with_line(Task.SENTENCE_SIMILARITY, number, line), level, f"data.csv line {number} ", says)


def test_texts_with_swapped_columns_and_a_single_text_block() -> None:
    swapped = [",".join(reversed(line.split(","))) for line in texts()]
    assert_finds(lint(Task.SENTENCE_SIMILARITY, swapped), BLOCK, "data.csv", "swapped")
    assert_finds(lint(Task.SENTENCE_SIMILARITY, texts(1)), BLOCK, "data.csv", "one row")


@pytest.mark.parametrize("task", GOOD)
@pytest.mark.parametrize(
    ("objects", "place", "says"),
    [
        ({"data.csv": b""}, "data.csv", "is empty"),
        ({"data.csv": b"\n\n"}, "data.csv", "no rows"),
        ({"pairs.csv": b"1,a,b\n"}, "", "pairs.csv must be named data.csv"),
        ({"train/data.csv": b"1,a,b\n"}, "", "one level deeper, in train/"),
        ({"data.csv": b"\xff\xfe1\0,\0"}, "data.csv line 1", "UTF-16"),
        ({"data.csv": b"1,a,b\n1,\xff,b\n"}, "data.csv line 2", "not UTF-8"),
        ({"data.csv": b'1,"a,b\n'}, "data.csv line 1", "never closed"),
        ({"data.csv": b"PK\x03\x04\x14\0" + bytes(60) + b"[Content_Types].xml"}, "data.csv", "Excel"),
        ({"data.csv": b"\x1f\x8b\x08\0" + bytes(60)}, "data.csv", "is a gzip file"),
        ({"data.csv": b"version https://git-lfs.github.com/spec/v1\n"}, "data.csv", "Git LFS pointer"),
        ({"data.csv.gz": b"\x1f\x8b"}, "", "data.csv.gz is a gzip file"),
        ({"train.zip": b"PK"}, "", "train.zip is a zip archive"),
        ({"._data.csv": b"\0\x05\x16\x07\0"}, "", "._data.csv is a resource fork that macOS left"),
        ({"__MACOSX/data.csv": b"\0\x05\x16\x07\0"}, "", "that macOS put into a zip file"),
    ],
)
def test_a_file_that_is_none_blocks(task: Task, objects: dict[str, bytes], place: str, says: str) -> None:
    assert_finds(report(task, objects), BLOCK, place, says)


@pytest.mark.parametrize("task", GOOD)
def test_other_files_warn_and_many_faults_are_counted(task: Task) -> None:
    assert_finds(lint(task, GOOD[task](), **{"readme.md": b"x"}), WARN, "readme.md", "is next to data.csv")
    found = lint(task, [*GOOD[task](), *["x"] * 500])
    assert_finds(found, BLOCK, "497 more like: data.csv line")


@pytest.mark.parametrize("task", GOOD)
def test_what_is_cut_by_the_budget_is_judged_as_far_as_it_goes(task: Task) -> None:
    body = (
        "\n".join(GOOD[task]() * 200).encode()
        if task is not Task.SENTENCE_SIMILARITY
        else b"\n".join(f"{number},text".encode() for number in range(3_000))
    )
    found = report(task, {"data.csv": body}, budget=3_001)
    assert found.sampled
    assert found.verdict is Level.PASS, found.findings
    assert found.bytes_read <= 3_001
