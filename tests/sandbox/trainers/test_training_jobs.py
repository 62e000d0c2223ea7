"""Test the behavior and the output of successful jobs."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from jsft_tui.sandbox.trainers.common.hyperparameters import METRIC_REGEXES
from tests.sandbox.trainers.datasets import SHAPES, draw_shapes, write_table, write_texts
from tests.sandbox.trainers.jobs import Job, same_arrays

TRAINERS = ("image", "text", "tabular")


@pytest.mark.parametrize(("trainer", "least"), [("image", 0.85), ("text", 0.85), ("tabular", 0.75)])
def test_a_trainer_learns_its_task(trained: Callable[[str], Job], trainer: str, least: float) -> None:
    job = trained(trainer)
    assert job.code == 0, job.output
    assert job.failure is None
    assert job.metric("val_accuracy")[-1] > least, job.output
    assert job.metric("train_loss")[-1] < job.metric("train_loss")[0]


@pytest.mark.parametrize("trainer", TRAINERS)
def test_every_epoch_prints_all_metrics_on_one_line_after_its_number(
    trained: Callable[[str], Job], trainer: str
) -> None:
    job = trained(trainer)
    lines = [line for line in job.output.splitlines() if line.startswith("Epoch ")]
    assert len(lines) == job.info["whole_epochs"] >= 2
    for number, line in enumerate(lines, start=1):
        assert re.match(rf"Epoch {number}/\d+ - ", line)
        for regex in METRIC_REGEXES.values():
            assert len(re.findall(regex, line)) == 1, (regex, line)
        assert "nan" not in line
        assert "inf" not in line


@pytest.mark.parametrize(
    ("trainer", "labels"),
    [
        ("image", {name: place for place, name in enumerate(SHAPES)}),
        ("text", {"0": 0, "1": 1, "2": 2}),
        ("tabular", {"1": 0, "2": 1, "3": 2}),
    ],
)
def test_the_model_folder_holds_arrays_labels_and_how_it_was_trained(
    trained: Callable[[str], Job], trainer: str, labels: dict[str, int]
) -> None:
    job = trained(trainer)
    assert job.model_files == {"model.npz", "class_label_to_prediction_index.json", "training_info.json"}
    assert job.labels == labels
    assert job.info["status"] == "completed"
    assert job.info["history"][-1]["val_accuracy"] == pytest.approx(job.metric("val_accuracy")[-1], abs=1e-6)
    assert "hyperparameters" in job.info


def test_the_text_trainer_says_that_it_has_no_pretrained_weights(trained: Callable[[str], Job]) -> None:
    job = trained("text")
    assert "no pretrained weights: hashed n-grams, trained from scratch" in job.output
    assert "no pretrained weights: hashed n-grams, trained from scratch" in job.info["pretrained"]


def test_the_image_trainer_shows_progress_while_it_makes_features(trained: Callable[[str], Job]) -> None:
    job = trained("image")
    assert "Features of the training images: 48/48" in job.output
    assert len(re.findall("Features of the training images", job.output)) > 2


@pytest.mark.parametrize("trainer", TRAINERS)
def test_the_same_job_twice_gives_the_same_weights_to_the_last_bit(
    trained: Callable[[str], Job], data_of: dict[str, Path], tmp_path: Path, trainer: str
) -> None:
    first = trained(trainer)
    again = Job(trainer, tmp_path, {"training": data_of[trainer]}, first.hyperparameters).run()
    assert same_arrays(first.arrays, again.arrays)
    assert first.info == again.info


def test_a_batch_scaled_for_four_gpus_still_learns_within_ten_epochs(shapes: Path, tmp_path: Path) -> None:
    job = Job("image", tmp_path, {"training": shapes}, {"batch_size": 128, "epochs": 10}).run()
    assert job.metric("val_accuracy")[-1] > 0.8


def test_hyperparameters_may_come_bare_and_the_platforms_own_are_passed_over(texts: Path, tmp_path: Path) -> None:
    asked = {"epochs": 2, "optimizer": "rmsprop", "sagemaker_program": "transfer_learning.py"}
    encoded = Job("text", tmp_path / "encoded", {"training": texts}, asked).run()
    bare = Job("text", tmp_path / "bare", {"training": texts}, asked, encode=str).run()
    assert encoded.code == bare.code == 0, bare.output
    assert same_arrays(bare.arrays, encoded.arrays)


def test_a_validation_channel_replaces_the_split(shapes: Path, texts: Path, table: Path, tmp_path: Path) -> None:
    others = {
        "image": draw_shapes(tmp_path / "val" / "image", SHAPES, 3, seed=5),
        "text": write_texts(tmp_path / "val" / "text", 30, seed=5),
        "tabular": write_table(tmp_path / "val" / "tabular" / "data.csv", 50, seed=5),
    }
    ours = {"image": (shapes, 60, 9), "text": (texts, 240, 30), "tabular": (table, 400, 50)}
    for trainer, (training, count, held_out) in ours.items():
        job = Job(trainer, tmp_path / trainer, {"training": training, "validation": others[trainer]}).run()
        assert job.code == 0, job.output
        assert (job.info["training_examples"], job.info["validation_examples"]) == (count, held_out)


def test_the_table_may_lie_in_the_channel_itself_with_a_validation_folder_beside_it(tmp_path: Path) -> None:
    write_table(tmp_path / "channel" / "rows.csv", 120)
    write_table(tmp_path / "channel" / "validation" / "some.csv", 40, seed=1)
    job = Job("tabular", tmp_path / "job", {"train": tmp_path / "channel"}).run()
    assert job.code == 0, job.output
    assert (job.info["training_examples"], job.info["validation_examples"]) == (120, 40)


def test_early_stopping_ends_a_job_whose_metric_no_longer_improves(texts: Path, tmp_path: Path) -> None:
    asked = {"epochs": 200, "early_stopping": True, "early_stopping_patience": 3, "early_stopping_min_delta": 0.01}
    job = Job("text", tmp_path, {"training": texts}, asked).run()
    assert job.code == 0
    values = job.metric("val_accuracy")
    assert len(values) < 200
    assert max(values[-3:]) <= max(values[:-3]) + 0.01
    assert "Early stopping after epoch" in job.output
