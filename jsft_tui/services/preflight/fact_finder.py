"""The facts that preflight checks judge, each asked for by one question. Nothing is ever written."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from jsft_tui.aws.account import Account
from jsft_tui.core.account.identity import RoleFacts
from jsft_tui.core.account.kms import KeyFacts
from jsft_tui.core.account.network import NetworkFacts
from jsft_tui.core.account.permissions import ARN, Permissions, Verdict, is_root
from jsft_tui.core.catalog.job_tags import JUMPSTART_CHANNELS
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import LintReport
from jsft_tui.core.hyperparameters.values import hyperparameters
from jsft_tui.core.preflight.base.check import DataFacts, NameFacts, Need, Plan
from jsft_tui.core.preflight.base.required_access import Access, caller_access, role_access
from jsft_tui.core.preflight.checks.account.kms import used_keys
from jsft_tui.core.request.build import build_request, input_data
from jsft_tui.core.request.same import answers
from jsft_tui.core.run.name import GRAMMAR
from jsft_tui.core.sizing.disk import SizeFacts
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.preflight.prices import Prices
from jsft_tui.services.preflight.quotas import QuotaBook
from jsft_tui.services.storage.s3 import Storage

T = TypeVar("T")

LINT_READS = 300
"""Pieces that the lint of a preflight reads at most: a sample that is there in time."""
SIZE_PAGES = 20
"""Pages of 1,000 objects that are counted at most: more objects than these are said to be more."""


class FactFinder:
    """Asks AWS for the facts about a plan."""

    def __init__(self, account: Account, storage: Storage, quotas: QuotaBook, prices: Prices) -> None:
        self._account = account
        self._storage = storage
        self._quotas = quotas
        self._prices = prices
        self._questions: Mapping[Need, Callable[[Plan], Any]] = {
            Need.IDENTITY: lambda _: account.iam.identity(),
            Need.TOKEN: lambda _: account.token_life(),
            Need.PERMISSIONS: self._permissions,
            Need.ROLE: self._role,
            Need.ROLE_PERMISSIONS: self._role_permissions,
            Need.DATA: lambda plan: _each(_channels(plan), self._data),
            Need.LINT: lambda plan: _each(_channels(plan), lambda uri: self._lint(plan, uri)),
            Need.SIZE: lambda plan: _each(_channels(plan), self._size),
            Need.OUTPUT: lambda plan: account.s3.bucket(S3Uri.parse(plan.run.output).bucket),
            Need.CONTENT: lambda plan: _each(_jumpstart_channels(plan), self._object_size),
            Need.QUOTA: lambda plan: quotas.facts(plan.run.instance, plan.spec.instance_types),
            Need.OFFERS: lambda plan: account.ec2.zones_with({plan.run.instance.type, *plan.spec.instance_types}),
            Need.NETWORK: self._network,
            Need.KEYS: lambda plan: _each(used_keys(plan.run), account.kms.key),
            Need.PRICES: lambda _: prices.table(),
            Need.NAME: self._name,
            Need.ARTIFACT: lambda plan: self._data(plan.run.model.artifact) if plan.run.model.artifact else None,
            Need.CHECKPOINT: self._checkpoint,
        }

    def ask(self, need: Need, plan: Plan) -> Any:
        """The answer to one need; None where the plan gives nothing to ask about.

        Raises:
            Problem: it could not be had.
        """
        return self._questions[need](plan)

    def _role(self, plan: Plan) -> RoleFacts:
        return self._account.iam.role(plan.run.role) if plan.run.role else RoleFacts(False)

    def _permissions(self, plan: Plan) -> Permissions | None:
        if not plan.run.role:
            return None
        caller = self._account.iam.identity()
        wanted = caller_access(plan, caller.account)
        if is_root(caller.arn):
            pairs = ((action, arn) for access in wanted for action in access.actions for arn in access.resources)
            return Permissions(dict.fromkeys(pairs, Verdict.ALLOWED))
        return self._simulate(self._account.iam.principal(caller.arn), wanted, plan)

    def _role_permissions(self, plan: Plan) -> Permissions | None:
        if not plan.run.role or not ARN.fullmatch(plan.run.role):
            return None
        found = _each(used_keys(plan.run), self._account.kms.key).values()
        keys = [key.arn for key in found if isinstance(key, KeyFacts) and key.arn]
        return self._simulate(plan.run.role, role_access(plan, keys), plan)

    def _simulate(self, principal: str, wanted: Sequence[Access], plan: Plan) -> Permissions:
        verdicts: dict[tuple[str, str], Verdict] = {}
        for access in wanted:
            context = {"aws:RequestedRegion": plan.place.region, **access.context}
            found = self._account.iam.simulate(principal, access.actions, access.resources, context)
            verdicts.update(found.verdicts)
        return Permissions(verdicts)

    def _lint(self, plan: Plan, uri: str) -> LintReport:
        question = DataQuestion.of(plan.spec, hyperparameters(plan.run, plan.spec))
        return self._storage.lint(question, S3Uri.parse(uri), reads=LINT_READS)

    def _data(self, text: str) -> DataFacts:
        uri = S3Uri.parse(text)
        bucket = self._account.s3.bucket(uri.bucket)
        if not bucket.exists:
            return DataFacts(text, bucket)
        entries = self._account.s3.page(uri, size=20).entries
        siblings = [entry.uri.key for entry in entries if entry.uri.key not in (uri.key, f"{uri.key}/")]
        beside = tuple(siblings) if uri.key and not uri.key.endswith("/") else ()
        return DataFacts(text, bucket, bool(entries), beside)

    def _size(self, text: str) -> SizeFacts:
        uri, token, total, objects = S3Uri.parse(text), None, 0, 0
        for _ in range(SIZE_PAGES):
            page = self._account.s3.flat_page(uri, token)
            total += sum(entry.size or 0 for entry in page.entries)
            objects += len(page.entries)
            token = page.token
            if token is None:
                break
        return SizeFacts(total, objects, complete=token is None)

    def _object_size(self, text: str) -> SizeFacts:
        """What lies at a key of JumpStart's content, whose bucket can be read but not always listed."""
        uri = S3Uri.parse(text)
        if uri.key.endswith("/"):
            return self._size(text)
        try:
            return SizeFacts(self._account.s3.head(uri).size or 0, 1)
        except Problem as problem:
            if problem.code == "NotFound":
                return SizeFacts(0, 0)
            raise

    def _network(self, plan: Plan) -> NetworkFacts | None:
        wanted, ec2 = plan.run.vpc, self._account.ec2
        if wanted is None:
            return None
        subnets, groups = ec2.subnets(wanted.subnets), ec2.groups(wanted.security_group_ids)
        tenancies = _if_told(lambda: ec2.tenancies(found.vpc for found in subnets.values()))
        routes = _if_told(lambda: ec2.s3_routes(subnets.values()))
        if routes is not None:
            subnets = {name: replace(found, route=routes[name]) for name, found in subnets.items()}
        return NetworkFacts(subnets, groups, tenancies)

    def _checkpoint(self, plan: Plan) -> Any:
        return self._account.s3.bucket(S3Uri.parse(plan.run.checkpoint).bucket) if plan.run.checkpoint else None

    def _name(self, plan: Plan) -> NameFacts:
        if not GRAMMAR.fullmatch(plan.run.name):
            return NameFacts(False)  # the service would refuse even the question
        job = self._account.training.find(plan.run.name)
        if job is None:
            return NameFacts(False)
        return NameFacts(True, job.status.value, answers(job.request, build_request(plan.run, plan.spec, plan.place)))


