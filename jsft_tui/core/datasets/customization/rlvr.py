"""Check data of reinforcement learning with verifiable rewards. Source: developer guide, customizing-models-rft."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.catalog.technique import Technique
from jsft_tui.core.datasets.base.data_format import DataFormat
from jsft_tui.core.datasets.base.needs import always
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import BudgetedDataset, LintFinding
from jsft_tui.core.datasets.customization.messages import Flaw
from jsft_tui.core.datasets.customization.record_form import RecordForm
from jsft_tui.core.datasets.customization.records import RecordRule, lint_records, record_needs
from jsft_tui.core.datasets.customization.reward import RULES, SAMPLE, WANTED, reward_flaws

SUMMARY = "JSON lines with a prompt and how its answers are scored (verl's format)."


def flaws(fields: Mapping[str, object]) -> Iterator[Flaw]:
    """Yield what is wrong with a record."""
    return reward_flaws(fields, needs_truth=True)


RULE = RecordRule(WANTED, "RLVR", {RecordForm.REWARD}, flaws)


def lint(data: BudgetedDataset, _question: DataQuestion) -> Iterator[LintFinding]:
    """Yield all findings."""
    return lint_records(data, RULE)


FORMAT = DataFormat(
    Task.TEXT_GENERATION,
    SUMMARY,
    RULES,
    lint,
    SAMPLE,
    always(*record_needs("prompt, reward_model")),
    technique=Technique.RLVR,
)
