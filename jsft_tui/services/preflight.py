"""Preflight: facts are asked for in parallel, each once and with a deadline; checks judge as answers come."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from jsft_tui.aws.account import Account
from jsft_tui.core.checks import checks
from jsft_tui.core.checks.check import DataFacts, Facts, Finding, NameFacts, Need, Plan, RoleFacts
from jsft_tui.core.checks.name import GRAMMAR
from jsft_tui.core.errors import Problem
from jsft_tui.core.request import input_data
from jsft_tui.core.s3uri import S3Uri
from jsft_tui.services.prices import Prices
from jsft_tui.services.quota import QuotaBook
from jsft_tui.services.storage import Storage
from jsft_tui.services.tasks import BackgroundCall

T = TypeVar("T")

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
        run, account = plan.run, self._account
        match need:
            case Need.IDENTITY:
                return account.iam.identity()
            case Need.ROLE:
                return account.iam.role(run.role) if run.role else RoleFacts(False)
            case Need.DATA:
                return self._each_channel(plan, self._data_facts)
            case Need.LINT:
                return self._each_channel(plan, lambda uri: self._storage.lint(plan.spec.task, S3Uri.parse(uri)))
            case Need.OUTPUT:
                return account.s3.bucket(S3Uri.parse(run.output).bucket)
            case Need.QUOTA:
                return self._quotas.facts(run.instance.type, spot=run.instance.spot)
            case Need.PRICES:
                return self._prices.table()
            case Need.NAME:
                return self._name_facts(run.name)

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

    def _data_facts(self, text: str) -> DataFacts:
        uri = S3Uri.parse(text)
        bucket = self._account.s3.bucket(uri.bucket)
        if not bucket.exists:
            return DataFacts(text, bucket)
        return DataFacts(text, bucket, bool(self._account.s3.flat_page(uri, size=1).entries))

    def _name_facts(self, name: str) -> NameFacts:
        if not GRAMMAR.fullmatch(name):
            return NameFacts(False)  # the service would refuse even the question
        job = self._account.training.find(name)
        return NameFacts(False) if job is None else NameFacts(True, job.status.value)


def offline_findings(plan: Plan) -> list[Finding]:
    """The checks that need nobody to be asked: hyperparameters, instance, licence, times..."""
    return [finding for check in checks() if not check.needs for finding in check.run(plan, Facts())]


def _wait(call: BackgroundCall[Any], timeout: float) -> Any:
    try:
        return call.result(timeout)
    except Problem as problem:
        return problem


def _or_problem(ask: Callable[[str], T], uri: str) -> T | Problem:
    try:
        return ask(uri)
    except Problem as problem:
        return problem
