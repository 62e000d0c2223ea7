"""Test training that continues from an earlier job's model in the `model` channel."""

from __future__ import annotations

import io
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.sandbox.trainers.datasets import SHAPES, draw_shapes
from tests.sandbox.trainers.jobs import Job, same_arrays
from tests.sandbox.trainers.test_refused_jobs import refused

Trained = Callable[[str], Job]


@pytest.fixture
def model_of(trained: Trained, tmp_path: Path) -> Callable[[str], Path]:
    """Create a `model` channel with the model of a finished job."""

    def channel(trainer: str) -> Path:
        folder = tmp_path / f"model-of-{trainer}"
        folder.mkdir()
        shutil.copy(trained(trainer).tarball(), folder / "model.tar.gz")
        return folder

    return channel


@pytest.mark.parametrize("trainer", ["image", "text"])
def test_with_the_same_classes_the_head_is_kept_and_starts_better(
    trained: Trained, model_of: Callable[[str], Path], data_of: dict[str, Path], tmp_path: Path, trainer: str
) -> None:
    channels = {"training": data_of[trainer], "model": model_of(trainer)}
    job = Job(trainer, tmp_path / "job", channels, {"epochs": 1}).run()
    assert job.code == 0, job.output
    assert "Continuing from the model in channel 'model'; its head is kept." in job.output
    assert job.info["incremental"] is True
    assert job.metric("train_loss")[0] < trained(trainer).metric("train_loss")[0]


@pytest.mark.parametrize("trainer", ["image", "text"])
def test_the_head_starts_anew_when_asked(
    model_of: Callable[[str], Path], data_of: dict[str, Path], tmp_path: Path, trainer: str
) -> None:
    channels = {"training": data_of[trainer], "model": model_of(trainer)}
    asked = {"epochs": 1, "reinitialize_top_layer": True, "learning_rate": 0}
    anew = Job(trainer, tmp_path / "anew", channels, asked).run()
    assert "its head is replaced by a new one" in anew.output
    kept = Job(trainer, tmp_path / "kept", channels, asked | {"reinitialize_top_layer": False}).run()
    before = model_of_arrays(channels["model"] / "model.tar.gz")
    assert np.array_equal(kept.arrays["top_kernel"], before["top_kernel"])
    assert not np.array_equal(anew.arrays["top_kernel"], before["top_kernel"])
    if trainer == "text":
        assert np.array_equal(anew.arrays["embedding"], before["embedding"])


def model_of_arrays(tarball: Path) -> dict[str, NDArray[Any]]:
    """Return the arrays in a model.tar.gz."""
    with tarfile.open(tarball) as archive:
        member = archive.extractfile("model.npz")
        assert member is not None
        with np.load(io.BytesIO(member.read()), allow_pickle=False) as arrays:
            return {name: arrays[name] for name in arrays.files}


def test_other_classes_get_a_new_head_unless_the_old_one_was_insisted_on(
    model_of: Callable[[str], Path], two_shapes: Path, tmp_path: Path
) -> None:
    channels = {"training": two_shapes, "model": model_of("image")}
    job = Job("image", tmp_path / "auto", channels, {"epochs": 1}).run()
    assert job.code == 0, job.output
    assert "its head is replaced by a new one" in job.output
    insisting = Job("image", tmp_path / "insisting", channels, {"reinitialize_top_layer": False})
    refused(
        insisting,
        "was trained on the classes circle, cross, square, not circle, cross; set it to Auto or True",
    )


def test_keeping_a_head_needs_a_model_that_has_one(two_shapes: Path, tmp_path: Path) -> None:
    job = Job("image", tmp_path, {"training": two_shapes}, {"reinitialize_top_layer": False})
    refused(job, "reinitialize_top_layer is False", "is missing; set it to Auto or True")


def test_jumpstarts_own_artifact_means_the_pretrained_network_only(two_shapes: Path, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    with tarfile.open(folder / "train-model.tar.gz", "w:gz") as archive:
        member = tarfile.TarInfo("1/saved_model.pb")
        member.size = 4
        archive.addfile(member, io.BytesIO(b"TFTF"))
    with_artifact = Job("image", tmp_path / "1", {"training": two_shapes, "model": folder}, {"epochs": 1}).run()
    without = Job("image", tmp_path / "2", {"training": two_shapes}, {"epochs": 1}).run()
    assert with_artifact.code == 0, with_artifact.output
    assert same_arrays(with_artifact.arrays, without.arrays)
    assert with_artifact.info["incremental"] is False


def test_a_trained_last_convolution_is_carried_on(two_shapes: Path, tmp_path: Path) -> None:
    first = Job(
        "image", tmp_path / "first", {"training": two_shapes}, {"epochs": 1, "train_only_top_layer": False}
    ).run()
    assert "last_kernel" in first.arrays
    folder = tmp_path / "model"
    folder.mkdir()
    shutil.copy(first.tarball(), folder / "model.tar.gz")
    second = Job("image", tmp_path / "second", {"training": two_shapes, "model": folder}, {"epochs": 1}).run()
    assert np.array_equal(first.arrays["last_kernel"], second.arrays["last_kernel"])


def test_a_model_of_another_task_or_a_damaged_one_is_refused(
    model_of: Callable[[str], Path], texts: Path, tmp_path: Path
) -> None:
    other = Job("text", tmp_path / "1", {"training": texts, "model": model_of("tabular")})
    refused(other, "contains a model for tabular-classification; this job needs one for text-classification")
    folder = tmp_path / "damaged"
    folder.mkdir()
    (folder / "model.tar.gz").write_bytes(b"this is no tarball")
    refused(Job("text", tmp_path / "2", {"training": texts, "model": folder}), "cannot be read as a tar.gz archive")


def test_going_on_with_more_classes_than_before_learns_them_all(
    model_of: Callable[[str], Path], tmp_path: Path
) -> None:
    more = draw_shapes(tmp_path / "more", (*SHAPES, "plus"), 4)
    job = Job("image", tmp_path / "job", {"training": more, "model": model_of("image")}, {"epochs": 2}).run()
    assert job.code == 0, job.output
    assert len(job.labels) == 4
