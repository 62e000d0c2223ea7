"""Store the trees of a boosted model in arrays, and predict with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.optimizers import FloatArray
from jsft_tui.sandbox.trainers.common.settings import UserError
from jsft_tui.sandbox.trainers.tabular.boosting.tree import LEAF, Tree
from jsft_tui.sandbox.trainers.tabular.table import Table

BASE_SCORE = 0.5
"""XGBoost 1.7's `base_score`: the prediction before the first tree, a probability for two classes."""

Rounds = list[list[Tree]]
"""For each round, one tree for each output."""


def margins(rounds: Rounds, table: Table, outputs: int, start: float) -> FloatArray:
    """Return the sums of all trees, shaped (rows, outputs)."""
    sums = np.full((len(table), outputs), start)
    for trees in rounds:
        add_trees(sums, trees, table)
    return sums


def add_trees(sums: FloatArray, trees: Sequence[Tree], table: Table) -> None:
    """Add the trees of one round to the sums."""
    for output, tree in enumerate(trees):
        sums[:, output] += tree.predict(table)


def ensemble_arrays(rounds: Rounds) -> dict[str, NDArray[Any]]:
    """Return the arrays of all trees, one after the other, and their sizes, shaped (rounds, outputs)."""
    trees = [tree for each in rounds for tree in each]
    arrays: dict[str, NDArray[Any]] = {
        f"tree_{field.name}": np.concatenate([getattr(tree, field.name) for tree in trees] or [np.zeros(0)])
        for field in fields(Tree)
    }
    arrays["tree_sizes"] = np.array([[len(tree.value) for tree in each] for each in rounds], np.int32)
    return arrays


def read_ensemble(arrays: Mapping[str, NDArray[Any]], features: int) -> Rounds:
    """Return the trees in the arrays of a model or a checkpoint.

    Args:
        arrays: the arrays.
        features: the number of features.

    Raises:
        UserError: they are not those of trees on so many features.
    """
    try:
        sizes = np.asarray(arrays["tree_sizes"], np.intp)
        values = {field.name: arrays[f"tree_{field.name}"] for field in fields(Tree)}
        ends = np.cumsum(sizes.ravel())
        if sizes.ndim != 2 or any(len(value) != (ends[-1] if len(ends) else 0) for value in values.values()):
            raise ValueError("the sizes do not fit")
        trees = [
            Tree(**{name: value[end - size : end] for name, value in values.items()})
            for size, end in zip(sizes.ravel(), ends, strict=True)
        ]
        for tree in trees:
            _check(tree, features)
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(f"the trees of the model are not what this trainer would have written ({error})") from None
    outputs = sizes.shape[1]
    return [trees[start : start + outputs] for start in range(0, len(trees), outputs)] if outputs else []


def _check(tree: Tree, features: int) -> None:
    """Check that a walk through the tree ends.

    Raises:
        ValueError: a child does not come after its parent, or a feature does not exist.
    """
    inner = np.flatnonzero(tree.feature != LEAF)
    children = np.concatenate([tree.left[inner], tree.right[inner]])
    numbers = (tree.feature, tree.left, tree.right)
    if not len(tree.value) or any(each.dtype.kind not in "iu" for each in numbers):
        raise ValueError("a tree is empty")
    if (children <= np.concatenate([inner, inner])).any() or (children >= len(tree.value)).any():
        raise ValueError("a tree has a loop")
    if (tree.feature >= features).any() or (tree.feature < LEAF).any():
        raise ValueError("a tree has an unknown feature")
    if not (np.isfinite(tree.value).all() and np.isfinite(tree.cut).all()):
        raise ValueError("a tree has a value that is not finite")
