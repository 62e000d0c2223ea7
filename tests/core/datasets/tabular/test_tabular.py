"""The linter of tabular data: requirements of all models, and of some."""

from __future__ import annotations

import json

import pytest

from jsft_tui.core.catalog.task import Task, framework_and_task
from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import LintReport
from tests.common.effort import at_most
from tests.core.datasets.examples import assert_finds, assert_passes, report, said

BLOCK, WARN = Level.BLOCK, Level.WARN
XGBOOST, LINEAR = "xgboost-classification-model", "sklearn-classification-linear"
LIGHTGBM, AUTOGLUON = "lightgbm-classification-model", "autogluon-classification-ensemble"
CATBOOST, TABTRANSFORMER = "catboost-classification-model", "pytorch-tabtransformerclassification-model"
REGRESSION = "lightgbm-regression-model"
CLASSIFIERS = (XGBOOST, LINEAR, LIGHTGBM, CATBOOST, TABTRANSFORMER, AUTOGLUON)


def table(rows: int = 40, classes: int = 3) -> list[str]:
    """Class, a fraction, a negative number, a category."""
    return [f"{n % classes},{n}.5,-{n},{n % 4}" for n in range(rows)]


def numbers(rows: int = 40) -> list[str]:
    return [f"{n}.25,{n},1e-{n % 9},{n % 4}" for n in range(rows)]


def body(lines: list[str]) -> bytes:
    return "".join(f"{line}\n" for line in lines).encode()


def lint(model: str, objects: dict[str, bytes], **options: int) -> LintReport:
    question = DataQuestion(framework_and_task(model)[1], model)
    return report(question, objects, **options)


def with_line(model: str, number: int, line: str) -> LintReport:
    """Return good training rows but one (numbers count from 1)."""
    lines = numbers() if model == REGRESSION else table()
    lines[number - 1] = line
    return lint(model, {"train/data.csv": body(lines)})


def with_index(columns: object, *, name: str = "categorical_index.json") -> dict[str, bytes]:
    return {"train/data.csv": body(table()), name: json.dumps({"cat_index_list": columns}).encode()}


# -- good


@pytest.mark.parametrize("model", CLASSIFIERS)
def test_folders_of_training_and_validation_pass(model: str) -> None:
    found = lint(model, {"train/data.csv": body(table()), "validation/data.csv": body(table(12))})
    assert_passes(found, "train/data.csv 40 rows, 3 features, 3 classes.", "validation/data.csv 12 rows")


@pytest.mark.parametrize(
    "objects",
    [
        {"data.csv": body(table())},
        {"anything.csv": body(table())},
        {"a.csv": body(table()), "b.csv": body(table())},
        {"training/a.csv": body(table()), "training/b.csv": body(table())},
        with_index([3]),
        with_index([1, 3]) | {"train/data.csv": body([f"{n % 2},{n},2,3" for n in range(40)])},
        {"train/data.csv": body(table()).replace(b"\n", b"\r\n")},
        {"train/data.csv": body([line.replace(".5", "") for line in table()] + ["0,,nan,1"])},
    ],
    ids=["one file", "another name", "several loose files", "several files", "index", "two categories", "crlf", "gaps"],
)
def test_what_boosted_trees_read_passes(objects: dict[str, bytes]) -> None:
    assert_passes(lint(LIGHTGBM, objects))


def test_text_passes_where_the_model_finds_categories_itself() -> None:
    lines = [f"{('no', 'yes')[n % 2]},{n},red" for n in range(40)]
    found = lint(AUTOGLUON, {"train/data.csv": body(lines)})
    assert said(found, BLOCK) == []
    assert_passes(lint(AUTOGLUON, {"train/data.csv": body([f"{n % 2},{n},red" for n in range(40)])}))


def test_a_regression_passes_with_any_numbers() -> None:
    assert_passes(lint(REGRESSION, {"train/data.csv": body(numbers())}), "40 rows, 3 features.")


# -- rows


