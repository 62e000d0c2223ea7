"""Test SIGTERM, resuming from a checkpoint, and the end of the sandbox."""

from __future__ import annotations

import os
import re
import time
from pathlib import Path

import numpy as np
import pytest

from jsft_tui.sandbox.trainers import predict
from tests.sandbox.trainers.datasets import SHAPES, draw_shapes
from tests.sandbox.trainers.jobs import Job, same_arrays

ENDLESS: dict[str, dict[str, object]] = {
    "image": {"epochs": 1000, "batch_size": 8},
    "text": {"epochs": 1000},
    "tabular": {"tol": 1e-20, "alpha": 0.1},
}
"""Hyperparameters of jobs that only a stop ends: they would train on for longer than a test waits."""
TRAINERS = tuple(ENDLESS)
INPUTS = {"text": "the bucket keeps an object", "tabular": "0.5,120,0.01,1001,3.5"}


@pytest.mark.parametrize("trainer", TRAINERS)
def test_a_stopped_job_ends_soon_with_a_model_that_works(
    data_of: dict[str, Path], tmp_path: Path, trainer: str
) -> None:
    running = Job(trainer, tmp_path, {"training": data_of[trainer]}, ENDLESS[trainer]).start()
    running.wait_for("^Epoch 3/")
    running.stop()
    job = running.wait()
    assert job.code == 0, job.output
    assert job.failure is None
    assert job.info["status"] == "stopped"
    assert job.info["whole_epochs"] == len(job.metric("val_loss")) >= 3
    shown = INPUTS.get(trainer, data_of["image"] / "circle" / "circle-01.jpg")
    ranking = predict.load(job.tarball()).predict(shown)
    assert sum(probability for _, probability in ranking) == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("trainer", ["image", "text"])
def test_going_on_after_a_stop_ends_with_the_weights_of_an_uninterrupted_run(
    data_of: dict[str, Path], tmp_path: Path, trainer: str
) -> None:
    channels = {"training": data_of[trainer]}
    running = Job(trainer, tmp_path / "stopped", channels, ENDLESS[trainer]).start()
    running.wait_for("^Epoch 3/")
    running.stop()
    whole_epochs = running.wait().info["whole_epochs"]
    to_the_end = {**ENDLESS[trainer], "epochs": whole_epochs + 2}
    resumed = Job(trainer, tmp_path / "stopped", channels, to_the_end).run()
    straight = Job(trainer, tmp_path / "straight", channels, to_the_end).run()
    assert f"Resuming from the checkpoint after epoch {whole_epochs}." in resumed.output
    assert same_arrays(resumed.arrays, straight.arrays)
    assert resumed.info["history"] == straight.info["history"]


def test_a_tabular_job_resumed_in_the_middle_has_the_weights_of_an_uninterrupted_one(
    table: Path, tmp_path: Path
) -> None:
    asked = {"alpha": 0.003, "tol": 1e-7}
    straight = Job("tabular", tmp_path / "straight", {"training": table}, asked).run()
    running = Job("tabular", tmp_path / "stopped", {"training": table}, asked).start()
    running.wait_for("^Epoch 2/")
    running.stop()
    assert running.wait().info["whole_epochs"] < straight.info["whole_epochs"]
    resumed = Job("tabular", tmp_path / "stopped", {"training": table}, asked).run()
    assert "Resuming from the checkpoint" in resumed.output
    assert same_arrays(resumed.arrays, straight.arrays)


@pytest.mark.parametrize(
    "asked",
    [
        {"augmentation": True},
        {"train_only_top_layer": False},
        {"optimizer": "nesterov", "learning_rate": 0.01},
        {"optimizer": "adadelta", "learning_rate": 1.0},
    ],
    ids=lambda asked: next(iter(asked)),
)
def test_an_image_job_in_two_parts_equals_one_in_one_part(
    two_shapes: Path, tmp_path: Path, asked: dict[str, object]
) -> None:
    channels = {"training": two_shapes}
    Job("image", tmp_path / "parts", channels, {**asked, "epochs": 2, "batch_size": 4}).run()
    parts = Job("image", tmp_path / "parts", channels, {**asked, "epochs": 4, "batch_size": 4}).run()
    whole = Job("image", tmp_path / "whole", channels, {**asked, "epochs": 4, "batch_size": 4}).run()
    assert "Resuming from the checkpoint after epoch 2." in parts.output
    assert same_arrays(parts.arrays, whole.arrays)


