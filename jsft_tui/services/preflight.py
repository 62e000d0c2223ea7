"""Preflight: facts are asked for in parallel, each once and with a deadline; checks judge as answers come."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

from jsft_tui.aws.account import Account
from jsft_tui.core.checks import checks
from jsft_tui.core.checks.check import DataFacts, Facts, Finding, NameFacts, Need, Plan, RoleFacts
from jsft_tui.core.checks.name import GRAMMAR
from jsft_tui.core.checks.sandbox import CHECK as SANDBOX_CHECK
from jsft_tui.core.datasets.question import DataQuestion
from jsft_tui.core.datasets.reader import LintReport
from jsft_tui.core.errors import Problem, blocked
from jsft_tui.core.findings import Level
from jsft_tui.core.request import build_request, hyperparameters, input_data
from jsft_tui.core.s3uri import S3Uri
from jsft_tui.core.same_job import answers
from jsft_tui.services.prices import Prices
from jsft_tui.services.quota import QuotaBook
from jsft_tui.services.storage import Storage
from jsft_tui.services.tasks import BackgroundCall

T = TypeVar("T")

LINT_READS = 300
"""Pieces that the lint of a preflight reads at most: a sample that is there in time."""
DEADLINE = 9.0
"""Seconds for all facts together."""


class Preflight:
    """Runs the checks for one target."""

    def __init__(self, account: Account, storage: Storage, quotas: QuotaBook, prices: Prices) -> None:
        self._account = account
        self._storage = storage
        self._quotas = quotas
        self._prices = prices

    def _ask(self, need: Need, plan: Plan) -> Any:
        run = plan.run
        match need:
            case Need.IDENTITY:
                return self._account.iam.identity()
            case Need.ROLE:
                return self._account.iam.role(run.role) if run.role else RoleFacts(False)
            case Need.QUOTA:
                return self._quotas.facts(run.instance.type, spot=run.instance.spot)
            case Need.PRICES:
                return self._prices.table()
            case Need.NAME:
                return self._name_facts(plan)
        return self._ask_storage(need, plan)

    def _ask_storage(self, need: Need, plan: Plan) -> Any:
        run = plan.run
        match need:
            case Need.DATA:
                return self._each_channel(plan, self._data_facts)
            case Need.LINT:
                return self._each_channel(plan, lambda uri: self._lint(plan, uri))
            case Need.OUTPUT:
                return self._account.s3.bucket(S3Uri.parse(run.output).bucket)
            case Need.ARTIFACT:
                return self._data_facts(run.model.artifact) if run.model.artifact else None
            case Need.CHECKPOINT:
                return self._account.s3.bucket(S3Uri.parse(run.checkpoint).bucket) if run.checkpoint else None
        raise AssertionError(f"nobody answers {need}")

    def run(self, plan: Plan, deadline: float = DEADLINE) -> Iterator[Finding]:
        """Findings, as the facts behind them come in; checks that need none come first."""
        calls = {need: self._start(need, plan) for need in Need}
        ends = time.monotonic() + deadline
        answers: dict[Need, Any] = {}
        for check in sorted(checks(), key=lambda check: len(check.needs)):
            for need in check.needs:
                if need not in answers:
                    answers[need] = _wait(calls[need], max(0.05, ends - time.monotonic()))
            yield from check.run(plan, Facts(answers))

    def _start(self, need: Need, plan: Plan) -> BackgroundCall[Any]:
        return BackgroundCall(lambda: self._ask(need, plan), f"asking for {need.value}")

    def _each_channel(self, plan: Plan, ask: Callable[[str], T]) -> dict[str, T | Problem]:
        channels = input_data(plan.run, plan.spec, plan.place)
        return {channel: _or_problem(ask, uri) for channel, uri in channels.items()}

    def _lint(self, plan: Plan, uri: str) -> LintReport:
        question = DataQuestion.of(plan.spec, hyperparameters(plan.run, plan.spec))
        return self._storage.lint(question, S3Uri.parse(uri), reads=LINT_READS)

    def _data_facts(self, text: str) -> DataFacts:
        uri = S3Uri.parse(text)
        bucket = self._account.s3.bucket(uri.bucket)
        if not bucket.exists:
            return DataFacts(text, bucket)
        entries = self._account.s3.page(uri, size=20).entries
        siblings = [entry.uri.key for entry in entries if entry.uri.key not in (uri.key, f"{uri.key}/")]
        beside = tuple(siblings) if uri.key and not uri.key.endswith("/") else ()
        return DataFacts(text, bucket, bool(entries), beside)

    def _name_facts(self, plan: Plan) -> NameFacts:
        if not GRAMMAR.fullmatch(plan.run.name):
            return NameFacts(False)  # the service would refuse even the question
        job = self._account.training.find(plan.run.name)
        if job is None:
            return NameFacts(False)
        return NameFacts(True, job.status.value, answers(job.request, build_request(plan.run, plan.spec, plan.place)))


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


def _wait(call: BackgroundCall[Any], timeout: float) -> Any:
    try:
        return call.result(timeout)
    except Problem as problem:
        return problem
    except Exception as error:  # noqa: BLE001  (one fact that cannot be had must not take the others along)
        return Problem("Unexpected", f"{call.what} failed: {type(error).__name__}: {error}.")


def _or_problem(ask: Callable[[str], T], uri: str) -> T | Problem:
    try:
        return ask(uri)
    except Problem as problem:
        return problem
