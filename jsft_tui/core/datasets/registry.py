"""Find the data format of each fine-tunable task: every module below this package that declares a `FORMAT`.

Sources: jumpstart-facts §3.1 and §2.3, from the developer guide.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.catalog.task import Task
from jsft_tui.core.catalog.technique import Technique
from jsft_tui.core.common.discovery import discover
from jsft_tui.core.datasets.base.data_format import DataFormat
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, LintFinding, LintReport, block, warn


def _declared() -> tuple[DataFormat, ...]:
    return tuple(discover("jsft_tui.core.datasets", "FORMAT", DataFormat))


@cache
def data_formats() -> Mapping[Task, DataFormat]:
    """Return the declared formats of classical training scripts by task."""
    return {found.task: found for found in _declared() if found.technique is None}


@cache
def technique_formats() -> Mapping[Technique, DataFormat]:
    """Return the declared formats of customizations by technique."""
    return {found.technique: found for found in _declared() if found.technique is not None}


def format_of(spec: ModelSpec) -> DataFormat:
    """Return the data format of a model: that of its recipe's technique, else that of its task.

    For a model without a training script whose recipe is not chosen, it is that of its first recipe.
    """
    recipe = spec.recipe or (spec.recipes[0] if spec.recipes and not spec.training_supported else None)
    return technique_formats()[recipe.technique] if recipe else data_format(spec.task)


def format_asked(question: DataQuestion) -> DataFormat:
    """Return the data format that a question is about."""
    return technique_formats()[question.technique] if question.technique else data_format(question.task)


def data_format(task: Task) -> DataFormat:
    """Return the data format of a task."""
    return data_formats().get(task) or DataFormat(task, "See the model's own description.", ())


def lint(question: DataQuestion, data: BudgetedDataset) -> LintReport:
    """Check a dataset for a task and a model, and report all findings, worst first."""
    found = format_asked(question)
    linter = found.linter or _unchecked
    root = data.listing()
    if root.prefixes or any(not item.name.endswith("/") for item in root.objects):
        findings = sorted(linter(data, question), key=lambda finding: finding.level.badness)
    else:
        findings = [block("", "there is nothing under the prefix.")]
    return LintReport(tuple(findings), data.objects, data.bytes_read, data.sampled, data.folders, data.contents)


def _unchecked(data: BudgetedDataset, _question: DataQuestion) -> Iterator[LintFinding]:
    data.sampled = True
    yield warn("", "no format is documented for this task's data; only its presence was checked.")
