"""Fetch what preflight checks require. Adding a requirement is adding a line and a method here."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any, TypeVar

from jsft_tui.aws.account import Account
from jsft_tui.core.account.identity import RoleFacts
from jsft_tui.core.account.kms import KeyFacts
from jsft_tui.core.account.network import NetworkFacts
from jsft_tui.core.account.permissions import ARN, Permissions
from jsft_tui.core.catalog.job_tags import JUMPSTART_CHANNELS
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.datasets.base.question import DataQuestion
from jsft_tui.core.datasets.base.reader import LintReport
from jsft_tui.core.datasets.customization.count import RecordCount
from jsft_tui.core.hyperparameters.values import hyperparameters
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.core.preflight.base.check import Plan
from jsft_tui.core.preflight.base.customization_access import customization_access
from jsft_tui.core.preflight.base.inputs import Requirement
from jsft_tui.core.preflight.base.required_access import caller_access, role_access
from jsft_tui.core.preflight.checks.account.credentials import IDENTITY, TOKEN
from jsft_tui.core.preflight.checks.account.kms import KEYS, used_keys
from jsft_tui.core.preflight.checks.account.permissions import PERMISSIONS
from jsft_tui.core.preflight.checks.account.quota import QUOTA
from jsft_tui.core.preflight.checks.account.role import ROLE
from jsft_tui.core.preflight.checks.account.role_access import ROLE_PERMISSIONS
from jsft_tui.core.preflight.checks.account.vpc import NETWORK
from jsft_tui.core.preflight.checks.customization.cost import SKU
from jsft_tui.core.preflight.checks.customization.group import GROUP
from jsft_tui.core.preflight.checks.customization.reward import EVALUATOR
from jsft_tui.core.preflight.checks.customization.rows import RECORDS
from jsft_tui.core.preflight.checks.customization.source import SOURCE
from jsft_tui.core.preflight.checks.data.existence import DATA
from jsft_tui.core.preflight.checks.data.format import LINT
from jsft_tui.core.preflight.checks.data.output_region import OUTPUT
from jsft_tui.core.preflight.checks.data.size import SIZE
from jsft_tui.core.preflight.checks.job.availability import OFFERS
from jsft_tui.core.preflight.checks.job.cost import PRICES
from jsft_tui.core.preflight.checks.job.name import NAME, NameFacts
from jsft_tui.core.preflight.checks.job.spot import CHECKPOINT
from jsft_tui.core.preflight.checks.model.state import ARTIFACT
from jsft_tui.core.preflight.checks.model.weights import CONTENT
from jsft_tui.core.preflight.checks.tuning.likely_cost import PAST_RUNS
from jsft_tui.core.preflight.checks.tuning.warm_start import PARENTS
from jsft_tui.core.request.build import build_request, input_data
from jsft_tui.core.request.same import matches_request
from jsft_tui.core.run.name import GRAMMAR, TUNING_GRAMMAR
from jsft_tui.core.sizing.disk import SizeFacts
from jsft_tui.core.storage.archived import TierFacts, TierSample, is_archived
from jsft_tui.core.storage.bucket import BucketFacts, LocationFacts
from jsft_tui.core.storage.key_rules import KeyJudge
from jsft_tui.core.storage.uri import Entry, S3Uri
from jsft_tui.core.tuning.build import request_of
from jsft_tui.core.tuning.results.tuning_job import TuningJob
from jsft_tui.core.tuning.same import matches_tuning_request
from jsft_tui.services.background.tasks import map_parallel
from jsft_tui.services.preflight.customization_inputs import CustomizationInputs
from jsft_tui.services.preflight.prices import Prices
from jsft_tui.services.preflight.quotas import DESCRIBE_WORKERS, QuotaBook
from jsft_tui.services.preflight.simulation import caller_permissions, simulated
from jsft_tui.services.storage.s3 import Storage

T = TypeVar("T")

LINT_READS = 300
"""Ranged reads of a dataset check within a preflight: a sample that arrives in time."""
SIZE_PAGES = 200
"""Pages of 1,000 objects that are listed; a larger dataset is reported as "more than" the count."""

TIER_WORKERS = 4
PAST_JOBS = 12
"""Completed jobs that are described to tell what a search is likely to cost."""
MAX_BASE = 18
"""Characters of a model's name that job names begin with at least."""

