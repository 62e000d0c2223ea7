"""Test the boosted trees."""

from __future__ import annotations

import math
import shutil
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.predict import load
from jsft_tui.sandbox.trainers.tabular.boosting.tree import LEAF, TreeGrower, TreeRules
from tests.sandbox.trainers.jobs import Job, same_arrays, train_here

Table = NDArray[np.float64]
PLAIN = TreeRules(learning_rate=1, gamma=0, min_child_weight=0, max_depth=1, reg_lambda=1, reg_alpha=0)


def write_rows(folder: Path, rows: list[tuple[object, ...]]) -> Path:
    """Write train/data.csv and return the channel's folder."""
    (folder / "train").mkdir(parents=True)
    (folder / "train" / "data.csv").write_text("".join(",".join(map(str, row)) + "\n" for row in rows))
    return folder


def steps(count: int, seed: int = 0) -> list[tuple[object, ...]]:
    """Return rows whose target is a function that no line follows."""
    rng = np.random.default_rng(seed)
    table = rng.uniform(-2, 2, (count, 2))
    return [
        (round(float(np.sign(a * b) * 3 + rng.normal(0, 0.1)), 3), round(float(a), 3), round(float(b), 3))
        for a, b in table
    ]


def test_the_best_split_is_that_of_trying_all() -> None:
    rng = np.random.default_rng(3)
    for _ in range(20):
        table = rng.integers(0, 6, (12, 3)).astype(float)
        table[rng.random(table.shape) < 0.2] = np.nan
        gradient, hessian = rng.normal(size=12), rng.uniform(0.5, 2, 12)
        tree = TreeGrower(table, PLAIN).grow(gradient, hessian, np.arange(12), np.arange(3))
        best = max(
            _gain(table, gradient, hessian, *split)
            for split in product(range(3), (-1.0, 0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0), (0, 1))
        )
        if tree.feature[0] == LEAF:
            assert best <= 1e-6
            continue
        chosen = _gain(table, gradient, hessian, int(tree.feature[0]), float(tree.cut[0]), int(tree.gaps_left[0]))
        assert chosen == pytest.approx(best)
        left = _left(table, int(tree.feature[0]), float(tree.cut[0]), int(tree.gaps_left[0]))
        assert tree.predict(table)[left][0] == pytest.approx(-gradient[left].sum() / (hessian[left].sum() + 1))


def _left(table: Table, feature: int, cut: float, gaps_left: int) -> NDArray[np.bool_]:
    column = table[:, feature]
    return np.where(np.isnan(column), gaps_left == 1, column < cut).astype(np.bool_)


def _gain(table: Table, gradient: Table, hessian: Table, feature: int, cut: float, gaps_left: int) -> float:
    left = _left(table, feature, cut, gaps_left)
    if left.all() or not left.any():
        return -math.inf

    def score(rows: NDArray[np.bool_]) -> float:
        return float(gradient[rows].sum() ** 2 / (hessian[rows].sum() + 1))

    return score(left) + score(~left) - score(np.ones(len(table), np.bool_))


@pytest.mark.parametrize(
    "change",
    [{"gamma": 1e9}, {"min_child_weight": 1e9}, {"reg_alpha": 1e9}],
    ids=lambda change: next(iter(change)),
)
def test_rules_that_are_too_strict_leave_a_single_leaf(change: dict[str, float]) -> None:
    rng = np.random.default_rng(0)
    rules = TreeRules(**{**vars(PLAIN), "max_depth": 4, **change})
    tree = TreeGrower(rng.normal(size=(50, 2)), rules).grow(
        rng.normal(size=50), np.ones(50), np.arange(50), np.arange(2)
    )
    assert tree.feature.tolist() == [LEAF]


def test_trees_learn_what_a_line_cannot(tmp_path: Path) -> None:
    data = write_rows(tmp_path / "data", steps(400))
    trees = train_here("boosting-regression", tmp_path / "trees", {"training": data})
    line = train_here("regression", tmp_path / "line", {"training": data})
    assert min(scores["val_rmse"] for scores in trees.info["history"]) < 1
    assert line.info["history"][-1]["val_rmse"] > 2.5
    ranking = load(trees.tarball()).predict("1,1")
    assert [share for _, share in ranking] == [0.5, 0.8, 0.95]
    assert float(ranking[0][0].split()[0]) == pytest.approx(3, abs=0.5)


def test_gaps_are_learned_from_and_predicted_with(tmp_path: Path) -> None:
    rng = np.random.default_rng(0)
    values = rng.normal(size=200).tolist()
    rows: list[tuple[object, ...]] = [
        (1, "") if number % 2 else (0, round(float(values[number]), 3)) for number in range(200)
    ]
    data = write_rows(tmp_path / "data", rows)
    job = train_here("boosting-classification", tmp_path / "job", {"training": data})
    assert load(job.tarball()).predict("")[0][0] == "1"
    assert load(job.tarball()).predict("0.3")[0][0] == "0"


def test_a_job_in_two_parts_equals_one_in_one_part(tmp_path: Path) -> None:
    data = {"training": write_rows(tmp_path / "data", steps(120))}
    asked = {"subsample": 0.7, "colsample_bytree": 0.5, "early_stopping_rounds": 1000}
    straight = train_here("boosting-regression", tmp_path / "straight", data, {**asked, "num_boost_round": 50})
    Job("boosting-regression", tmp_path / "parts", data, {**asked, "num_boost_round": 40}).run()
    resumed = Job("boosting-regression", tmp_path / "parts", data, {**asked, "num_boost_round": 50}).run()
    assert "Resuming from the checkpoint after round 40." in resumed.output
    assert same_arrays(straight.arrays, resumed.arrays)
    assert straight.info["history"] == resumed.info["history"]


def test_a_stopped_job_has_the_model_trained_so_far(tmp_path: Path) -> None:
    data = {"training": write_rows(tmp_path / "data", steps(500))}
    asked = {"num_boost_round": 700_000, "early_stopping_rounds": 5000, "learning_rate": 1e-9}
    running = Job("boosting-regression", tmp_path / "job", data, asked).start()
    running.wait_for(r"^\[3\]")
    running.stop()
    job = running.wait()
    assert job.code == 0, job.output
    assert job.info["status"] == "stopped"
    assert len(job.info["history"]) >= 3


def test_a_previous_model_is_continued(tmp_path: Path) -> None:
    data = {"training": write_rows(tmp_path / "data", steps(120))}
    first = train_here("boosting-regression", tmp_path / "first", data, {"num_boost_round": 5})
    folder = tmp_path / "model"
    folder.mkdir()
    shutil.copy(first.tarball(), folder / "model.tar.gz")
    second = train_here("boosting-regression", tmp_path / "second", {**data, "model": folder}, {"num_boost_round": 5})
    assert second.info["history"][0]["val_rmse"] < first.info["history"][-1]["val_rmse"]
    other = {"training": write_rows(tmp_path / "other", [(1, 2), (3, 4), (5, 6)]), "model": folder}
    with pytest.raises(UserError, match="was trained on 2 features"):
        train_here("boosting-regression", tmp_path / "third", other)


def test_classes_must_be_numbered_from_zero(tmp_path: Path) -> None:
    data = write_rows(tmp_path / "data", [(1, 2), (2, 4), (1, 6), (2, 8)])
    with pytest.raises(UserError, match=r"the classes are 1, 2; XGBoost needs them to be 0 to 1"):
        train_here("boosting-classification", tmp_path / "job", {"training": data})
