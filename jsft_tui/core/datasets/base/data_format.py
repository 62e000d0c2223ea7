"""What a module that checks the data of a task declares: its `FORMAT`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, LintFinding

Linter = Callable[[BudgetedDataset, DataQuestion], Iterator[LintFinding]]
"""Yield what is wrong with a dataset for a model."""


@dataclass(frozen=True)
class DataFormat:
    """The data format of a task.

    Attributes:
        task: the task.
        summary: one sentence.
        rules: what must hold, one sentence each.
        linter: yields what is wrong; None when nothing is documented to check.
    """

    task: Task
    summary: str
    rules: tuple[str, ...]
    linter: Linter | None = None
