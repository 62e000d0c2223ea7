"""Whether a dataset fills a batch."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import LintFinding, block, passed


def batch_findings(question: DataQuestion, number: int, noun: str) -> Iterator[LintFinding]:
    """Yield that there are fewer records than one batch takes: one step an epoch, or none if such batches are dropped.

    Args:
        question: with the effective hyperparameters.
        number: of records; all of them.
        noun: what a record is, in the plural.
    """
    name, batch = question.batch
    if not 0 < number < batch:
        return
    if question.says("dataloader_drop_last"):
        why = "dataloader_drop_last leaves out a batch that is not full, so there is nothing to train on"
        yield block("", f"{name} {batch:,} is more than the {number:,} {noun}; {why}.")
    else:
        yield passed("", f"{name} {batch:,} is more than the {number:,} {noun}: there is one step in an epoch.")
