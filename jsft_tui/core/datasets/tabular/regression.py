"""Tabular regression: a table with the target in the first column."""

from __future__ import annotations

from functools import partial

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.datasets.base.data_format import DataFormat
from jsft_tui.core.datasets.tabular.checks import RULES, lint

FORMAT = DataFormat(
    Task.TABULAR_REGRESSION,
    "CSV without a header, the target in the first column.",
    RULES,
    partial(lint, classes=False),
)