@pytest.mark.parametrize(
    ("model", "line", "level", "says"),
    [
        (LINEAR, "1,1,unknown,2", BLOCK, "'unknown' in column 3, which is not a number"),
        (XGBOOST, "1,1,1_000,2", BLOCK, "'1_000' in column 3"),
        (XGBOOST, "1,1,０,2", BLOCK, "column 3"),
        (LINEAR, "1,1,,2", BLOCK, "no value in column 3"),
        (LINEAR, "1,1,NaN,2", BLOCK, "no value in column 3"),
        (LINEAR, "1,1, NA,2", BLOCK, "' NA' in column 3, which is not a number"),
        (LIGHTGBM, "1,1,red,2", BLOCK, "'red' in column 3, which is not a number; LightGBM reads numbers only"),
        (CATBOOST, "1,1,red,2", BLOCK, "only in columns that categorical_index.json names (2)"),
        (TABTRANSFORMER, "1,1,red,2", WARN, "name columns of text in categorical_index.json (2)"),
        (LIGHTGBM, ",1,2,3", WARN, "no target"),
        (CATBOOST, ",1,2,3", BLOCK, "no target"),
        (LIGHTGBM, "cat,1,2,3", BLOCK, "class 'cat', which is not an integer"),
        (AUTOGLUON, "cat,1,2,3", WARN, "class 'cat', which is not an integer"),
        (CATBOOST, "cat,1,2,3", WARN, "class 'cat', which is not an integer"),
        (LIGHTGBM, "1.5,1,2,3", WARN, "class '1.5', which is not an integer"),
        (LIGHTGBM, "-1,1,2,3", BLOCK, "negative class -1"),
        (LINEAR, "-1,1,2,3", WARN, "negative class -1"),
        (LIGHTGBM, "1,1,2", WARN, "3 columns, the rows before have 4; the cells that are missing are read as empty"),
        (LINEAR, "1,1,2", BLOCK, "no value in column 4"),
        (LIGHTGBM, "1,1,2,3,4", BLOCK, "5 columns, the rows before have 4"),
        (LIGHTGBM, "1;1;2;3", BLOCK, "is the separator not a comma?"),
        (REGRESSION, "high,1,2,3", BLOCK, "target 'high', which is not a number"),
        (REGRESSION, "1e999,1,2,3", BLOCK, "target '1e999'"),
        (REGRESSION, "NA,1,2,3", WARN, "no target"),
    ],
)
def test_a_row_is_judged_at_its_line(model: str, line: str, level: Level, says: str) -> None:
    assert_finds(with_line(model, 17, line), level, "train/data.csv line 17 ", says)


@pytest.mark.parametrize("model", [*CLASSIFIERS, REGRESSION])
def test_a_header_blocks(model: str) -> None:
    lines = ["target,a,b,c", *(numbers() if model == REGRESSION else table())]
    assert_finds(lint(model, {"train/data.csv": body(lines)}), BLOCK, "train/data.csv line 1", "looks like a header")


def test_a_target_in_the_last_column_blocks_once() -> None:
    lines = [",".join([*line.split(",")[1:3], line.split(",")[0]]) for line in table(60)]
    found = lint(LIGHTGBM, {"train/data.csv": body(lines)})
    assert_finds(found, BLOCK, "train/data.csv line 1", "and 59 more", "in the last column")
    assert len(said(found, BLOCK)) == 1


def test_classes_are_judged_together() -> None:
    assert_finds(lint(LIGHTGBM, {"data.csv": body(table(classes=1))}), BLOCK, "1 class;", "at least two")
    shifted = [f"{n % 3 + 1},{n}" for n in range(40)]
    assert_finds(lint(LIGHTGBM, {"data.csv": body(shifted)}), BLOCK, "from 1 to 3; LightGBM takes only 0 to 2")
    assert_finds(lint(CATBOOST, {"data.csv": body(shifted)}), WARN, "from 1 to 3; 0 to 2 is documented")
    ids = [f"{n},{n}" for n in reversed(range(100))]
    assert_finds(lint(LIGHTGBM, {"data.csv": body(ids)}), WARN, "100 classes in 100 rows")
    assert_finds(lint(REGRESSION, {"data.csv": body(["1,2"] * 40)}), WARN, "the target is 1 in every row")
    assert_finds(lint(LIGHTGBM, {"data.csv": body(table(9))}), WARN, "only 9 rows")


