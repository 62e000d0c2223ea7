"""Findings as rows of a table, and one of them in full."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from jsft_tui.core.common.findings import Level
from jsft_tui.core.preflight.base.check import Finding
from jsft_tui.core.preflight.review import finding_key
from jsft_tui.tui.base.remedy_text import remedy_text
from jsft_tui.tui.theme.themes import Status, glyph
from jsft_tui.tui.widgets.table.columns import Column
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine, fact, line

COLUMNS = (
    Column("sign", "", width=1),
    Column("level", "LEVEL", width=7, priority=2),
    Column("check", "CHECK", width=15),
    Column("message", "FINDING", min_width=30),
    Column("fix", "FIX", width=5, priority=1),
)
LABEL = 9
"""Cells of a label of the finding in full."""

SIGNS = {
    Level.PASS: Status.COMPLETED,
    Level.WARN: Status.WARNING,
    Level.BLOCK: Status.FAILED,
    Level.UNKNOWN: Status.UNKNOWN,
}


@dataclass(frozen=True)
class FindingRows:
    """Findings, the worst first."""

    findings: Sequence[Finding]
    fix_key: str

    def __len__(self) -> int:
        return len(self.findings)

    def key(self, index: int) -> str:
        """What the finding is known by."""
        return finding_key(self.findings, index)

    def cells(self, index: int) -> Sequence[Cell]:
        """The row."""
        finding = self.findings[index]
        sign = SIGNS[finding.level]
        text = "quiet" if finding.level is Level.PASS else ""
        return (
            Cell(glyph(sign, os.environ), sign.value),
            Cell(finding.level.value, sign.value),
            Cell(finding.check, text),
            Cell(finding.message, text),
            Cell(f"{self.fix_key} fix" if finding.fix else "", "strong"),
        )


def finding_lines(finding: Finding, fix_key: str) -> list[TextLine]:
    """A finding in full, with its remedy and the key that applies it."""
    sign = SIGNS[finding.level]
    head = Cell(f"{glyph(sign, os.environ)} {finding.level.value}".ljust(LABEL + 1), sign.value)
    lines = [TextLine((head, Cell(finding.message)), LABEL + 1)]
    if finding.remedy:
        lines.append(fact("Remedy", remedy_text(finding.remedy), "strong", width=LABEL))
    if finding.fix is not None:
        lines.append(fact(fix_key, f"{finding.fix.kind.label}; the change is shown first", width=LABEL))
    return lines


def problem_lines(text: str, remedy: str) -> list[TextLine]:
    """What went wrong, to be read at leisure."""
    return [line(text), *([line(""), line(remedy, "strong")] if remedy else [])]
