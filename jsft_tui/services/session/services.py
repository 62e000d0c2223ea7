"""Everything that a face needs for one target, made when it is first used."""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from jsft_tui import __version__
from jsft_tui.aws.account import Account
from jsft_tui.aws.client import sagemaker_sdk as sdk
from jsft_tui.config import Config
from jsft_tui.core.account.read_only import writing_refused
from jsft_tui.core.account.target import Target
from jsft_tui.core.catalog.spec import ModelSpec
from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.preflight.base.check import Plan
from jsft_tui.core.request.build import Place
from jsft_tui.core.request.rerun.clone import ClonedRun, cloned_run
from jsft_tui.core.request.rerun.fix import FixedRun, cannot_fix, first_fix, fixes_of
from jsft_tui.core.request.rerun.resume import continued_run
from jsft_tui.core.run.defaults import Defaults, with_defaults
from jsft_tui.core.run.name import job_name
from jsft_tui.core.run.run import Run
from jsft_tui.core.sizing.suggest import Market, first_run
from jsft_tui.paths import Paths
from jsft_tui.services.catalog import Catalog
from jsft_tui.services.jobs.compare import ComparedJobs
from jsft_tui.services.jobs.finish_hook import FinishHook
from jsft_tui.services.jobs.follow import LOCAL, REMOTE, JobFollowers
from jsft_tui.services.jobs.job_list import JobListStore
from jsft_tui.services.jobs.objective_curves import JobCurves
from jsft_tui.services.jobs.training_jobs import Jobs
from jsft_tui.services.launch.journal import Journal
from jsft_tui.services.launch.launch import Launcher, LaunchGuard
from jsft_tui.services.preflight.input_fetcher import InputFetcher
from jsft_tui.services.preflight.prices import Prices
from jsft_tui.services.preflight.quota_cache import QuotaCache
from jsft_tui.services.preflight.quotas import QuotaBook, quota_name
from jsft_tui.services.preflight.resource_pickers import ResourcePickers
from jsft_tui.services.preflight.run import Preflight
from jsft_tui.services.settings.defaults import load_defaults
from jsft_tui.services.storage.artifacts import Artifacts
from jsft_tui.services.storage.s3 import Storage
from jsft_tui.services.storage.uploads import Uploads


