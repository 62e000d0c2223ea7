"""What a preflight check is: a name, what it requires, and an evaluation of a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from jsft_tui.core.catalog.spec import ModelSpec
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.fixes import Fix
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement, Unavailable
from jsft_tui.core.request.build import Place
from jsft_tui.core.run.run import Run


@dataclass(frozen=True)
class Plan:
    """What is checked: a run, the spec of its model, and where it would run."""

    run: Run
    spec: ModelSpec
    place: Place
    sandbox: bool = False


@dataclass(frozen=True)
class CheckResult:
    """One result of a check: its level, one sentence, what to do about it, and a fix that can be applied, if any."""

    level: Level
    message: str
    remedy: str = ""
    fix: Fix | None = None


@dataclass(frozen=True)
class Finding:
    """A result, with the name of its check."""

    check: str
    level: Level
    message: str
    remedy: str = ""
    fix: Fix | None = None


@dataclass(frozen=True)
class Check:
    """One preflight check.

    Attributes:
        name: its stable name in JSON.
        order: position among the checks.
        evaluate: yields the results for a plan, given the inputs; a pure function.
        requires: what must be fetched first; empty for a check that works offline.
    """

    name: str
    order: int
    evaluate: Callable[[Plan, Inputs], Iterable[CheckResult]]
    requires: tuple[Requirement[Any], ...] = ()

    def run(self, plan: Plan, inputs: Inputs) -> list[Finding]:
        """Return the findings; one that passes when the evaluation yields nothing."""
        results: list[CheckResult] = []
        try:
            for result in self.evaluate(plan, inputs):
                results.append(result)
        except Unavailable as unavailable:
            results.append(not_checked(unavailable.problem))
        except Problem as problem:
            results.append(block(problem.message, problem.remedy))
        results = results or [passed("no issues found.")]
        return [Finding(self.name, each.level, each.message, each.remedy, each.fix) for each in results]


def passed(message: str) -> CheckResult:
    """Report that nothing is wrong."""
    return CheckResult(Level.PASS, message)


def warn(message: str, remedy: str = "", fix: Fix | None = None) -> CheckResult:
    """Report that the job will run, but perhaps not as intended."""
    return CheckResult(Level.WARN, message, remedy, fix)


def block(message: str, remedy: str = "", fix: Fix | None = None) -> CheckResult:
    """Report that the job would be refused, or would fail at a cost."""
    return CheckResult(Level.BLOCK, message, remedy, fix)


def unknown(message: str, remedy: str = "") -> CheckResult:
    """Report that something could not be determined."""
    return CheckResult(Level.UNKNOWN, message, remedy)


def not_checked(problem: Problem) -> CheckResult:
    """Report that a permission, a timeout or the network prevented a check."""
    return unknown(f"not checked: {problem.message}", problem.remedy)