def _channels(plan: Plan) -> dict[str, str]:
    return input_data(plan.run, plan.spec, plan.place)


def _jumpstart_channels(plan: Plan) -> dict[str, str]:
    """JumpStart's own channels, without a former job's model and without weights that only a licence opens."""
    request = build_request(plan.run, plan.spec, plan.place)
    sources = {c["ChannelName"]: c["DataSource"]["S3DataSource"]["S3Uri"] for c in request["InputDataConfig"]}
    gated = f"s3://{plan.place.buckets.gated}/"
    return {
        name: uri
        for name, uri in sources.items()
        if name in JUMPSTART_CHANNELS and uri != plan.run.model.artifact and not uri.startswith(gated)
    }


def _if_told(ask: Callable[[], T]) -> T | None:
    """An answer that the others do not depend on; None where it may not be asked for."""
    try:
        return ask()
    except Problem as problem:
        if problem.code not in ("AccessDenied", "NotFound"):
            raise
        return None


def _each(places: Mapping[str, str], ask: Callable[[str], T]) -> dict[str, T | Problem]:
    """Name -> the answer about its place, or the Problem that stood in the way: one does not take the others along."""
    return {name: _or_problem(ask, place) for name, place in places.items()}


def _or_problem(ask: Callable[[str], T], place: str) -> T | Problem:
    try:
        return ask(place)
    except Problem as problem:
        return problem
