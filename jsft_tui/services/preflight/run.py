"""Preflight: facts are asked for in parallel, each once and with a deadline; checks judge as answers come."""

from __future__ import annotations

import queue
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from jsft_tui.core.common.errors import Problem, blocked
from jsft_tui.core.common.findings import Level
from jsft_tui.core.preflight.base.check import Facts, Finding, Need, Plan
from jsft_tui.core.preflight.checks import checks
from jsft_tui.core.preflight.checks.model.sandbox import CHECK as SANDBOX_CHECK
from jsft_tui.core.request.build import build_request
from jsft_tui.core.request.rerun.fix import apply_fix, needs_market
from jsft_tui.core.sizing.suggest import Market
from jsft_tui.services.background.tasks import BackgroundCall
from jsft_tui.services.preflight.fact_finder import FactFinder

DEADLINE = 9.0
"""Seconds for all facts together."""


class Preflight:
    """Runs the checks for one target."""

    def __init__(self, facts: FactFinder, market: Callable[[Plan], Market]) -> None:
        """`market` says what there is to choose from instead: prices, and quota that is left."""
        self._facts, self._market = facts, market

    def run(self, plan: Plan, deadline: float = DEADLINE) -> Iterator[Finding]:
        """Findings, as the facts behind them come in; checks that need none come first.

        A remedy is named only where it would change the run: without quota for any other type, none is offered.
        A fact that is not there when the deadline (seconds) is over is as good as denied.
        """
        arrived: queue.SimpleQueue[tuple[Need, Any]] = queue.SimpleQueue()
        for need in Need:
            self._start(need, plan, arrived)
        ends = time.monotonic() + deadline
        answers: dict[Need, Any] = {}
        waiting = list(checks())
        while waiting:
            ready = [check for check in waiting if answers.keys() >= set(check.needs)]
            for check in ready:
                waiting.remove(check)
                for finding in check.run(plan, Facts(answers)):
                    yield self._with_real_remedy(finding, plan, ends)
            if not ready:
                answers.update(_next(arrived, ends) or _unanswered(answers, deadline))

    def _with_real_remedy(self, finding: Finding, plan: Plan, ends: float) -> Finding:
        if finding.fix is None:
            return finding
        market = Market()
        if needs_market(finding.fix):
            asked = BackgroundCall(lambda: self._market(plan), "asking what there is instead")
            try:
                market = asked.result(max(0.0, ends - time.monotonic()))
            except Problem:
                return finding  # it may help
        return finding if apply_fix(finding.fix, plan.run, plan.spec, market) else replace(finding, fix=None)

    def _start(self, need: Need, plan: Plan, arrived: queue.SimpleQueue[tuple[Need, Any]]) -> None:
        BackgroundCall(lambda: arrived.put((need, self._answer(need, plan))), f"asking for {need.value}")

    def _answer(self, need: Need, plan: Plan) -> Any:
        try:
            return self._facts.ask(need, plan)
        except Problem as problem:
            return problem
        except Exception as error:  # noqa: BLE001  (one fact that cannot be had must not take the others along)
            return Problem("Unexpected", f"asking for {need.value} failed: {type(error).__name__}: {error}.")


def _next(arrived: queue.SimpleQueue[tuple[Need, Any]], ends: float) -> dict[Need, Any]:
    """The next answer; empty when the time is over."""
    try:
        need, answer = arrived.get(timeout=max(0.0, ends - time.monotonic()))
    except queue.Empty:
        return {}
    return {need: answer}


def _unanswered(answers: dict[Need, Any], deadline: float) -> dict[Need, Any]:
    """A Problem in the place of every answer that did not come in time."""
    return {
        need: Problem("Timeout", f"no answer about {need.value} in {deadline:g} s.", "Try again.", retryable=True)
        for need in Need
        if need not in answers
    }


def offline_findings(plan: Plan) -> list[Finding]:
    """What every check says without asking anybody: forms, limits, hyperparameters, instance, licence."""
    found = [finding for check in checks() for finding in check.run(plan, Facts())]
    return [finding for finding in found if finding.level is not Level.UNKNOWN]


def refuse_blocked(findings: Sequence[Finding]) -> None:
    """Raise what blocks, all of it in one Problem.

    Raises:
        Problem: something blocks (code `Preflight`).
    """
    blocks = [finding for finding in findings if finding.level is Level.BLOCK]
    if blocks:
        message = "; ".join(f"{finding.check}: {finding.message.rstrip('.')}" for finding in blocks)
        remedies = [finding.remedy for finding in blocks if finding.remedy]
        raise blocked("Preflight", f"{message}.", remedies[0] if remedies else "")


def checked_request(plan: Plan) -> dict[str, Any]:
    """The request of a plan, after the checks that need nobody to be asked.

    Whether the sandbox could run it is not a question of the request: it is built all the same.

    Raises:
        Problem: one of the checks blocks.
    """
    refuse_blocked([finding for finding in offline_findings(plan) if finding.check != SANDBOX_CHECK.name])
    return build_request(plan.run, plan.spec, plan.place)