def test_validation_must_fit_the_training_rows() -> None:
    training = {"train/data.csv": body(table())}
    other_width = {"validation/data.csv": body([f"{n % 3},1,2" for n in range(30)])}
    assert_finds(lint(XGBOOST, training | other_width), BLOCK, "validation/data.csv line 1", "the training rows have 4")
    other_class = {"validation/data.csv": body([*table(12), "7,1,2,3"])}
    assert_finds(lint(XGBOOST, training | other_class), BLOCK, "the class 7, which no training row has")
    assert_finds(lint(XGBOOST, training | {"validation/data.csv": b""}), BLOCK, "validation/data.csv", "is empty")


# -- structure


@pytest.mark.parametrize(
    ("model", "objects", "level", "says"),
    [
        (
            XGBOOST,
            {"a.csv": b"0,1\n", "b.csv": b"0,1\n"},
            BLOCK,
            "2 CSV files (a.csv, b.csv); XGBoost and linear models read one",
        ),
        (LIGHTGBM, {"data.txt": b"0,1\n"}, BLOCK, "no CSV file (data.txt is not one)"),
        (LIGHTGBM, {"validation/data.csv": b"0,1\n"}, BLOCK, "validation/ but no train/"),
        (LIGHTGBM, {"data.csv.gz": b"\x1f\x8b"}, BLOCK, "data.csv.gz is a gzip file"),
        (LIGHTGBM, {"table.xlsx": b"PK"}, BLOCK, "table.xlsx is a spreadsheet"),
        (LIGHTGBM, {"train/data.csv": b"PK\x03\x04\x14\0"}, BLOCK, "train/data.csv is a zip or Excel file"),
        (
            LIGHTGBM,
            {"train/data.csv": body(table()), "train/._data.csv": b"\0\x05\x16\x07\0\2"},
            BLOCK,
            "train/._data.csv is a resource fork that macOS left (AppleDouble); delete it",
        ),
        (LIGHTGBM, {"tables/data.csv": b"0,1\n"}, BLOCK, "there is tables/"),
        (
            LIGHTGBM,
            {"train/data.parquet": b"PAR1"},
            BLOCK,
            "train/ has no CSV file; train/data.parquet is a Parquet file",
        ),
        (LIGHTGBM, {"train/more/data.csv": b"0,1\n"}, BLOCK, "one level deeper, in train/more/"),
        (XGBOOST, {"train/a.csv": b"0,1\n", "train/b.csv": b"0,1\n"}, BLOCK, "train/ has 2 CSV files"),
        (XGBOOST, {"train/a.csv": body(table())}, WARN, "train/a.csv is named data.csv in the documentation"),
        (XGBOOST, {"data.csv": body(table())}, WARN, "directly under the prefix"),
        (LIGHTGBM, {"train/a.csv": body(table()), "x.csv": b"0"}, WARN, "x.csv is next to train/"),
        (LIGHTGBM, {"train/data.csv": b""}, BLOCK, "train/data.csv is empty"),
        (LIGHTGBM, {"train/data.csv": b"\n\n"}, BLOCK, "train/data.csv has no rows"),
        (LIGHTGBM, {"train/data.csv": b"0,1\n0,\xe9\n"}, BLOCK, "train/data.csv line 2 is not UTF-8"),
    ],
)
def test_the_structure_is_judged(model: str, objects: dict[str, bytes], level: Level, says: str) -> None:
    assert_finds(lint(model, objects), level, says)


# -- categories


@pytest.mark.parametrize(
    ("columns", "says"),
    [
        ([0, 3], "cat_index_list[0] is 0, which is the target"),
        ([3, 4, 5], "names column 4, but there are 3 features: 1 to 3 (2 such numbers)"),
        ([2**31], "cat_index_list[0] is 2147483648"),
        (["3"], "cat_index_list[0] is '3'; it must be the number of a column"),
        ([False], "cat_index_list[0] is false"),
        ([3.0], "cat_index_list[0] is 3.0"),
        ({"3": 1}, "an object; it must be a list"),
        (3, "3; it must be a list"),
        ([-1], "cat_index_list[0] is -1"),
        ("3", "cat_index_list is '3'; it must be a list"),
    ],
)
def test_a_wrong_index_blocks_at_its_place(columns: object, says: str) -> None:
    assert_finds(lint(LIGHTGBM, with_index(columns)), BLOCK, says)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{}", "no key cat_index_list"),
        (b"", "line 1"),
        (b"[1]", "one JSON object"),
        (b"{" * 50_000, "JSON"),
        (b'\xef\xbb\xbf{"cat_index_list": [3]}', "byte order mark"),
        (b'{"first": [9], "cat_index_list": [3]}', "names column 9"),
    ],
)
def test_an_index_that_is_none_blocks(content: bytes, says: str) -> None:
    found = lint(CATBOOST, {"train/data.csv": body(table()), "categorical_index.json": content})
    assert_finds(found, BLOCK, "categorical_index.json", says)


