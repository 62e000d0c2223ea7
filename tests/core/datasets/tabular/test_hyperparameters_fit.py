"""Hyperparameters that do not fit the data: metrics and classes, leaves and rows, batches."""

from __future__ import annotations

import pytest

from jsft_tui.core.catalog.task import framework_and_task
from jsft_tui.core.common.findings import Level
from jsft_tui.core.datasets.base.question import DataQuestion
from tests.core.datasets.examples import flowers, report, said, sentences


def table(classes: int, rows: int = 120) -> dict[str, bytes]:
    return {"data.csv": "\n".join(f"{n % classes},{n},{n * 1.5}" for n in range(rows)).encode()}


def question(model: str, **values: str) -> DataQuestion:
    return DataQuestion(framework_and_task(model)[1], model, values)


@pytest.mark.parametrize(
    ("model", "values", "classes", "verdict"),
    [
        ("lightgbm-classification-model", {"metric": "auc"}, 3, Level.BLOCK),
        ("lightgbm-classification-model", {"metric": "multi_logloss"}, 2, Level.BLOCK),
        ("lightgbm-classification-model", {"metric": "multi_logloss"}, 3, Level.PASS),
        ("lightgbm-classification-model", {"metric": "auto"}, 3, Level.PASS),
        ("catboost-classification-model", {"eval_metric": "Logloss"}, 3, Level.BLOCK),
        ("catboost-classification-model", {"eval_metric": "MultiClass"}, 2, Level.BLOCK),
        ("catboost-classification-model", {"eval_metric": "AUC"}, 3, Level.PASS),
        ("autogluon-classification-ensemble", {"eval_metric": "F1"}, 3, Level.PASS),
    ],
)
def test_a_metric_is_for_the_number_of_classes(
    model: str, values: dict[str, str], classes: int, verdict: Level
) -> None:
    assert report(question(model, **values), table(classes)).verdict is verdict


@pytest.mark.parametrize(("rows", "verdict"), [(60, Level.WARN), (64, Level.WARN), (65, Level.PASS)])
def test_rows_that_cannot_be_split_into_two_leaves_warn(rows: int, verdict: Level) -> None:
    asked = question("lightgbm-classification-model", min_data_in_leaf="26")
    assert report(asked, table(2, rows)).verdict is verdict


def test_two_classes_of_images_for_binary_mode() -> None:
    asked = question("tensorflow-ic-resnet", binary_mode="True")
    assert report(asked, flowers(classes=2)).verdict is Level.PASS
    assert report(asked, flowers(classes=3)).verdict is Level.WARN


def test_a_batch_that_is_never_full_and_left_out_blocks() -> None:
    data = {"data.csv": "\n".join(sentences()).encode()}
    kept = question("huggingface-tc-bert", batch_size="64")
    dropped = question("huggingface-tc-bert", batch_size="64", dataloader_drop_last="True")
    assert any("one step in an epoch" in line for line in said(report(kept, data), Level.PASS))
    assert report(dropped, data).verdict is Level.BLOCK
