"""Test that jobs of pairs, questions and language models resume from their checkpoint as if nothing had happened."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sandbox.trainers.jobs import Job, same_arrays
from tests.sandbox.trainers.text.test_pairs_and_questions import pairs, questions, write_csv


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Create the training data of each trainer."""
    root = tmp_path_factory.mktemp("data")
    (root / "prose").mkdir()
    (root / "prose" / "prose.txt").write_text(
        "".join(f"{text} {number}\n" for number, (_, text, _) in enumerate(pairs()))
    )
    return {
        "pairs": write_csv(root / "pairs", pairs()),
        "questions": write_csv(root / "questions", questions()),
        "gpt": root / "prose",
    }


@pytest.mark.parametrize(("trainer", "epochs"), [("pairs", "epochs"), ("questions", "epochs"), ("gpt", "epoch")])
def test_a_job_in_two_parts_equals_one_in_one_part(
    data: dict[str, Path], tmp_path: Path, trainer: str, epochs: str
) -> None:
    channels = {"training": data[trainer]}
    Job(trainer, tmp_path / "parts", channels, {epochs: 2}).run()
    parts = Job(trainer, tmp_path / "parts", channels, {epochs: 3}).run()
    whole = Job(trainer, tmp_path / "whole", channels, {epochs: 3}).run()
    assert "Resuming from the checkpoint after epoch 2." in parts.output
    assert same_arrays(parts.arrays, whole.arrays)
    assert parts.info["history"] == whole.info["history"]


@pytest.mark.parametrize("trainer", ["pairs", "questions", "gpt"])
def test_a_stopped_job_has_the_model_trained_so_far(data: dict[str, Path], tmp_path: Path, trainer: str) -> None:
    epochs = "epoch" if trainer == "gpt" else "epochs"
    running = Job(trainer, tmp_path, {"training": data[trainer]}, {epochs: 1000}).start()
    running.wait_for("^Epoch 2/")
    running.stop()
    job = running.wait()
    assert job.code == 0, job.output
    assert job.info["status"] == "stopped"
    assert job.info["whole_epochs"] >= 2