def test_two_indexes_block_another_name_and_models_of_numbers_warn() -> None:
    two = with_index([3]) | {"columns.json": b"{}"}
    assert_finds(lint(CATBOOST, two), BLOCK, "only one JSON file")
    inside = with_index([3], name="train/categorical_index.json")
    assert_finds(lint(CATBOOST, inside), WARN, "train/categorical_index.json is not read")
    assert_finds(lint(CATBOOST, with_index([3], name="columns.json")), WARN, "columns.json", "its name differs")
    assert_finds(lint(XGBOOST, with_index([3])), WARN, "categorical_index.json", "is not read by XGBoost")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"cat_index": [3]}', "the first key 'cat_index'"),
        (b'{"cat_index_list": [3, 3]}', "cat_index_list[1] is 3, a duplicate value"),
        (b'{"cat_index_list": null}', "no column is a category"),
        (b"null", "no column is a category"),
        (b'{"cat_index_list": [true]}', "cat_index_list[0] is true"),
    ],
)
def test_an_index_that_the_script_reads_warns(content: bytes, says: str) -> None:
    lines = [f"{n % 3},{n},-{n},{n % 4}" for n in range(40)]
    found = lint(CATBOOST, {"train/data.csv": body(lines), "categorical_index.json": content})
    assert_finds(found, WARN, "categorical_index.json", says)


def test_the_first_value_is_the_index_whatever_its_key() -> None:
    words = {"train/data.csv": body([f"{n % 2},{n},red" for n in range(40)])}
    assert_finds(lint(CATBOOST, words | {"categorical_index.json": b'{"any": [2]}'}), WARN, "the first key 'any'")
    assert_finds(lint(CATBOOST, words | {"categorical_index.json": b'{"any": [1]}'}), BLOCK, "'red' in column 3")


def test_one_finding_is_given_for_each_kind_of_fault() -> None:
    lines = [f"{n % 2},red,{n},blue,{'inf' if n % 7 == 0 else n}" for n in range(50)]
    found = lint(XGBOOST, {"train/data.csv": body(lines)})
    assert_finds(found, BLOCK, "train/data.csv line 1 ", "'red' in column 2", "(100 such cells in columns 2, 4)")
    assert_finds(found, BLOCK, "train/data.csv line 1 ", "'inf' in column 5", "(8 such cells in this column)")
    assert len(said(found, BLOCK)) == 2


# -- bounds


def test_all_files_have_their_part_of_the_budget() -> None:
    objects = {f"train/{n:02}.csv": body(table(500)) for n in range(4)} | {"validation/data.csv": body(table(500))}
    found = lint(LIGHTGBM, objects, budget=10_000)
    assert found.verdict is Level.PASS, found.findings
    assert found.sampled
    assert 8_000 < found.bytes_read <= 10_000
    assert "in the part that was read" in " ".join(said(found, Level.PASS))


def test_a_hostile_table_is_judged_quickly() -> None:
    digits, wide = b"9" * 900_000, b"," * 300_000
    rows = b"1," + digits + b"\n" + digits + b"x,1\n" + b"1" + wide + b"\n" + b"2" + wide
    with at_most(5):
        lint(LIGHTGBM, {"train/data.csv": rows})
        lint(XGBOOST, {"train/data.csv": b"0.1,a" + b",b" * 300_000})


def test_the_task_alone_is_enough() -> None:
    assert_passes(report(Task.TABULAR_CLASSIFICATION, {"train/data.csv": body(table())}))
