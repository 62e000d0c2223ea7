"""Grow one regression tree on gradients, with XGBoost's gain, weights and treatment of missing values.

Source: Chen and Guestrin, "XGBoost: A Scalable Tree Boosting System" (2016), equations 5 to 7 and algorithm 3; the l1
term and `min_child_weight` as in XGBoost's parameter page. Growth is by level, the pruning by `gamma` afterwards.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.optimizers import FloatArray
from jsft_tui.sandbox.trainers.common.settings import Settings
from jsft_tui.sandbox.trainers.tabular.boosting.bins import GAP, Bins
from jsft_tui.sandbox.trainers.tabular.table import Table

LEAF = -1
_LEAST_GAIN = 1e-6

Rows = NDArray[np.intp]


@dataclass(frozen=True)
class TreeRules:
    """The hyperparameters of a tree, by XGBoost's names."""

    learning_rate: float
    gamma: float
    min_child_weight: float
    max_depth: int
    reg_lambda: float
    reg_alpha: float

    @classmethod
    def of(cls, settings: Settings) -> TreeRules:
        """Take them from a job's hyperparameters."""
        number = settings.number
        return cls(
            learning_rate=number("learning_rate"),
            gamma=number("gamma"),
            min_child_weight=number("min_child_weight"),
            max_depth=settings.integer("max_depth"),
            reg_lambda=number("reg_lambda"),
            reg_alpha=number("reg_alpha"),
        )

    def score(self, gradient: FloatArray, hessian: FloatArray) -> FloatArray:
        """Return how much a leaf with these sums lowers the loss (twice equation 6)."""
        kept = np.maximum(np.abs(gradient) - self.reg_alpha, 0)
        score: FloatArray = kept**2 / np.maximum(hessian + self.reg_lambda, 1e-16)
        return score

    def weight(self, gradient: float, hessian: float) -> float:
        """Return the value of a leaf (equation 5)."""
        kept = max(abs(gradient) - self.reg_alpha, 0.0)
        return -float(np.sign(gradient)) * kept / max(hessian + self.reg_lambda, 1e-16) * self.learning_rate


@dataclass
class _Node:
    """A node in the making."""

    value: float
    feature: int = LEAF
    cut: float = 0.0
    gaps_left: bool = True
    gain: float = 0.0
    left: int = LEAF
    right: int = LEAF


@dataclass(frozen=True)
class _Split:
    """The best split of a node."""

    gain: float
    feature: int
    place: int
    gaps_left: bool


@dataclass(frozen=True)
class Tree:
    """A tree as parallel arrays, one entry for each node, the root first.

    Attributes:
        feature: the feature that is compared; `LEAF` in a leaf.
        cut: a smaller number goes left.
        gaps_left: where an empty cell goes.
        left, right: the children's indexes.
        value: what a leaf adds to the prediction.
    """

    feature: NDArray[np.int32]
    cut: NDArray[np.float64]
    gaps_left: NDArray[np.int32]
    left: NDArray[np.int32]
    right: NDArray[np.int32]
    value: NDArray[np.float64]

    def predict(self, table: Table) -> FloatArray:
        """Return what the tree adds to the prediction of each row."""
        nodes = np.zeros(len(table), np.intp)
        inner = np.flatnonzero(self.feature[nodes] != LEAF)
        while len(inner):
            here = nodes[inner]
            numbers = table[inner, self.feature[here]]
            goes_left = np.where(np.isnan(numbers), self.gaps_left[here] == 1, numbers < self.cut[here])
            nodes[inner] = np.where(goes_left, self.left[here], self.right[here])
            inner = inner[self.feature[nodes[inner]] != LEAF]
        return self.value[nodes]


