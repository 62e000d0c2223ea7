"""Tabular classification: CSV with the class in the first column."""

from __future__ import annotations

from functools import partial

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.datasets.base.data_format import DataFormat, Sample
from jsft_tui.core.datasets.tabular.checks import RULES, lint, needs

SAMPLE = Sample(
    "CSV, the class first",
    (
        "1,5.1,3.5,1.4",
        "0,4.9,3.0,1.3",
    ),
    "no header",
    "1,5.1,3.5,1.4   0,4.9,3.0,1.3",
)
FORMAT = DataFormat(
    Task.TABULAR_CLASSIFICATION,
    "CSV without a header, the class in the first column.",
    RULES,
    partial(lint, classes=True),
    SAMPLE,
    needs("the class first"),
)
