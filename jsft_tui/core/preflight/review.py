"""A review: the findings of a preflight as they arrive, and their summary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.text import plural
from jsft_tui.core.customization.method import Method
from jsft_tui.core.preflight.base.check import Finding
from jsft_tui.core.preflight.checks import checks_of, position_of

ESTIMATE = "serverless_cost"
"""The check that estimates the cost of what has no instances."""


@dataclass(frozen=True)
class Review:
    """Findings so far.

    Attributes:
        findings: in the order of arrival.
        is_done: whether all checks have run.
        method: the run's way of training, which determines the checks.
        is_search: whether it has those of a search as well.
    """

    findings: tuple[Finding, ...] = ()
    is_done: bool = False
    method: Method = Method.SCRIPT
    is_search: bool = False

    @property
    def check_count(self) -> int:
        """The number of checks that the run has."""
        return len(checks_of(self.method, is_search=self.is_search))

    def with_finding(self, finding: Finding) -> Review:
        """Add a finding."""
        return replace(self, findings=(*self.findings, finding))

    def done(self) -> Review:
        """Mark the review as complete."""
        return replace(self, is_done=True)

    @property
    def worst_first(self) -> list[Finding]:
        """The findings, the worst first, equal levels in the order of the checks."""
        return sorted(self.findings, key=lambda finding: (finding.level.badness, position_of(finding.check)))

    @property
    def estimate(self) -> str:
        """The estimated cost of a customization: `about $0.02`; empty where it is not known."""
        return next((each.told.headline for each in self.findings if each.check == ESTIMATE), "")

    @property
    def blocks(self) -> tuple[Finding, ...]:
        """The findings that prevent a launch."""
        return tuple(finding for finding in self.findings if finding.level is Level.BLOCK)

    @property
    def open(self) -> tuple[Finding, ...]:
        """The findings that need a decision: blocks and warnings."""
        return tuple(finding for finding in self.findings if finding.level in (Level.BLOCK, Level.WARN))

    @property
    def summary(self) -> str:
        """The progress, or the result."""
        if not self.is_done:
            return f"checking … {len({finding.check for finding in self.findings})} of {self.check_count}"
        counts = {level: sum(finding.level is level for finding in self.findings) for level in Level}
        parts = [
            plural(counts[Level.BLOCK], "finding blocks", "findings block")
            if counts[Level.BLOCK]
            else "nothing blocks",
            *([plural(counts[Level.WARN], "warning")] if counts[Level.WARN] else []),
            *([f"{counts[Level.UNKNOWN]} unknown"] if counts[Level.UNKNOWN] else []),
        ]
        return " · ".join(parts)


def finding_key(findings: Sequence[Finding], index: int) -> str:
    """Return a stable key of a finding while others arrive: its check, and its number in the check."""
    check = findings[index].check
    return f"{check} {sum(finding.check == check for finding in findings[:index])}"