class TreeGrower:
    """Grows trees on one table.

    Args:
        table: the training rows.
        rules: the hyperparameters.
    """

    def __init__(self, table: Table, rules: TreeRules) -> None:
        self._rules = rules
        self._bins = Bins.of(table)
        self._places = self._bins.places(table)
        self._width = self._bins.width
        counts = np.array([len(cuts) for cuts in self._bins.cuts])
        self._can_split = np.arange(1, self._width - 1)[None] <= counts[:, None]

    def grow(self, gradient: FloatArray, hessian: FloatArray, rows: Rows, features: NDArray[np.intp]) -> Tree:
        """Return a tree that follows the gradient on some rows, with some of the features."""
        sums = (float(gradient[rows].sum()), float(hessian[rows].sum()))
        nodes = [_Node(self._rules.weight(*sums))]
        level = [(0, rows)]
        for _ in range(self._rules.max_depth):
            following = []
            for index, own in level:
                split = self._best_split(gradient, hessian, own, features)
                if split is None:
                    continue
                node = nodes[index]
                node.feature, node.gain, node.gaps_left = split.feature, split.gain, split.gaps_left
                node.cut = float(self._bins.cuts[split.feature][split.place - 1])
                places = self._places[own, split.feature]
                goes_left = np.where(places == GAP, split.gaps_left, places <= split.place)
                node.left, node.right = len(nodes), len(nodes) + 1
                for part in (own[goes_left], own[~goes_left]):
                    weight = self._rules.weight(float(gradient[part].sum()), float(hessian[part].sum()))
                    following.append((len(nodes), part))
                    nodes.append(_Node(weight))
            if not following:
                break
            level = following
        _prune(nodes, self._rules.gamma)
        return _packed(nodes)

    def _best_split(
        self, gradient: FloatArray, hessian: FloatArray, rows: Rows, features: NDArray[np.intp]
    ) -> _Split | None:
        """Return the split with the largest gain; None if there is none that the rules allow."""
        if len(rows) < 2:
            return None
        width = self._width
        keys = (self._places[np.ix_(rows, features)] + np.arange(len(features)) * width).ravel()
        shape = (len(features), width)
        by_gradient = np.bincount(keys, np.repeat(gradient[rows], len(features)), len(features) * width).reshape(shape)
        by_hessian = np.bincount(keys, np.repeat(hessian[rows], len(features)), len(features) * width).reshape(shape)
        total, weight = by_gradient.sum(1, keepdims=True), by_hessian.sum(1, keepdims=True)
        left = np.cumsum(by_gradient[:, 1:-1], 1), np.cumsum(by_hessian[:, 1:-1], 1)
        gaps = by_gradient[:, :1], by_hessian[:, :1]
        best: _Split | None = None
        for gaps_left in (False, True):
            ours = (left[0] + gaps[0], left[1] + gaps[1]) if gaps_left else left
            theirs = total - ours[0], weight - ours[1]
            gain = self._rules.score(*ours) + self._rules.score(*theirs) - self._rules.score(total, weight)
            least = self._rules.min_child_weight
            # An empty side has a weight of zero, which would pass a min_child_weight of 0.
            allowed = (ours[1] >= least) & (theirs[1] >= least) & (ours[1] > 0) & (theirs[1] > 0)
            gain = np.where(allowed & self._can_split[features], gain, -np.inf)
            place = int(gain.argmax())
            row, column = divmod(place, gain.shape[1])
            found = float(gain[row, column])
            if found > (best.gain if best else _LEAST_GAIN):
                best = _Split(found, int(features[row]), column + 1, gaps_left)
        return best


def _prune(nodes: list[_Node], gamma: float) -> None:
    """Make leaves of the lowest splits whose gain is below gamma; children come after their parents."""
    for node in reversed(nodes):
        if node.feature == LEAF:
            continue
        if nodes[node.left].feature == nodes[node.right].feature == LEAF and node.gain < gamma:
            node.feature = LEAF


def _packed(nodes: list[_Node]) -> Tree:
    """Return the nodes that can be reached as arrays."""
    order = [0]
    for index in order:
        if nodes[index].feature != LEAF:
            order += [nodes[index].left, nodes[index].right]
    places = {index: place for place, index in enumerate(order)}
    kept = [nodes[index] for index in order]
    return Tree(
        feature=np.array([node.feature for node in kept], np.int32),
        cut=np.array([node.cut if node.feature != LEAF else 0.0 for node in kept]),
        gaps_left=np.array([int(node.gaps_left) for node in kept], np.int32),
        left=np.array([places.get(node.left, 0) if node.feature != LEAF else 0 for node in kept], np.int32),
        right=np.array([places.get(node.right, 0) if node.feature != LEAF else 0 for node in kept], np.int32),
        value=np.array([node.value if node.feature == LEAF else 0.0 for node in kept]),
    )
