"""The answer to "does this data fit the model?": the needs beside what is there, what is wrong, how it is split."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jsft_tui.core.common.findings import Level, verdict
from jsft_tui.core.datasets.base.contents import Contents
from jsft_tui.core.datasets.base.needs import Glance, NeedRow, compared, looked_at, region_row, worst_first
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import LintFinding, LintReport
from jsft_tui.core.datasets.registry import format_asked

SHORT_SHARE = 3
"""A class with less than this part of the largest one is short of examples (SCREENS.md §7.3)."""
FEW_EXAMPLES = 100
"""Examples to train with, below which a model easily learns them by heart."""
HELD_BACK = ("validation_split_ratio", "train_validation_split", "validation_split")
"""Hyperparameters with the part that is held back for validation."""


@dataclass(frozen=True)
class Fit:
    """Whether a dataset fits.

    Attributes:
        level: the verdict; UNKNOWN as long as nothing but names was looked at.
        rows: the needs beside what is there, the failed ones first.
        findings: all that is wrong, in sentences, the worst first.
        contents: what was seen.
        report: the check; None if there was none.
    """

    level: Level
    rows: tuple[NeedRow, ...]
    findings: tuple[LintFinding, ...] = ()
    contents: Contents = field(default_factory=Contents)
    report: LintReport | None = None

    @property
    def answer(self) -> str:
        """Return the verdict in a word or two; empty without a check."""
        return ANSWERS.get(self.level, "")

    @property
    def first_problem(self) -> str:
        """Return what is wrong first; empty if nothing is."""
        row = next((row for row in self.rows if row.level in (Level.BLOCK, Level.WARN)), None)
        if row is not None:
            return f"{row.needs}: {row.here}"
        return self.findings[0].message if self.findings else ""


ANSWERS = {Level.PASS: "yes", Level.WARN: "with warnings", Level.BLOCK: "no"}


@dataclass(frozen=True)
class Split:
    """Examples to train with, and those that are held back for validation, with their part of all in percent."""

    training: int
    validation: int
    percent: int


def checked(question: DataQuestion, report: LintReport, home: str, region: str | None) -> Fit:
    """Return the answer after a check of data in `region` for a job in the region `home`."""
    where = region_row(home, region)
    rows = worst_first([*compared(format_asked(question).needs(question), report), where])
    wrong = tuple(found for found in report.findings if found.level in (Level.BLOCK, Level.WARN))
    return Fit(verdict((report.verdict, where.level)), rows, wrong, report.contents, report)


def glimpsed(question: DataQuestion, glance: Glance, home: str, region: str | None) -> Fit:
    """Return what the names of data in `region` tell; nothing is certain without a check."""
    needs = looked_at(format_asked(question).needs(question), glance)
    return Fit(Level.UNKNOWN, worst_first([*needs, region_row(home, region)]))


def looks_like_data(question: DataQuestion, glance: Glance) -> bool:
    """Return whether names look like data for the model, so that folders in it are parts of them."""
    rows = looked_at(format_asked(question).needs(question), glance)
    return bool(rows) and not any(row.level in (Level.BLOCK, Level.UNKNOWN) and row.here for row in rows)


def split(question: DataQuestion, contents: Contents) -> Split | None:
    """Return how examples are split; None where validation data are there, or nothing is known of a split."""
    share = next((question.hyperparameters[name] for name in HELD_BACK if name in question.hyperparameters), "")
    try:
        part = float(share)
    except ValueError:
        return None
    if not 0 < part < 1 or not contents.examples or contents.has_validation:
        return None
    held = round(contents.examples * part)
    return Split(contents.examples - held, held, round(part * 100))


def examples_read(report: LintReport) -> str:
    """Return how many examples were read: `50 of 50 images`, `1,902 rows`; empty if none were counted."""
    contents = report.contents
    if not contents.examples:
        return ""
    more = "" if contents.complete else "+"
    if contents.opened is not None:
        return f"{contents.opened:,} of {contents.examples:,}{more} {contents.noun}"
    return f"{'all' if contents.complete else 'the first'} {contents.examples:,} {contents.noun}"


def short_classes(classes: Mapping[str, int]) -> Sequence[str]:
    """Return the classes that have few examples beside the largest one."""
    most = max(classes.values(), default=0)
    return [name for name, number in classes.items() if number * SHORT_SHARE < most]


def balance(contents: Contents) -> str:
    """Return how even the classes are, in a sentence; empty for fewer than two."""
    if len(contents.classes) < 2:
        return ""
    short = short_classes(contents.classes)
    if not short:
        return f"even: no class is short of {contents.noun}"
    names = ", ".join(short[:2]) + (" …" if len(short) > 2 else "")
    return f"short of {contents.noun}: {names}"


def advice(question: DataQuestion, contents: Contents) -> str:
    """Return what is to be expected of little data; empty for enough."""
    parts = split(question, contents)
    training = parts.training if parts is not None else contents.examples
    if not contents.complete or not 0 < training < FEW_EXAMPLES:
        return ""
    helps = " augmentation True helps (step 4)." if question.says("augmentation") is False else ""
    return f"Small: {training:,} {contents.noun}. Expect it to overfit{';' if helps else '.'}{helps}"
