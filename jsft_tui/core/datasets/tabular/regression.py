"""Tabular regression: CSV with the target in the first column."""

from __future__ import annotations

from functools import partial

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.datasets.base.data_format import DataFormat, Sample
from jsft_tui.core.datasets.tabular.checks import RULES, lint, needs

SAMPLE = Sample(
    "CSV, the target first",
    (
        "24.0,0.006,18.0",
        "21.6,0.027,0.0",
    ),
    "no header",
    "24.0,0.006,18.0   21.6,0.027,0.0",
)
FORMAT = DataFormat(
    Task.TABULAR_REGRESSION,
    "CSV without a header, the target in the first column.",
    RULES,
    partial(lint, classes=False),
    SAMPLE,
    needs("the number first"),
)
