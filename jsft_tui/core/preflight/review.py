"""A review: the findings of a preflight as they come in, and what they add up to."""

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
        findings: in the order in which they came.
        is_done: whether all checks were made.
    """

    findings: tuple[Finding, ...] = ()
    is_done: bool = False

    def with_finding(self, finding: Finding) -> Review:
        """One more finding."""
        return replace(self, findings=(*self.findings, finding))

    def done(self) -> Review:
        """All checks were made."""
        return replace(self, is_done=True)

    @property
    def worst_first(self) -> list[Finding]:
        """The findings, the worst first, those alike in the order of the checks."""
        return sorted(self.findings, key=lambda finding: (finding.level.badness, position_of(finding.check)))

    @property
    def blocks(self) -> tuple[Finding, ...]:
        """What stands in the way of a launch."""
        return tuple(finding for finding in self.findings if finding.level is Level.BLOCK)

    @property
    def open(self) -> tuple[Finding, ...]:
        """What asks for a decision: what blocks, and the warnings."""
        return tuple(finding for finding in self.findings if finding.level in (Level.BLOCK, Level.WARN))

    @property
    def summary(self) -> str:
        """How far it is, or what it found."""
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
    """What a finding is known by while others come in: its check, and its number among those of the check."""
    check = findings[index].check
    return f"{check} {sum(finding.check == check for finding in findings[:index])}"