class Services:
    """The services of one target."""

    def __init__(self, target: Target, paths: Paths, config: Config, base: Defaults | None = None) -> None:
        """`base` are defaults that belong to the target itself, below those of files."""
        self.target = target
        self.config = config
        self.account = Account(target)
        self._paths = paths
        self._base = base or Defaults()

    @cached_property
    def _cache(self) -> Path:
        return self._paths.cache / _scope(self.target)

    @cached_property
    def catalog(self) -> Catalog:
        """The models of the region."""
        content = self.account.content
        return Catalog(content, self._cache / content.buckets.content)

    @cached_property
    def storage(self) -> Storage:
        """S3."""
        return Storage(self.account.s3)

    @cached_property
    def uploads(self) -> Uploads:
        """Uploads from this machine."""
        return Uploads(self.account.s3, self.target)

    @cached_property
    def artifacts(self) -> Artifacts:
        """Models that jobs made."""
        return Artifacts(self.storage)

    @cached_property
    def prices(self) -> Prices:
        """Prices of the region."""
        return Prices(self.account.price_list, self.target.region, self._cache)

    @cached_property
    def quotas(self) -> QuotaBook:
        """Quotas of the account in the region."""
        cache = QuotaCache(self._cache, lambda: self.account.iam.identity().account)
        return QuotaBook(self.account.quotas, self.account.training, cache)

    @cached_property
    def finders(self) -> ResourcePickers:
        """Roles, networks and keys to choose from."""
        return ResourcePickers(self.account)

    @cached_property
    def preflight(self) -> Preflight:
        """The checks before a launch."""
        fetcher = InputFetcher(self.account, self.storage, self.quotas, self.prices)
        return Preflight(fetcher, lambda plan: self.market_left(plan.spec, spot=plan.run.instance.spot))

    @cached_property
    def launcher(self) -> Launcher:
        """Launching once."""
        return Launcher(self.account.training, Journal(self._paths.journal_file), self.target.label)

    @cached_property
    def launch_guard(self) -> LaunchGuard:
        """The way to a launch: found again, else checked, confirmed and launched."""
        refused = writing_refused(self.target, "nothing is launched")
        return LaunchGuard(self.launcher, self.preflight, self.prices, self.config.confirm_above_usd, refused)

    @cached_property
    def jobs(self) -> Jobs:
        """Training jobs."""
        return Jobs(self.account)

    @cached_property
    def job_list(self) -> JobListStore:
        """The list of jobs, kept current."""
        is_local = self.target.endpoint is not None
        # A sandbox keeps every value, CloudWatch one a minute.
        curves = JobCurves(self.account.metrics, self._cache / "curves.json", shortest=1 if is_local else 60)
        return JobListStore(self.account.training, is_local=is_local, curves=curves)

    @property
    def finish_hook(self) -> FinishHook:
        """The person's command at the end of a job."""
        return FinishHook(self.config.on_finish, self._paths.state / "finished")

    def compared(self, names: Sequence[str]) -> ComparedJobs:
        """Jobs to be compared."""
        return ComparedJobs(self.jobs, self.account.logs, names)

    @cached_property
    def followers(self) -> JobFollowers:
        """Following jobs."""
        return JobFollowers(self.account.training, self.account.logs, LOCAL if self.target.endpoint else REMOTE)

    @cached_property
    def defaults(self) -> Defaults:
        """Role, output and so on for runs that do not say."""
        return load_defaults(self.config, self.account).over(self._base)

    def adopt(self, config: Config) -> None:
        """Other settings: what they give to runs is looked up anew."""
        self.config = config
        for name in ("defaults", "launch_guard"):
            self.__dict__.pop(name, None)

    def somewhere(self) -> Place:
        """The target's region, for questions that no training image belongs to."""
        return Place(self.target.region, self.account.content.buckets)

    def place(self, spec: ModelSpec, instance_type: str) -> Place:
        """The target's region, and the training image when the spec itself names none."""
        region, buckets = self.target.region, self.account.content.buckets
        if spec.variants.variants or spec.training_ecr is None:
            return Place(region, buckets)
        return Place(region, buckets, sdk.training_image(spec.training_ecr, instance_type, region))

    def plan(self, run: Run) -> Plan:
        """A run with the target's defaults, the spec of its model, and the place.

        Raises:
            Problem: unknown model or version.
        """
        spec = self.catalog.spec(run.model.id, run.model.version)
        complete = with_defaults(run, self.defaults)
        return Plan(complete, spec, self.place(spec, complete.instance.type), sandbox=self.target.sandbox)

    def first_run(self, model_id: str, version: str = "*", name: str = "") -> tuple[Run, ModelSpec]:
        """A run with defaults for a model.

        Raises:
            Problem: unknown model, or one that cannot be fine-tuned.
        """
        spec = self.catalog.spec(model_id, version)
        if not spec.training_supported:
            remedy = Remedy("Find one that can", RemedyCommand.MODELS)
            raise usage("NotFineTunable", f"{model_id} cannot be fine-tuned.", remedy)
        defaults = self.defaults
        if not defaults.output:
            defaults = defaults.over(Defaults(output=self._default_bucket()))
        return first_run(spec, defaults, self._market(spec), time.time(), name), spec

    def _default_bucket(self) -> str | None:
        """SageMaker's own default bucket (SDK, `Session.default_bucket`), whether it exists or not."""
        try:
            return f"s3://sagemaker-{self.target.region}-{self.account.iam.identity().account}"
        except Problem:
            return None  # without it the run file has no output, and says so

    def _market(self, spec: ModelSpec) -> Market:
        try:
            free = self.quotas.applied_for(spec.instance_types)
        except Problem:
            free = {}  # not allowed to see quotas: any type may have some
        return Market(self.prices.table(), free)

    def clone(self, name: str) -> ClonedRun:
        """A job that ran as a run, under a new name.

        Raises:
            Problem: there is no such job, it is not a JumpStart job, or no run can be like it.
        """
        return self._clone(self.jobs.get(name))[0]

    def continued(self, name: str) -> ClonedRun:
        """A job that ran as a run, under a new name, that goes on from the job's model.

        Raises:
            Problem: it cannot be cloned, or its model cannot be gone on from.
        """
        job = self.jobs.get(name)
        cloned, spec = self._clone(job)
        return replace(cloned, run=continued_run(cloned.run, job, spec))

    def fixed_clone(self, name: str) -> FixedRun:
        """A job that failed or was stopped as a run, under a new name, with the doctor's remedy applied.

        Raises:
            Problem: it cannot be cloned, or no remedy that could be applied is known.
        """
        job = self.jobs.get(name)
        fixes = fixes_of(job)
        cloned, spec = self._clone(job)
        fixed = first_fix(fixes, cloned.run, spec, self.market_left(spec, spot=cloned.run.instance.spot))
        if fixed is None:
            raise cannot_fix(job)
        return replace(fixed, note=cloned.note)

    def _clone(self, job: TrainingJob) -> tuple[ClonedRun, ModelSpec]:
        if job.model_id is None:
            raise usage("NotJumpStart", f"{job.name} does not say which JumpStart model it came from.")
        spec, left_out = self._spec_of(job.model_id, job.model_version or "*")
        cloned = cloned_run({**job.request, "Tags": _as_tags(job.tags)}, spec, self.account.content.buckets)
        run = replace(cloned.run, name=job_name(spec.resource_name_base or spec.model_id, time.time()))
        return ClonedRun(run, (*left_out, *cloned.left_out)), spec

    def _spec_of(self, model_id: str, version: str) -> tuple[ModelSpec, tuple[str, ...]]:
        """A job's model; the newest version where the job's own is not in the catalogue any more."""
        try:
            return self.catalog.spec(model_id, version), ()
        except Problem as problem:
            if problem.code != "UnknownModelVersion":
                raise
            spec = self.catalog.spec(model_id)
            return spec, (f"version {version} (not in the catalogue any more; {spec.version} is taken)",)

    def market_left(self, spec: ModelSpec, *, spot: bool) -> Market:
        """Prices, and what running jobs leave of the quotas of a model's types, as far as that may be seen."""
        try:
            applied = self.quotas.applied()
        except Problem:
            return Market(self.prices.table())  # not allowed to see quotas: any type may have some
        limits = {
            name: applied[quota] for name in spec.instance_types if (quota := quota_name(name, spot=spot)) in applied
        }
        try:
            held = {name: self.quotas.in_use(name, spot=spot) for name in limits}
        except Problem:
            held = {}  # not allowed to list jobs: the whole quota may be left
        return Market(self.prices.table(), {name: limit - held.get(name, 0) for name, limit in limits.items()}, held)


def _as_tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _scope(target: Target) -> str:
    """A folder name for what is cached of a target's region: AWS's content, or that of some other endpoint."""
    endpoint = target.endpoint or os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    if not endpoint:
        return f"aws-{target.region}"
    key = target.credentials.access_key_id if target.credentials else endpoint
    digest = hashlib.sha256(f"{key} {__version__}".encode()).hexdigest()[:12]
    return f"endpoint-{digest}-{target.region}"
