"""Preflight: inputs are fetched in parallel, each once and with a deadline; checks run as inputs arrive."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from jsft_tui.core.common.errors import Problem, blocked
from jsft_tui.core.common.findings import Level
from jsft_tui.core.preflight.base.check import Finding, Plan
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.checks import checks, requirements
from jsft_tui.core.preflight.checks.model.sandbox import CHECK as SANDBOX_CHECK
from jsft_tui.core.request.build import build_request
from jsft_tui.core.request.rerun.fix import apply_fix, needs_market
from jsft_tui.core.sizing.suggest import Market
from jsft_tui.services.background.tasks import BackgroundCall
from jsft_tui.services.preflight.input_fetcher import InputFetcher

DEADLINE = 9.0
"""Seconds for all inputs together."""

Arrivals = queue.SimpleQueue[tuple[Requirement[Any], Any]]


class Preflight:
    """Runs the checks for one target."""

    def __init__(self, fetcher: InputFetcher, market: Callable[[Plan], Market]) -> None:
        """`market` returns the alternatives for a plan: prices, and available quota."""
        self._fetcher, self._market = fetcher, market

    def run(self, plan: Plan, deadline: float = DEADLINE) -> Iterator[Finding]:
        """Yield findings as their inputs arrive; checks that require none come first.

        A fix is offered only where it would change the run: without quota for any other type, none is offered.
        An input that has not arrived by the deadline (seconds) counts as unavailable.
        """
        arrived: Arrivals = queue.SimpleQueue()
        for requirement in requirements():
            self._start(requirement, plan, arrived)
        ends = time.monotonic() + deadline
        values: dict[Requirement[Any], Any] = {}
        waiting = list(checks())
        while waiting:
            ready = [check for check in waiting if values.keys() >= set(check.requires)]
            for check in ready:
                waiting.remove(check)
                for finding in check.run(plan, Inputs(values)):
                    yield self._with_working_fix(finding, plan, ends)
            if not ready:
                values.update(_next(arrived, ends) or _timed_out(values, deadline))

    def _with_working_fix(self, finding: Finding, plan: Plan, ends: float) -> Finding:
        if finding.fix is None:
            return finding
        market = Market()
        if needs_market(finding.fix):
            fetched = BackgroundCall(lambda: self._market(plan), "fetching the alternatives")
            try:
                market = fetched.result(max(0.0, ends - time.monotonic()))
            except Problem:
                return finding  # the fix may work
        return finding if apply_fix(finding.fix, plan.run, plan.spec, market) else replace(finding, fix=None)

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
            return Problem("Unexpected", f"asking for {requirement.name} failed: {type(error).__name__}: {error}.")


def _next(arrived: Arrivals, ends: float) -> dict[Requirement[Any], Any]:
    """Wait for the next value; return nothing at the deadline."""
    try:
        requirement, value = arrived.get(timeout=max(0.0, ends - time.monotonic()))
    except queue.Empty:
        return {}
    return {requirement: value}


def _timed_out(values: Mapping[Requirement[Any], Any], deadline: float) -> dict[Requirement[Any], Any]:
    """Return a Problem for each value that did not arrive in time."""
    return {
        requirement: Problem(
            "Timeout", f"no answer about {requirement.name} in {deadline:g} s.", "Try again.", retryable=True
        )
        for requirement in requirements()
        if requirement not in values
    }


def offline_findings(plan: Plan) -> list[Finding]:
    """Return what every check finds without AWS: forms, limits, hyperparameters, instance, license."""
    found = [finding for check in checks() for finding in check.run(plan, Inputs())]
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
    """Build the request of a plan, after the offline checks.

    The check for the sandbox is left out: the request is valid whether or not the sandbox could run it.

    Raises:
        Problem: one of the checks blocks.
    """
    refuse_blocked([finding for finding in offline_findings(plan) if finding.check != SANDBOX_CHECK.name])
    return build_request(plan.run, plan.spec, plan.place)
