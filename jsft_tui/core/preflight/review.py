"""A review: the findings of a preflight as they arrive, and their summary."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.text import plural
from jsft_tui.core.preflight.base.check import Finding
from jsft_tui.core.preflight.checks import checks, position_of


@dataclass(frozen=True)
class Review:
    """Findings so far.

    Attributes:
        findings: in the order of arrival.
        is_done: whether all checks have run.
    """

    findings: tuple[Finding, ...] = ()
    is_done: bool = False

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
            return f"checking … {len({finding.check for finding in self.findings})} of {len(checks())}"
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