Fetch = Callable[[Plan], Any]


def _fetch(requirement: Requirement[T], fetch: Callable[[Plan], T | None]) -> tuple[Requirement[Any], Fetch]:
    """Pair a requirement with a function that returns a value of its type."""
    return requirement, fetch


class InputFetcher:
    """Fetches what the checks require from AWS. Never writes anything."""

    def __init__(self, account: Account, storage: Storage, quotas: QuotaBook, prices: Prices) -> None:
        self._account = account
        self._storage = storage
        self._customization = CustomizationInputs(account)
        s3, iam = account.s3, account.iam
        self._fetches: Mapping[Requirement[Any], Fetch] = dict(
            (
                _fetch(IDENTITY, lambda _: iam.identity()),
                _fetch(TOKEN, lambda _: account.token_life()),
                _fetch(PERMISSIONS, self._permissions),
                _fetch(ROLE, self._role),
                _fetch(ROLE_PERMISSIONS, self._role_permissions),
                _fetch(DATA, lambda plan: _each(_channels(plan), self._location)),
                _fetch(LINT, lambda plan: _each(_channels(plan), lambda uri: self._lint(plan, uri))),
                _fetch(SIZE, lambda plan: _each(_channels(plan), self._size)),
                _fetch(OUTPUT, lambda plan: s3.bucket(S3Uri.parse(plan.run.output).bucket)),
                _fetch(CONTENT, lambda plan: _each(_jumpstart_channels(plan), self._object_size)),
                _fetch(
                    QUOTA,
                    lambda plan: quotas.facts(plan.run.instance, plan.spec.instance_types, plan.run.parallel_jobs),
                ),
                _fetch(OFFERS, self._offers),
                _fetch(NETWORK, self._network),
                _fetch(KEYS, lambda plan: _each(used_keys(plan.run), account.kms.key)),
                _fetch(PRICES, lambda _: prices.table()),
                _fetch(NAME, self._name),
                _fetch(ARTIFACT, self._artifact),
                _fetch(CHECKPOINT, self._checkpoint),
                _fetch(PARENTS, self._parents),
                _fetch(PAST_RUNS, self._past_runs),
                _fetch(RECORDS, lambda plan: _each(_channels(plan), self._records)),
                _fetch(GROUP, self._customization.group),
                _fetch(SOURCE, self._customization.source),
                _fetch(EVALUATOR, self._customization.evaluator),
                _fetch(SKU, self._customization.sku),
            )
        )

    @property
    def requirements(self) -> frozenset[Requirement[Any]]:
        """Return what it can fetch."""
        return frozenset(self._fetches)

    def fetch(self, requirement: Requirement[T], plan: Plan) -> T | None:
        """Return the value of a requirement; None where the plan gives no reason to fetch one.

        Raises:
            Problem: it could not be fetched.
        """
        value: T | None = self._fetches[requirement](plan)
        return value

    def _role(self, plan: Plan) -> RoleFacts:
        return self._account.iam.role(plan.run.role) if plan.run.role else RoleFacts(False)

    def _permissions(self, plan: Plan) -> Permissions | None:
        if not plan.run.role:
            return None
        caller = self._account.iam.identity()
        wanted = caller_access(plan, caller.account)
        return caller_permissions(self._account.iam, caller, wanted, plan.place.region)

    def _role_permissions(self, plan: Plan) -> Permissions | None:
        if not plan.run.role or not ARN.fullmatch(plan.run.role):
            return None
        found = _each(used_keys(plan.run), self._account.kms.key).values()
        keys = [key.arn for key in found if isinstance(key, KeyFacts) and key.arn]
        functions = self._customization.functions(plan)
        wanted = [*role_access(plan, keys, self._data_keys(plan)), *customization_access(plan, functions)]
        return simulated(self._account.iam, plan.run.role, wanted, plan.place.region)

    def _data_keys(self, plan: Plan) -> list[str]:
        """Return the ARNs of the customer's keys that the first object of each channel is encrypted with."""
        found: list[str] = []
        with suppress(Problem):  # no default dataset, or nothing that can be read: told by the checks of the data
            for text in dict.fromkeys(_channels(plan).values()):
                found.append(self._data_key(S3Uri.parse(text)))
        return [key for key in found if key]

    def _data_key(self, uri: S3Uri) -> str:
        s3 = self._account.s3
        first = next((entry for entry in s3.flat_page(uri, size=20).entries if not _is_marker(entry)), None)
        key = s3.encryption_key(first.uri) if first else ""
        facts = self._account.kms.key(key) if key else KeyFacts(False)
        return facts.arn if facts.exists and not facts.is_managed else ""

    def _lint(self, plan: Plan, uri: str) -> LintReport:
        question = DataQuestion.of(plan.spec, hyperparameters(plan.run, plan.spec))
        return self._storage.lint(question, S3Uri.parse(uri), reads=LINT_READS)

    def _records(self, uri: str) -> RecordCount:
        return self._storage.count_records(S3Uri.parse(uri))

    def _location(self, text: str) -> LocationFacts:
        uri = S3Uri.parse(text)
        bucket = self._account.s3.bucket(uri.bucket)
        if not bucket.exists:
            return LocationFacts(text, bucket)
        found = [entry for entry in self._account.s3.page(uri, size=20).entries if not _is_marker(entry)]
        keys = [entry.uri.key for entry in found]
        if not uri.key or uri.key.endswith("/"):
            archived = next((entry.storage_class for entry in found if is_archived(entry)), "")
            return LocationFacts(text, bucket, bool(keys), is_folder=bool(keys), archived=archived)
        beside = tuple(key for key in keys if key not in (uri.key, f"{uri.key}/"))
        return LocationFacts(text, bucket, bool(keys), beside, uri.key in keys, f"{uri.key}/" in keys)

    def _size(self, text: str) -> SizeFacts:
        uri, token, total, objects = S3Uri.parse(text), None, 0, 0
        judge, sample = KeyJudge(uri.key), TierSample(time.time())
        for _ in range(SIZE_PAGES):
            page = self._account.s3.flat_page(uri, token)
            total += sum(entry.size or 0 for entry in page.entries)
            objects += len(page.entries)
            judge.add(page.entries)
            sample.add(page.entries)
            token = page.token
            if token is None:
                break
        return SizeFacts(total, objects, token is None, judge.findings, self._tiers(sample))

    def _tiers(self, sample: TierSample) -> TierFacts:
        """Look at a sample: no listing says whether an object is in an archive tier."""
        found = [head for _, head in map_parallel(self._account.s3.head, sample.uris, TIER_WORKERS)]
        heads = [head for head in found if isinstance(head, Entry)]
        archived = sorted((head for head in heads if is_archived(head)), key=lambda head: head.uri.key)
        tier = archived[0].storage_class if archived else ""
        return TierFacts(sample.count, len(heads), tuple(head.uri for head in archived), tier)

    def _object_size(self, text: str) -> SizeFacts:
        """Return the size of JumpStart content, whose bucket can be read but not always listed."""
        uri = S3Uri.parse(text)
        if uri.key.endswith("/"):
            return self._size(text)
        try:
            return SizeFacts(self._account.s3.head(uri).size or 0, 1)
        except Problem as problem:
            if problem.code == "NotFound":
                return SizeFacts(0, 0)
            raise

    def _offers(self, plan: Plan) -> Mapping[str, tuple[str, ...]]:
        return self._account.ec2.zones_with({plan.run.instance.type, *plan.spec.instance_types})

    def _artifact(self, plan: Plan) -> LocationFacts | None:
        if not plan.run.model.artifact:
            return None
        found = self._location(plan.run.model.artifact)
        if not found.is_object:
            return found
        head = self._account.s3.head(S3Uri.parse(plan.run.model.artifact))
        return replace(found, archived=head.storage_class if is_archived(head) else "")

    def _network(self, plan: Plan) -> NetworkFacts | None:
        wanted, ec2 = plan.run.vpc, self._account.ec2
        if wanted is None:
            return None
        subnets, groups = ec2.subnets(wanted.subnets), ec2.groups(wanted.security_group_ids)
        tenancies = _if_allowed(lambda: ec2.tenancies(found.vpc for found in subnets.values()))
        routes = _if_allowed(lambda: ec2.s3_routes(subnets.values()))
        if routes is not None:
            subnets = {name: replace(found, route=routes[name]) for name, found in subnets.items()}
        return NetworkFacts(subnets, groups, tenancies)

    def _checkpoint(self, plan: Plan) -> BucketFacts | None:
        return self._account.s3.bucket(S3Uri.parse(plan.run.checkpoint).bucket) if plan.run.checkpoint else None

    def _name(self, plan: Plan) -> NameFacts:
        if plan.run.tuning is not None:
            return self._search_name(plan)
        if not GRAMMAR.fullmatch(plan.run.name):
            return NameFacts(False)  # the service would refuse the DescribeTrainingJob call
        job = self._account.training.find(plan.run.name)
        if job is None:
            return NameFacts(False)
        request = build_request(plan.run, plan.spec, plan.place)
        return NameFacts(True, job.status.value, matches_request(job.request, request))

    def _search_name(self, plan: Plan) -> NameFacts:
        if not TUNING_GRAMMAR.fullmatch(plan.run.name):
            return NameFacts(False)
        job = self._account.tuning.find(plan.run.name)
        if job is None:
            return NameFacts(False)
        request = request_of(plan.run, plan.spec, plan.place)
        return NameFacts(True, job.status.value, matches_tuning_request(job.request, request))

    def _parents(self, plan: Plan) -> Mapping[str, TuningJob | Problem] | None:
        warm = plan.run.tuning.warm_start if plan.run.tuning else None
        return _each({name: name for name in warm.parents}, self._account.tuning.describe) if warm else None

    def _past_runs(self, plan: Plan) -> tuple[TrainingJob, ...] | None:
        """Return some of the newest completed jobs that may have trained the model; there is no list by model."""
        if plan.run.tuning is None:
            return None
        rows = self._account.training.page(JobStatus.COMPLETED).jobs
        base = plan.spec.resource_name_base or plan.spec.model_id
        likely = sorted(rows, key=lambda row: not row.name.startswith(base[:MAX_BASE]))[:PAST_JOBS]
        described = map_parallel(lambda row: self._account.training.find(row.name), likely, DESCRIBE_WORKERS)
        return tuple(job for _, job in described if isinstance(job, TrainingJob))


