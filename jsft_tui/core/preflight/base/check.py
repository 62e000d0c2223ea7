"""What a preflight check is: a name, what it requires, and an evaluation of a plan."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from jsft_tui.core.account.own_commands import for_target
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.fixes import Fix
from jsft_tui.core.customization.method import EVERY, Method
from jsft_tui.core.customization.recipes.choice import methods_of
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement, Unavailable
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.request.place import Place
from jsft_tui.core.run.run import Run


@dataclass(frozen=True)
class Plan:
    """What is checked: a run, the spec of its model, and where it would run."""

    run: Run
    spec: ModelSpec
    place: Place
    sandbox: bool = False


@dataclass(frozen=True)
class Told:
    """What a summary of the subject tells of a result that passed.

    Attributes:
        headline: the fact that stands for the subject, for example the name of the role.
        detail: what was checked, in a few words; empty: the message of the result, unless there is a headline.
        is_silent: nothing: the check does not apply, or what others tell says it.
    """

    headline: str = ""
    detail: str = ""
    is_silent: bool = False


@dataclass(frozen=True)
class CheckResult:
    """One result of a check: its level, one sentence, what to do about it, and a fix that can be applied, if any."""

    level: Level
    message: str
    remedy: str = ""
    fix: Fix | None = None
    told: Told = field(default_factory=Told)


@dataclass(frozen=True)
class Finding:
    """A result, with the name of its check.

    Attributes:
        offer: what the fix does, in words; empty while that is not known.
    """

    check: str
    level: Level
    message: str
    remedy: str = ""
    fix: Fix | None = None
    told: Told = field(default_factory=Told)
    offer: str = ""

    def for_target(self, flags: str) -> Finding:
        """Return it with the options of a target in the commands that it names."""
        return replace(self, message=for_target(self.message, flags), remedy=for_target(self.remedy, flags))


@dataclass(frozen=True)
class Check:
    """One preflight check.

    Attributes:
        name: its stable name in JSON.
        subject: what it is about.
        order: position among the checks.
        evaluate: yields the results for a plan, given the inputs; a pure function.
        requires: what must be fetched first; empty for a check that works offline.
        label: what its problems are called in a list, where the subject says too little.
        methods: the ways of training that it is about; it is left out for others.
        for_searches: whether it concerns searches only.
    """

    name: str
    subject: Subject
    order: int
    evaluate: Callable[[Plan, Inputs], Iterable[CheckResult]]
    requires: tuple[Requirement[Any], ...] = ()
    methods: frozenset[Method] = EVERY
    label: str = ""
    for_searches: bool = False

    def applies_to(self, plan: Plan) -> bool:
        """Return whether it is about the plan's way of training, and the model can be trained that way.

        Of a model that cannot, one check says so instead of all.
        """
        if self.for_searches and plan.run.tuning is None:
            return False
        method = plan.run.method
        return method in self.methods and (self.methods == EVERY or method.of_model in methods_of(plan.spec))

    def run(self, plan: Plan, inputs: Inputs) -> list[Finding]:
        """Return the findings; one that passes when the evaluation yields nothing."""
        return findings_of(self.name, lambda: self.evaluate(plan, inputs))


def findings_of(name: str, evaluate: Callable[[], Iterable[CheckResult]]) -> list[Finding]:
    """Return the findings of a check: what it yields, and what keeps it from yielding more.

    Args:
        name: of the check.
        evaluate: yields its results.
    """
    results: list[CheckResult] = []
    try:
        for result in evaluate():
            results.append(result)
    except Unavailable as unavailable:
        results.append(not_checked(unavailable.problem))
    except Problem as problem:
        results.append(block(problem.message, problem.remedy))
    results = results or [passed("no issues found.")]
    return [Finding(name, each.level, each.message, each.remedy, each.fix, each.told) for each in results]


def passed(message: str, *, headline: str = "", detail: str = "") -> CheckResult:
    """Report that nothing is wrong, and what a summary tells of it."""
    return CheckResult(Level.PASS, message, told=Told(headline, detail))


def nothing_to_tell(message: str) -> CheckResult:
    """Report that a check does not apply, or that others tell of it: a summary leaves it out."""
    return CheckResult(Level.PASS, message, told=Told(is_silent=True))


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
