"""Whether hyperparameters fit a table: metrics for the number of classes, leaves for the number of rows.

Tried with LightGBM 4.7 and CatBoost 1.2: "Multiclass objective and metrics don't match", "Both binary
classification-only and multiclassification-only ... metrics specified"; JumpStart's scripts (public copies) take two
classes for a binary problem, and others for one of several classes.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import LintFinding, block, warn
from jsft_tui.core.datasets.tabular.table import Table

_OF_TWO = {
    "lightgbm": frozenset({"auc", "average_precision", "binary_logloss", "binary", "binary_error", "cross_entropy"}),
    "catboost": frozenset({"Logloss", "CrossEntropy", "F1", "Precision", "Recall", "BalancedAccuracy", "PRAUC"}),
}
"""Metrics of two classes only."""
_OF_MORE = {
    "lightgbm": frozenset({"multi_logloss", "multiclass", "softmax", "multi_error", "auc_mu"}),
    "catboost": frozenset({"MultiClass", "MultiClassOneVsAll"}),
}
"""Metrics of more classes only."""
_PARAMETERS = {"lightgbm": "metric", "catboost": "eval_metric"}
_TRAINED_ON = 0.8
"""Share of the rows that stay when there are none for validation (developer guide: 20% are held back)."""


def fit_findings(question: DataQuestion, table: Table, *, held_back: bool) -> Iterator[LintFinding]:
    """Yield what of the hyperparameters does not fit the training rows.

    Args:
        question: with the effective hyperparameters.
        table: the training rows.
        held_back: whether rows for validation have to be taken from them.
    """
    if not (table.complete and table.readable):
        return
    if table.rules.classes:
        yield from _metric(question, table.target.classes)
    yield from _leaves(question, table.rows, held_back=held_back)


def _metric(question: DataQuestion, classes: int) -> Iterator[LintFinding]:
    name = _PARAMETERS.get(question.framework, "")
    metric = question.hyperparameters.get(name, "")
    wrong = (_OF_MORE if classes == 2 else _OF_TWO).get(question.framework, frozenset())
    if classes > 1 and metric in wrong:
        meant = "more than two" if classes == 2 else "two"
        yield block("", f"{name} is {metric}, which is for {meant} classes; there are {classes:,}.")


def _leaves(question: DataQuestion, rows: int, *, held_back: bool) -> Iterator[LintFinding]:
    value = question.hyperparameters.get("min_data_in_leaf", "")
    least = int(value) if question.framework == "lightgbm" and value.isdecimal() else 0
    left = int(rows * _TRAINED_ON) if held_back else rows
    if left < 2 * least:
        why = (
            f"min_data_in_leaf is {least:,}, and {plural(left, 'row')} to train on cannot be split into two such leaves"
        )
        yield warn("", f"{why}: the model learns nothing. Lower it, or use more rows.")