def test_the_checkpoint_of_a_stopped_job_is_the_one_of_its_last_whole_epoch(texts: Path, tmp_path: Path) -> None:
    running = Job("text", tmp_path, {"training": texts}, ENDLESS["text"]).start()
    running.wait_for("^Epoch 2/")
    running.stop()
    whole_epochs = running.wait().info["whole_epochs"]
    with np.load(tmp_path / "checkpoints" / "checkpoint.npz", allow_pickle=False) as checkpoint:
        described = str(checkpoint["described"])
    assert described.count("val_loss") == whole_epochs


def test_a_checkpoint_of_other_data_or_a_damaged_one_is_not_used(texts: Path, tmp_path: Path) -> None:
    checkpoint = tmp_path / "checkpoints" / "checkpoint.npz"
    job = Job("text", tmp_path, {"training": texts}, {"epochs": 1}).run()
    other = Job("text", tmp_path, {"training": texts}, {"epochs": 1, "random_seed": 5}).run()
    assert "The checkpoint is not used: it belongs to other data" in other.output
    for content in (b"", b"PK\x03\x04 nonsense", checkpoint.read_bytes()[:-500]):
        checkpoint.write_bytes(content)
        again = Job("text", tmp_path, {"training": texts}, {"epochs": 1}).run()
        assert again.code == 0, again.output
        assert "The checkpoint is not used: it cannot be read" in again.output
    assert job.failure is None


@pytest.mark.parametrize("trainer", TRAINERS)
def test_a_job_stopped_while_it_starts_ends_soon_without_a_failure(
    data_of: dict[str, Path], tmp_path: Path, trainer: str
) -> None:
    for delay in (0.0, 0.08, 0.16):
        running = Job(trainer, tmp_path / str(delay), {"training": data_of[trainer]}, ENDLESS[trainer]).start()
        time.sleep(delay)  # whatever it is at then: it ends in the same way
        running.stop()
        job = running.wait()
        # -15: the signal arrived before the interpreter had reached the trainer.
        assert job.code in (0, -15), job.output
        assert job.failure is None
        assert "Traceback" not in job.output


@pytest.fixture(scope="session")
def many_shapes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create enough images for a pass of a second or more."""
    return draw_shapes(tmp_path_factory.mktemp("many") / "data", SHAPES, 50)


def test_a_job_stopped_while_features_are_made_leaves_no_model(many_shapes: Path, tmp_path: Path) -> None:
    running = Job("image", tmp_path, {"training": many_shapes}, {}).start()
    running.wait_for("^Features of the validation images")
    running.stop()
    job = running.wait()
    assert job.code == 0
    assert "Stopped before the first epoch: there is no model to save." in job.output
    assert job.model_files == set()


def test_a_job_stopped_while_images_are_augmented_keeps_its_model(many_shapes: Path, tmp_path: Path) -> None:
    asked = {"augmentation": True, "epochs": 1000}
    running = Job("image", tmp_path, {"training": many_shapes}, asked).start()
    running.wait_for("^Features of the augmented images of epoch 2")
    running.stop()
    job = running.wait()
    assert job.code == 0
    assert job.info["whole_epochs"] == 1
    assert "model.npz" in job.model_files


@pytest.mark.parametrize("trainer", TRAINERS)
def test_a_trainer_does_not_outlive_its_sandbox(data_of: dict[str, Path], tmp_path: Path, trainer: str) -> None:
    reading, writing = os.pipe()
    running = Job(trainer, tmp_path, {"training": data_of[trainer]}, ENDLESS[trainer]).start(lifeline=reading)
    os.close(reading)
    running.wait_for("^Epoch 2/")
    assert running.process.poll() is None
    os.close(writing)
    running.wait()
    assert running.process.returncode != 0


def test_a_killed_trainer_leaves_no_half_written_file_under_a_real_name(texts: Path, tmp_path: Path) -> None:
    running = Job("text", tmp_path, {"training": texts}, ENDLESS["text"]).start()
    running.wait_for("^Epoch 4/")
    running.process.kill()
    running.wait()
    resumed = Job("text", tmp_path, {"training": texts}, ENDLESS["text"]).start()
    line = resumed.wait_for("^Resuming from the checkpoint after epoch")
    assert int(re.findall(r"\d+", line)[0]) >= 4
    resumed.stop()
