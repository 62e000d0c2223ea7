"""Tables as pandas, Excel and others write them: an index, decimal commas, a target at the end, JSON under the name."""

from __future__ import annotations

import pytest

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.base.question import DataQuestion
from tests.core.datasets.examples import assert_finds, assert_passes, report, said

LIGHTGBM = DataQuestion(Task.TABULAR_CLASSIFICATION, "lightgbm-classification-model")
CATBOOST = DataQuestion(Task.TABULAR_CLASSIFICATION, "catboost-classification-model")
AUTOGLUON = DataQuestion(Task.TABULAR_CLASSIFICATION, "autogluon-classification-ensemble")
REGRESSION = DataQuestion(Task.TABULAR_REGRESSION, "lightgbm-regression-model")
ROWS = [f"{n % 2},{n * 1.5},{n % 7}" for n in range(40)]


def body(lines: list[str]) -> bytes:
    return ("\n".join(lines) + "\n").encode()


@pytest.mark.parametrize("model", [LIGHTGBM, CATBOOST, AUTOGLUON], ids=["lightgbm", "catboost", "autogluon"])
@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([",label,a,b", *(f"{n},{row}" for n, row in enumerate(ROWS))], "index=False"),
        ([f"{n},{row}" for n, row in enumerate(ROWS)], "counts the rows"),
        ([f"{n % 2};{n},5;{n % 7},25" for n in range(40)], "semicolon"),
        ([f"{n * 1.5},{n},{'ab'[n % 2]}" for n in range(40)], "last column"),
        ([f"{n * 1.5},{n},{n % 2}" for n in range(40)], "last column"),
        ([f'{{"label": {n % 2}, "a": {n}}}' for n in range(40)], "is JSON"),
    ],
    ids=["index and header", "index", "decimal commas", "words last", "class last", "json lines"],
)
def test_a_table_that_is_read_as_another_one_is_blocked(model: DataQuestion, lines: list[str], says: str) -> None:
    assert_finds(report(model, {"data.csv": body(lines)}), Level.BLOCK, says)


def test_a_missing_target_in_the_first_row_is_no_header() -> None:
    lines = [",a,1.5", *(f"{n % 2},{'ab'[n % 2]},2" for n in range(40))]
    found = report(AUTOGLUON, {"data.csv": body(lines)})
    assert not any("header" in line for line in said(found, Level.BLOCK))


def test_a_number_that_counts_the_rows_is_doubtful_as_a_target_of_regression() -> None:
    assert_finds(report(REGRESSION, {"data.csv": body([f"{n},{n}" for n in range(40)])}), Level.WARN, "counts the rows")


def test_features_that_never_differ_are_refused_by_catboost_only() -> None:
    constant = {"data.csv": body([f"{n % 2},1,2" for n in range(40)])}
    assert_finds(report(CATBOOST, constant), Level.BLOCK, "same in all rows")
    assert_finds(report(LIGHTGBM, constant), Level.WARN, "same in all rows")


@pytest.mark.parametrize("folder", ["val/", "valid/", "test/", "Validation/"])
def test_a_folder_that_no_script_reads_is_named(folder: str) -> None:
    data = {"train/data.csv": body(ROWS), f"{folder}data.csv": body(ROWS)}
    assert_finds(report(LIGHTGBM, data), Level.WARN, folder, "belongs in validation/")


def test_validation_rows_beside_the_training_rows_are_trained_on() -> None:
    data = {"train.csv": body(ROWS), "my-test.csv": body(ROWS)}
    assert_finds(report(LIGHTGBM, data), Level.WARN, "my-test.csv", "training data")
    assert_passes(report(LIGHTGBM, {"latest.csv": body(ROWS), "contest.csv": body(ROWS)}))


@pytest.mark.parametrize("name", ["DATA.CSV", "train/data.Csv"])
def test_an_ending_in_capitals_may_not_be_found(name: str) -> None:
    assert_finds(report(LIGHTGBM, {name: body(ROWS)}), Level.WARN, name, "rename it")
