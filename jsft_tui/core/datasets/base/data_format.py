"""Define `DataFormat`, which each module that checks the data of a task declares as `FORMAT`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.catalog.technique import Technique
from jsft_tui.core.datasets.base.needs import Needs, no_needs
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, LintFinding

Linter = Callable[[BudgetedDataset, DataQuestion], Iterator[LintFinding]]
"""Yields the findings about a dataset for a model."""


@dataclass(frozen=True)
class Sample:
    """What data of a format looks like: the files drawn as a tree, or two rows of a file.

    Attributes:
        title: what it is, in a few words.
        rows: the drawing; names of folders and files stand before two blanks, what is in them after that.
        limits: what else counts, in a few words.
        line: the drawing in one row.
    """

    title: str
    rows: tuple[str, ...]
    limits: str = ""
    line: str = ""


@dataclass(frozen=True)
class DataFormat:
    """The data format of a task.

    Attributes:
        task: the task.
        summary: one sentence.
        rules: requirements, one sentence each.
        linter: yields the findings; None if no format is documented.
        sample: what it looks like; None if no format is documented.
        needs: what a check and a look compare the data with; none if no format is documented.
        technique: the customization whose format it is; None for the task's classical training script.
    """

    task: Task
    summary: str
    rules: tuple[str, ...]
    linter: Linter | None = None
    sample: Sample | None = None
    needs: Needs = no_needs
    technique: Technique | None = None
