"""Create the datasets that all tests of the trainers share, once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sandbox.trainers.datasets import SHAPES, draw_shapes, write_table, write_texts
from tests.sandbox.trainers.jobs import Job

Start = Callable[..., Job]


@pytest.fixture(scope="session")
def shapes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create 60 images in three classes."""
    return draw_shapes(tmp_path_factory.mktemp("shapes") / "data", SHAPES, 20)


@pytest.fixture(scope="session")
def two_shapes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create 16 images in two classes."""
    return draw_shapes(tmp_path_factory.mktemp("two") / "data", SHAPES[:2], 8)


@pytest.fixture(scope="session")
def texts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create 240 sentences on three topics."""
    return write_texts(tmp_path_factory.mktemp("texts") / "data", 240)


@pytest.fixture(scope="session")
def table(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create a channel folder with train/data.csv: 400 rows, five features, classes 1 to 3."""
    return write_table(tmp_path_factory.mktemp("table") / "data" / "train" / "data.csv", 400).parent


@pytest.fixture(scope="session")
def data_of(shapes: Path, texts: Path, table: Path) -> dict[str, Path]:
    """Return the training data of each trainer."""
    return {"image": shapes, "text": texts, "tabular": table}


@pytest.fixture(scope="session")
def trained(data_of: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Job]:
    """Run a job of each trainer once, for all tests that only read it."""
    done: dict[str, Job] = {}

    def finished(trainer: str) -> Job:
        if trainer not in done:
            base = tmp_path_factory.mktemp(f"trained-{trainer}")
            epochs = {} if trainer == "tabular" else {"epochs": 10}
            done[trainer] = Job(trainer, base, {"training": data_of[trainer]}, epochs).run()
        return done[trainer]

    return finished
