"""Test that every declared hyperparameter has an effect: changing it changes the trained model."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common import hyperparameters
from jsft_tui.sandbox.trainers.common.artifact import read_artifact
from jsft_tui.sandbox.trainers.common.container import Container
from jsft_tui.sandbox.trainers.common.hyperparameters import IMAGE, LINEAR, TEXT, Hyperparameter
from jsft_tui.sandbox.trainers.common.settings import decode, read_settings
from jsft_tui.sandbox.trainers.image import training as image_training
from jsft_tui.sandbox.trainers.tabular import classification as tabular_classification
from jsft_tui.sandbox.trainers.text import training as text_training
from tests.sandbox.trainers.datasets import SHAPES, draw_shapes, write_table
from tests.sandbox.trainers.jobs import Job, same_arrays

Asked = dict[str, str]
Outcome = tuple[dict[str, NDArray[Any]], list[dict[str, float]]]

AUGMENTED = {"augmentation": "True"}
BINARY = {"binary_mode": "True"}
ADADELTA = {"optimizer": "adadelta", "learning_rate": "1"}
# name: the other hyperparameters that it requires, and the value to compare with the default
IMAGE_CHANGES: dict[str, tuple[Asked, str]] = {
    "train_only_top_layer": ({}, "False"),
    "epochs": ({}, "3"),
    "batch_size": ({}, "3"),
    "optimizer": ({}, "rmsprop"),
    "learning_rate": ({}, "0.01"),
    "beta_1": ({}, "0.5"),
    "beta_2": ({}, "0.9"),
    "momentum": ({"optimizer": "sgd"}, "0.5"),
    "epsilon": ({}, "0.01"),
    "rho": ({"optimizer": "rmsprop"}, "0.5"),
    "initial_accumulator_value": ({"optimizer": "adagrad"}, "0.9"),
    "dropout_rate": ({}, "0"),
    "regularizers_l2": ({}, "0.1"),
    "label_smoothing": ({}, "0.3"),
    "image_resize_interpolation": ({}, "nearest"),
    "augmentation": ({}, "True"),
    "augmentation_random_flip": (AUGMENTED, "None"),
    "augmentation_random_rotation": (AUGMENTED, "0"),
    "augmentation_random_zoom": (AUGMENTED, "0.5"),
    "binary_mode": ({}, "True"),
    "eval_metric": (BINARY, "auc"),
    "validation_split_ratio": ({}, "0.5"),
    "random_seed": ({}, "7"),
}
TEXT_CHANGES: dict[str, tuple[Asked, str]] = {
    name: IMAGE_CHANGES[name] for name in IMAGE_CHANGES if name in {one.name for one in TEXT}
}
TABULAR_CHANGES: dict[str, tuple[Asked, str]] = {
    "tol": ({}, "0.5"),
    "penalty": ({"alpha": "0.01"}, "l1"),
    "alpha": ({}, "1"),
    "l1_ratio": ({"penalty": "elasticnet", "alpha": "0.01"}, "0.9"),
}
TESTED_ELSEWHERE = {
    "reinitialize_top_layer",
    "early_stopping",
    "early_stopping_patience",
    "early_stopping_min_delta",
}


def trained(
    train: Callable[[Container], None], declaration: Iterable[Hyperparameter], data: Path, base: Path, asked: Asked
) -> Outcome:
    """Train in this process and return the result."""
    if "epochs" in {one.name for one in declaration}:
        asked = {"epochs": "2", "batch_size": "4"} | asked
    (base / "input" / "data").mkdir(parents=True)
    (base / "input" / "data" / "training").symlink_to(data)
    train(Container(base, read_settings(asked, declaration)))
    job = Job("", base, {})
    return job.arrays, job.info["history"]


@pytest.fixture(scope="module")
def few_shapes(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Create 8 images in two classes: enough to see a difference."""
    return draw_shapes(tmp_path_factory.mktemp("few") / "data", SHAPES[:2], 4)


@pytest.fixture(scope="module")
def outcome(few_shapes: Path, texts: Path, table: Path) -> Callable[[str, Path, Asked], Outcome]:
    """Train, with a cache of earlier results."""
    kinds: dict[str, tuple[Callable[[Container], None], tuple[Hyperparameter, ...], Path]] = {
        "image": (image_training.train, IMAGE, few_shapes),
        "text": (text_training.train, TEXT, texts),
        "tabular": (tabular_classification.train, LINEAR, table),
    }
    known: dict[str, Outcome] = {}

    def of(trainer: str, base: Path, asked: Asked) -> Outcome:
        key = f"{trainer} {sorted(asked.items())}"
        if key not in known:
            known[key] = trained(*kinds[trainer], base, asked)
        return known[key]

    return of


