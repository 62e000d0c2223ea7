"""Preflight: inputs are fetched in parallel, each once and with a deadline; checks run as inputs arrive."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from jsft_tui.core.catalog.cards import ModelCard, trains_here
from jsft_tui.core.common.errors import Problem, blocked
from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.fixes import Fix, FixKind
from jsft_tui.core.customization.cost.estimate import CostEstimate
from jsft_tui.core.preflight.base.check import Check, Finding, Plan
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement, Unavailable
from jsft_tui.core.preflight.checks import checks_for
from jsft_tui.core.preflight.checks.customization.cost import CHECK as SERVERLESS_COST
from jsft_tui.core.preflight.checks.customization.cost import cost_estimate
from jsft_tui.core.preflight.checks.model.sandbox import CHECK as SANDBOX_CHECK
from jsft_tui.core.request.rerun.fix import apply_fix, needs_market
from jsft_tui.core.request.rerun.offer import fix_offer
from jsft_tui.core.sizing.suggest import Market
from jsft_tui.core.tuning.build import request_of
from jsft_tui.crash import write_crash_report
from jsft_tui.services.background.tasks import BackgroundCall
from jsft_tui.services.preflight.input_fetcher import InputFetcher

DEADLINE = 9.0
"""Seconds for all inputs together."""

Arrivals = queue.SimpleQueue[tuple[Requirement[Any], Any]]


class Preflight:
    """Runs the checks for one target."""

    def __init__(
        self, fetcher: InputFetcher, market: Callable[[Plan], Market], cards: Callable[[], list[ModelCard]] = list
    ) -> None:
        """Prepare checks.

        Args:
            fetcher: of the checks' inputs.
            market: returns the alternatives for a plan: prices, and available quota.
            cards: returns the models of the catalog.
        """
        self._fetcher, self._market, self._cards = fetcher, market, cards

    def run(self, plan: Plan, deadline: float | None = None) -> Iterator[Finding]:
        """Yield findings as their inputs arrive; checks that require none come first.

        A fix is offered only where it would change the run: without quota for any other type, none is offered.
        An input that has not arrived by the deadline (seconds; `DEADLINE` when None) counts as unavailable.
        """
        yield from self._run(plan, checks_for(plan), deadline)

    def run_some(self, plan: Plan, names: Collection[str]) -> tuple[Finding, ...]:
        """Return the findings of some of the checks, by their names."""
        return tuple(self._run(plan, tuple(check for check in checks_for(plan) if check.name in names)))

    def _run(self, plan: Plan, wanted: Sequence[Check], deadline: float | None = None) -> Iterator[Finding]:
        """Run checks."""
        deadline = DEADLINE if deadline is None else deadline
        arrived: Arrivals = queue.SimpleQueue()
        needed = tuple(dict.fromkeys(requirement for check in wanted for requirement in check.requires))
        for requirement in needed:
            self._start(requirement, plan, arrived)
        ends = time.monotonic() + deadline
        values: dict[Requirement[Any], Any] = {}
        waiting = list(wanted)
        while waiting:
            ready = [check for check in waiting if values.keys() >= set(check.requires)]
            for check in ready:
                waiting.remove(check)
                for finding in check.run(plan, Inputs(values)):
                    yield self._with_working_fix(finding, plan, ends)
            if not ready:
                values.update(_next(arrived, ends) or _timed_out(needed, values, deadline))

    def estimate(self, plan: Plan) -> CostEstimate:
        """Estimate the cost of a customization, with its reasoning."""
        inputs = Inputs({requirement: self._fetch(requirement, plan) for requirement in SERVERLESS_COST.requires})
        try:
            return cost_estimate(plan, inputs)
        except Unavailable as unavailable:
            return CostEstimate(None, unavailable.problem.message.rstrip("."))

    def _with_working_fix(self, finding: Finding, plan: Plan, ends: float) -> Finding:
        if finding.fix is None or not finding.fix.kind.is_applied:
            return finding
        fetched = BackgroundCall(partial(self._whole_fix, finding.fix, plan), "fetching the alternatives")
        try:
            fix, market = fetched.result(max(0.0, ends - time.monotonic()))
        except Problem:
            return finding  # the fix may work
        fixed = apply_fix(fix, plan.run, plan.spec, market)
        if fixed is None:
            return replace(finding, fix=None)
        return replace(finding, fix=fix, offer=fix_offer(fixed, plan.run, market))

    def _whole_fix(self, fix: Fix, plan: Plan) -> tuple[Fix, Market]:
        """Return a fix with what it takes from the catalog, and what it depends on."""
        if fix.kind is FixKind.SWITCH_MODEL:
            card = trains_here(self._cards(), plan.spec.task)
            return replace(fix, model_id=card.model_id if card is not None else ""), Market()
        return fix, self._market(plan) if needs_market(fix) else Market()

    def _start(self, requirement: Requirement[Any], plan: Plan, arrived: Arrivals) -> None:
        BackgroundCall(
            lambda: arrived.put((requirement, self._fetch(requirement, plan))), f"asking for {requirement.name}"
        )

    def _fetch(self, requirement: Requirement[Any], plan: Plan) -> Any:
        try:
            return self._fetcher.fetch(requirement, plan)
        except Problem as problem:
            return problem
        except Exception as error:  # noqa: BLE001  (one input that fails must not fail the others)
            report = write_crash_report(error)
            remedy = f"Details are in {report}." if report else ""
            return Problem("Unexpected", f"{requirement.name} cannot be determined: a bug of jsft's.", remedy)


def _next(arrived: Arrivals, ends: float) -> dict[Requirement[Any], Any]:
    """Wait for the next value; return nothing at the deadline."""
    try:
        requirement, value = arrived.get(timeout=max(0.0, ends - time.monotonic()))
    except queue.Empty:
        return {}
    return {requirement: value}


def _timed_out(
    needed: Sequence[Requirement[Any]], values: Mapping[Requirement[Any], Any], deadline: float
) -> dict[Requirement[Any], Any]:
    """Return a Problem for each value that did not arrive in time."""
    return {
        requirement: Problem(
            "Timeout", f"no answer about {requirement.name} in {deadline:g} s.", "Try again.", retryable=True
        )
        for requirement in needed
        if requirement not in values
    }


def offline_findings(plan: Plan) -> list[Finding]:
    """Return what every check finds without AWS: forms, limits, hyperparameters, instance, license."""
    found = [finding for check in checks_for(plan) for finding in check.run(plan, Inputs())]
    return [finding for finding in found if finding.level is not Level.UNKNOWN]


def refuse_blocked(findings: Sequence[Finding]) -> None:
    """Raise all blocking findings as one Problem.

    Raises:
        Problem: a finding blocks (code `Preflight`).
    """
    blocks = [finding for finding in findings if finding.level is Level.BLOCK]
    if blocks:
        message = "; ".join(f"{finding.check}: {finding.message.rstrip('.')}" for finding in blocks)
        remedies = [finding.remedy for finding in blocks if finding.remedy]
        raise blocked("Preflight", f"{message}.", remedies[0] if remedies else "")


def checked_request(plan: Plan) -> dict[str, Any]:
    """Build the request of a plan, of a search that of its tuning job, after the offline checks.

    The check for the sandbox is left out: the request is valid whether or not the sandbox could run it.

    Raises:
        Problem: one of the checks blocks.
    """
    refuse_blocked([finding for finding in offline_findings(plan) if finding.check != SANDBOX_CHECK.name])
    return request_of(plan.run, plan.spec, plan.place)