def _channels(plan: Plan) -> dict[str, str]:
    return input_data(plan.run, plan.spec, plan.place)


def _is_marker(entry: Entry) -> bool:
    return entry.size == 0 and entry.uri.key.endswith("/")


def _jumpstart_channels(plan: Plan) -> dict[str, str]:
    """Return JumpStart's own channels, without a previous job's model and without gated weights."""
    request = build_request(plan.run, plan.spec, plan.place)
    sources = {c["ChannelName"]: c["DataSource"]["S3DataSource"]["S3Uri"] for c in request["InputDataConfig"]}
    gated = f"s3://{plan.place.buckets.gated}/"
    return {
        name: uri
        for name, uri in sources.items()
        if name in JUMPSTART_CHANNELS and uri != plan.run.model.artifact and not uri.startswith(gated)
    }


def _if_allowed(fetch: Callable[[], T]) -> T | None:
    """Fetch an optional part; return None without the permission for it."""
    try:
        return fetch()
    except Problem as problem:
        if problem.code not in ("AccessDenied", "NotFound"):
            raise
        return None


def _each(uris: Mapping[str, str], fetch: Callable[[str], T]) -> dict[str, T | Problem]:
    """Fetch for each name its value or the Problem met, so that one failure does not hide the others."""
    return {name: _or_problem(fetch, uri) for name, uri in uris.items()}


def _or_problem(fetch: Callable[[str], T], uri: str) -> T | Problem:
    try:
        return fetch(uri)
    except Problem as problem:
        return problem