@pytest.mark.parametrize(
    ("trainer", "name", "beside", "value"),
    [
        (trainer, name, beside, value)
        for trainer, changes in (
            ("image", IMAGE_CHANGES),
            ("text", TEXT_CHANGES),
            ("tabular", TABULAR_CHANGES),
        )
        for name, (beside, value) in changes.items()
    ],
)
def test_changing_a_hyperparameter_changes_the_trained_model(
    outcome: Callable[[str, Path, Asked], Outcome],
    tmp_path: Path,
    trainer: str,
    name: str,
    beside: Asked,
    value: str,
) -> None:
    usual_arrays, usual_history = outcome(trainer, tmp_path / "usual", beside)
    arrays, history = outcome(trainer, tmp_path / "changed", beside | {name: value})
    assert not same_arrays(arrays, usual_arrays) or history != usual_history


@pytest.mark.parametrize("name", ["sgd", "nesterov", "adagrad", "adadelta"])
def test_every_optimizer_goes_a_way_of_its_own_and_lowers_the_loss(
    outcome: Callable[[str, Path, Asked], Outcome], tmp_path: Path, name: str
) -> None:
    rate = {"adagrad": "0.1", "adadelta": "1"}.get(name, "0.05")
    asked = {"optimizer": name, "learning_rate": rate, "epochs": "6"}
    _, history = outcome("text", tmp_path / "this", asked)
    assert history[-1]["train_loss"] < history[0]["train_loss"] - 0.01


def test_the_changes_cover_every_declared_hyperparameter() -> None:
    for declaration, changes in ((IMAGE, IMAGE_CHANGES), (TEXT, TEXT_CHANGES), (LINEAR, TABULAR_CHANGES)):
        assert {one.name for one in declaration} - TESTED_ELSEWHERE == set(changes)


@pytest.mark.parametrize("metric", ["precision", "recall", "auc", "prc"])
def test_binary_mode_prints_the_metric_that_was_asked_for(
    outcome: Callable[[str, Path, Asked], Outcome], tmp_path: Path, metric: str
) -> None:
    arrays, history = outcome("image", tmp_path, BINARY | {"eval_metric": metric, "epochs": "3"})
    assert arrays["top_kernel"].shape[1] == 1
    assert all(0 <= scores[f"val_{metric}"] <= 1 for scores in history)


def test_a_penalty_on_sizes_makes_exact_zeros_and_a_strong_one_leaves_nothing(
    outcome: Callable[[str, Path, Asked], Outcome], tmp_path: Path
) -> None:
    plain, _ = outcome("tabular", tmp_path / "plain", {"penalty": "none"})
    sparse, _ = outcome("tabular", tmp_path / "sparse", {"penalty": "l1", "alpha": "0.05"})
    nothing, _ = outcome("tabular", tmp_path / "nothing", {"penalty": "l1", "alpha": "900"})
    assert (plain["kernel"] == 0).sum() < (sparse["kernel"] == 0).sum() < sparse["kernel"].size
    assert not nothing["kernel"].any()


def test_all_declarations_are_well_formed() -> None:
    for declaration in (IMAGE, TEXT, LINEAR):
        names = [one.name for one in declaration]
        assert len(set(names)) == len(names)
        for one in declaration:
            kind = {"int": int, "float": float, "text": str}[one.type]
            assert isinstance(one.default, kind), one
            assert not one.options or one.default in one.options
            assert read_settings({one.name: str(one.default)}, declaration)[one.name] == one.default


def test_the_server_can_read_the_declarations_without_numpy() -> None:
    source = Path(hyperparameters.__file__).read_text()
    assert "import numpy" not in source
    assert "PIL" not in source


def test_values_are_read_as_the_training_toolkit_reads_them() -> None:
    cases = {'"5"': "5", "5": "5", '"adam"': "adam", "adam": "adam", "true": "True", '"True"': "True"}
    cases |= {"null": "None", "1e-3": "1e-3", '"': '"', "[1]": "[1]"}
    for raw, text in cases.items():
        assert decode(raw) == text


def test_a_model_is_small(trained_table: Path) -> None:
    assert trained_table.stat().st_size < 10_000


@pytest.fixture
def trained_table(tmp_path: Path) -> Path:
    write_table(tmp_path / "data" / "data.csv", 60)
    trained(tabular_classification.train, LINEAR, tmp_path / "data", tmp_path / "job", {})
    tarball = Job("tabular", tmp_path / "job", {}).tarball()
    model = read_artifact(tarball)
    assert model is not None
    assert np.isfinite(model.arrays["kernel"]).all()
    return tarball
