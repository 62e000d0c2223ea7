"""jsft over an account that stands still: the real services, with adapters that tell what a `World` holds.

Nothing here asks a network or a clock, so that what a screen shows is the same on every machine.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest

from jsft_tui.aws.account import Account
from jsft_tui.aws.client.sagemaker_sdk import DefaultsFile
from jsft_tui.aws.jobs.logs import LogPage
from jsft_tui.aws.jobs.metrics import Wanted
from jsft_tui.aws.jobs.training import JobPage
from jsft_tui.aws.jobs.tuning import TrialPage, TuningPage
from jsft_tui.aws.jumpstart import ContentStore
from jsft_tui.aws.quotas import AppliedQuota
from jsft_tui.aws.s3 import S3
from jsft_tui.config import Config
from jsft_tui.core.account.identity import Identity, RoleFacts, TokenFacts
from jsft_tui.core.account.kms import KeyFacts
from jsft_tui.core.account.network import S3Route, SecurityGroup, Subnet
from jsft_tui.core.account.permissions import Permissions
from jsft_tui.core.account.resources import Resource
from jsft_tui.core.account.target import Target
from jsft_tui.core.catalog.content import ContentBuckets
from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.common.text import clean
from jsft_tui.core.customization.cost.price import SkuPrice
from jsft_tui.core.customization.model_packages import GroupFacts, PackageFacts
from jsft_tui.core.customization.reward.evaluators import EvaluatorFacts
from jsft_tui.core.jobs.metrics.log_metrics import LogLine, Point
from jsft_tui.core.jobs.metrics.utilization import Reading
from jsft_tui.core.jobs.training_job import JobStatus, JobSummary, TrainingJob
from jsft_tui.core.serving.deploy.mode import Asynchronous
from jsft_tui.core.serving.endpoint import Endpoint, EndpointConfig
from jsft_tui.core.serving.invoke.payloads import Invocation
from jsft_tui.core.serving.traffic import Calls
from jsft_tui.core.sizing.pricing import PRICE_LIST, Price
from jsft_tui.core.storage.bucket import BucketFacts
from jsft_tui.core.storage.checksums import ObjectFacts
from jsft_tui.core.storage.uri import Bucket, Entry, Page, S3Uri
from jsft_tui.core.tuning.results.trials import Trial
from jsft_tui.core.tuning.results.tuning_job import TuningJob, TuningStatus, TuningSummary
from jsft_tui.paths import Paths
from jsft_tui.services.jobs.listed.job_list import JobListStore
from jsft_tui.services.jobs.listed.objective_curves import JobCurves
from jsft_tui.services.serving.endpoint_list import EndpointListStore
from jsft_tui.services.session.open import SessionFactory
from jsft_tui.services.session.services import Services
from jsft_tui.services.session.session import Session
from jsft_tui.services.target.resolve import TargetChoice
from jsft_tui.services.tuning.search_list import SearchList
from jsft_tui.tui.application.app import JsftApp, Start
from tests.tui.driver.worlds import ACCOUNT, CONTENT, GROUP, NOW, REGION, ROLE, World, endpoint

GROUP_ARN = f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:model-package-group"
TYPES = {
    "ml.m5.xlarge": (0.23, 4.0),
    "ml.g4dn.xlarge": (0.736, 1.0),
    "ml.g5.2xlarge": (1.515, 1.0),
    "ml.g5.12xlarge": (7.09, 2.0),
    "ml.p3.8xlarge": (14.688, 0.0),
}
"""Instance type -> price of an hour, quota."""


class StillS3:
    """Buckets that hold what they hold."""

    def __init__(self, objects: Mapping[str, Mapping[str, bytes]]) -> None:
        self._objects = objects

    def public(self) -> StillS3:
        return self

    def facts(self, uri: S3Uri) -> ObjectFacts:
        return ObjectFacts(len(self.read(uri)), "etag")

    def read_same(self, uri: S3Uri, start: int, length: int, etag: str) -> bytes:
        return self.read(uri, start, length)

    def buckets(self) -> list[Bucket]:
        return [Bucket(name, REGION, NOW - 86_400) for name in self._objects if name != CONTENT]

    def bucket(self, name: str) -> BucketFacts:
        return BucketFacts(name in self._objects, REGION)

    def page(self, uri: S3Uri, token: str | None = None, size: int = 1000) -> Page:
        entries: dict[str, Entry] = {}
        for entry in self.flat_page(uri).entries:
            head, slash, _ = entry.uri.key[len(uri.key) :].partition("/")
            key = f"{uri.key}{head}{slash}"
            entries[key] = Entry(S3Uri(uri.bucket, key)) if slash else entry
        return Page(tuple(entries.values())[:size])

    def flat_page(self, uri: S3Uri, token: str | None = None, size: int = 1000) -> Page:
        keys = sorted(key for key in self._of(uri) if key.startswith(uri.key))
        return Page(tuple(self.head(S3Uri(uri.bucket, key)) for key in keys[:size]))

    def objects(self, uri: S3Uri) -> Iterator[Entry]:
        yield from self.flat_page(uri).entries

    def head(self, uri: S3Uri) -> Entry:
        return Entry(uri, len(self.read(uri)), NOW - 3600, "etag")

    def read(self, uri: S3Uri, start: int = 0, length: int | None = None) -> bytes:
        if uri.key not in self._of(uri):
            raise Problem("NotFound", f"there is no {uri}.")
        return self._of(uri)[uri.key][start : None if length is None else start + length]

    def read_if_changed(self, uri: S3Uri, etag: str) -> tuple[bytes, str] | None:
        return None if etag == "etag" else (self.read(uri), "etag")

    def incomplete_uploads(self, uri: S3Uri) -> Iterator[object]:
        yield from ()

    def abort(self, upload: object) -> None:
        raise AssertionError("nothing was uploaded here")

    def _of(self, uri: S3Uri) -> Mapping[str, bytes]:
        if uri.bucket not in self._objects:
            raise Problem("NoSuchBucket", f"there is no bucket {uri.bucket}.")
        return self._objects[uri.bucket]


class StillJobs:
    """Jobs that go nowhere."""

    def __init__(self, world: World) -> None:
        self._jobs = {str(job["TrainingJobName"]): job for job in world.jobs}
        self._tags = world.tags

    def describe(self, name: str, tags: Mapping[str, str] | None = None) -> TrainingJob:
        # The names of hostile jobs come back cleaned.
        for known, job in self._jobs.items():
            found = TrainingJob.parse(job, self._tags.get(known, {}))
            if name in (known, found.name):
                return found
        raise Problem("NoSuchJob", f"there is no training job {name!r}.")

    def find(self, name: str) -> TrainingJob | None:
        return self.describe(name) if name in self._jobs else None

    def page(self, status: JobStatus | None = None, token: str | None = None, size: int = 100) -> JobPage:
        rows = [JobSummary.parse(job) for job in self._jobs.values()]
        return JobPage(tuple(row for row in rows if status in (None, row.status))[:size], None)

    def changed(self, after: float) -> JobPage:
        return JobPage((), None)

    def all_since(self, status: JobStatus, created_after: float) -> list[JobSummary]:
        return list(self.page(status).jobs)


class StillTuning:
    """Searches that go nowhere."""

    def __init__(self, world: World) -> None:
        self._searches = {TuningSummary.parse(each).name: each for each in world.searches}
        self._trials = {clean(name): trials for name, trials in world.trials.items()}
        self._tags = world.tags

    def describe(self, name: str, tags: Mapping[str, str] | None = None) -> TuningJob:
        if name not in self._searches:
            raise Problem("NoSuchTuningJob", f"there is no tuning job {name!r}.")
        return TuningJob.parse(self._searches[name], self._tags.get(name, {}))

    def find(self, name: str) -> TuningJob | None:
        return self.describe(name) if name in self._searches else None

    def page(self, status: TuningStatus | None = None, token: str | None = None, size: int = 100) -> TuningPage:
        rows = [TuningSummary.parse(each) for each in self._searches.values()]
        return TuningPage(tuple(row for row in rows if status in (None, row.status)), None)

    def trials(self, name: str, token: str | None = None) -> TrialPage:
        return TrialPage(tuple(map(Trial.parse, self._trials.get(name, ()))), None)


class StillLogs:
    """Logs that say no more."""

    def __init__(self, world: World) -> None:
        self._lines = {
            str(JobSummary.parse(job).name): world.logs.get(job["TrainingJobName"], ()) for job in world.jobs
        }

    def streams(self, job: str) -> list[str]:
        return [f"{job}/algo-1-1"] if self._lines.get(job) else []

    def read(self, stream: str, token: str | None = None) -> LogPage:
        lines: Sequence[LogLine] = () if token else self._lines.get(stream.removesuffix("/algo-1-1"), ())
        return LogPage(tuple(lines), "end")

    def last(self, stream: str, count: int) -> tuple[LogLine, ...]:
        return self.read(stream).lines[-count:]


class StillMetrics:
    """Losses that fell, and nothing of the machines."""

    def latest(
        self, wanted: Sequence[Wanted], start: float, end: float
    ) -> list[tuple[Wanted, list[tuple[float, float]]]]:
        return [(each, [(end - 60.0 * n, n / 10) for n in range(9, 0, -1)]) for each in wanted]

    def points(self, job: str, names: Sequence[str], start: float, end: float) -> list[Point]:
        return []

    def instance_readings(self, job: str, hosts: Sequence[str], start: float, end: float) -> list[Reading]:
        return []


class StillSchedules:
    """An account without schedules."""

    def find(self, name: str) -> None:
        """Return no schedule."""
        del name


class StillServing:
    """Endpoints that change only where the person changes them."""

    def __init__(self, world: World) -> None:
        self._configs = {str(each["EndpointConfigName"]): EndpointConfig.parse(each) for each in world.endpoint_configs}
        self._endpoints = {str(each["EndpointName"]): each for each in world.endpoints}
        self._tags, self._models = world.endpoint_tags, world.models
        self.invoked: list[tuple[str, Invocation]] = []
        self.answer = b"{}"

    def endpoint_names(self) -> list[str]:
        return [*self._endpoints]

    def config_names(self) -> list[str]:
        return [*self._configs]

    def model_names(self) -> list[str]:
        return [*self._models]

    def find(self, name: str) -> Endpoint | None:
        if (found := self._endpoints.get(name)) is None:
            return None
        return Endpoint.parse(found, self.find_config(str(found["EndpointConfigName"])), self._tags.get(name, {}))

    def find_config(self, name: str) -> EndpointConfig | None:
        return self._configs.get(name)

    def find_model(self, name: str) -> Mapping[str, str] | None:
        return {"ModelName": name} if name in self._models else None

    def describe(self, name: str) -> Endpoint:
        if (found := self.find(name)) is None:
            raise Problem("NoSuchEndpoint", f"there is no endpoint {name!r}.")
        return found

    def invoke(self, name: str, invocation: Invocation) -> bytes:
        self.invoked.append((name, invocation))
        return self.answer

    def create_model(self, request: Mapping[str, Any]) -> str:
        self._models = [request["ModelName"], *self._models]
        return "arn"

    def create_config(self, request: Mapping[str, Any]) -> str:
        self._configs[request["EndpointConfigName"]] = EndpointConfig.parse(request)
        return "arn"

    def create_endpoint(self, request: Mapping[str, Any]) -> str:
        name = request["EndpointName"]
        self._tags = {**self._tags, name: {tag["Key"]: tag["Value"] for tag in request["Tags"]}}
        self._endpoints = {name: endpoint(name, "Creating", 0), **self._endpoints}
        return "arn"

    def tag(self, arn: str, tags: Mapping[str, str]) -> None:
        name = arn.rpartition("/")[2]
        self._tags = {**self._tags, name: {**self._tags.get(name, {}), **tags}}

    def untag(self, arn: str, names: Sequence[str]) -> None:
        name = arn.rpartition("/")[2]
        self._tags = {**self._tags, name: {key: value for key, value in self._tags[name].items() if key not in names}}

    def answers_now(self, name: str) -> None:
        """Have an endpoint come into service."""
        self._endpoints = {**self._endpoints, name: {**self._endpoints[name], "EndpointStatus": "InService"}}

    def delete_endpoint(self, name: str) -> None:
        del self._endpoints[name]

    def delete_config(self, name: str) -> None:
        del self._configs[name]

    def delete_model(self, name: str) -> None:
        self._models = [each for each in self._models if each != name]


class StillScaling:
    """What scales."""

    def __init__(self) -> None:
        self.targets: dict[str, Asynchronous] = {}

    def put(self, name: str, mode: Asynchronous) -> None:
        self.targets[name] = mode

    def delete(self, name: str) -> None:
        self.targets.pop(name, None)


class StillTraffic:
    """Calls that were made before."""

    def __init__(self, world: World) -> None:
        self._calls = world.calls

    def calls(self, variants: Mapping[str, Sequence[str]], start: float, end: float) -> dict[str, Calls]:
        return {name: Calls(start, tuple(self._calls[name])) for name in variants if name in self._calls}


class StillQuotas:
    """Quotas."""

    def applied(self) -> dict[str, AppliedQuota]:
        kinds = {"training job": 1, "spot training job": 1, "endpoint": 4}
        return {
            f"{name} for {kind} usage": AppliedQuota(times * quota)
            for name, (_, quota) in TYPES.items()
            for kind, times in kinds.items()
        }


class StillPrices:
    """Prices."""

    def sku_price(self, usage_type: str, region: str) -> SkuPrice | None:
        return SkuPrice(12.0, "hour") if "-rl" in usage_type else SkuPrice(2.0, "1M tokens")

    def training_prices(self, region: str) -> dict[str, Price]:
        return {name: Price(usd, PRICE_LIST, "2026-05-01") for name, (usd, _) in TYPES.items()}

    hosting_prices = training_prices


class StillModelPackages:
    """One group, to which others can be added."""

    def __init__(self) -> None:
        self.names = [GROUP]

    def groups(self) -> list[Resource]:
        return [Resource(f"{GROUP_ARN}/{name}", name, "") for name in self.names]

    def group(self, name: str) -> GroupFacts:
        return GroupFacts(name.rpartition("/")[2] in self.names, "Completed")

    def packages(self, group: str) -> list[Resource]:
        return [Resource(f"{GROUP_ARN.removesuffix('-group')}/{group.rpartition('/')[2]}/1", "1", "Completed")]

    def package(self, arn: str) -> PackageFacts:
        return PackageFacts(True, "Completed", GROUP)

    def create_group(self, name: str) -> str:
        self.names.append(name)
        return f"{GROUP_ARN}/{name}"


class StillMlflow:
    """One app."""

    def apps(self) -> list[Resource]:
        return [Resource(f"arn:aws:sagemaker:{REGION}:{ACCOUNT}:mlflow-app/app-1", "team", "Created")]

    def link(self, arn: str) -> str:
        return f"https://{REGION}.experiments.example/auth?app={arn.rpartition('/')[2]}"


class StillHubs:
    """One evaluator."""

    def evaluators(self, account: str) -> list[Resource]:
        arn = f"arn:aws:sagemaker:{REGION}:{account}:hub-content/hub/JsonDoc/reward/1.0.0"
        return [Resource(arn, "reward", "RewardFunction")]

    def evaluator(self, arn: str) -> EvaluatorFacts:
        return EvaluatorFacts(True, f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:reward")


class StillIam:
    """Who asks."""

    def __init__(self, arn: str) -> None:
        self._arn = arn
        self._note = arn.rpartition("/")[2]

    def identity(self) -> Identity:
        return Identity(ACCOUNT, self._arn)

    def role(self, arn: str) -> RoleFacts:
        return RoleFacts(True, True)

    def roles_of(self, service: str) -> list[Resource]:
        return [Resource(ROLE, "Train", self._note)]

    def principal(self, arn: str) -> str:
        return arn

    def simulate(
        self, principal: str, actions: Sequence[str], resources: Sequence[str], context: Mapping[str, str]
    ) -> Permissions:
        raise denied("iam:SimulatePrincipalPolicy")

    def denied_actions(self, principal: str, actions: list[str]) -> list[str]:
        return []


class StillEc2:
    """One network."""

    def vpcs(self) -> list[Resource]:
        return [Resource("vpc-0a1b2c3d", "team", "10.0.0.0/16")]

    def subnets_of(self, vpc: str) -> list[Resource]:
        return [Resource(f"subnet-{number}a1b2c3d", "", f"us-west-2{zone}") for number, zone in enumerate("ab")]

    def groups_of(self, vpc: str) -> list[Resource]:
        return [Resource("sg-0a1b2c3d", "default", "")]

    def subnets(self, ids: Sequence[str]) -> dict[str, Subnet]:
        return {name: Subnet(name, "vpc-0a1b2c3d", "us-west-2a", 100) for name in ids}

    def groups(self, ids: Sequence[str]) -> dict[str, SecurityGroup]:
        return {name: SecurityGroup(name, "vpc-0a1b2c3d", True) for name in ids}

    def tenancies(self, vpcs: Iterable[str]) -> dict[str, str]:
        return dict.fromkeys(vpcs, "default")

    def s3_routes(self, subnets: Iterable[Subnet]) -> dict[str, S3Route]:
        return {subnet.id: S3Route.ENDPOINT for subnet in subnets}

    def zones_with(self, instance_types: Iterable[str]) -> dict[str, tuple[str, ...]]:
        return dict.fromkeys(instance_types, ("us-west-2a",))


class StillKms:
    """Keys that are all fine, in a list that may not be seen."""

    def key(self, key: str) -> KeyFacts:
        return KeyFacts(True, key)

    def keys(self) -> list[Resource]:
        raise denied("kms:ListKeys")


def denied(permission: str) -> Problem:
    """What AWS says where a permission is missing."""
    return Problem(
        "AccessDenied", f"could not ask: not allowed to {permission}.", f"Ask for the permission {permission}."
    )


class StillAccount:
    """An `Account` for a world: an adapter that is not here does not answer, so that a test says what it lacks."""

    def __init__(self, world: World, target: Target) -> None:
        self.target = target
        self.s3 = StillS3(world.objects)
        self.content = ContentStore(cast(S3, self.s3), ContentBuckets(CONTENT, CONTENT))
        self.training = self.launching = StillJobs(world)
        self.tuning = StillTuning(world)
        self.serving, self.traffic, self.schedules = StillServing(world), StillTraffic(world), StillSchedules()
        self.scaling = StillScaling()
        self.logs, self.metrics = StillLogs(world), StillMetrics()
        self.quotas, self.price_list = StillQuotas(), StillPrices()
        self.iam, self.ec2, self.kms = StillIam(world.arn), StillEc2(), StillKms()
        self.model_packages, self.mlflow, self.hubs = StillModelPackages(), StillMlflow(), StillHubs()
        self._defaults = world.defaults

    def token_life(self) -> TokenFacts:
        return TokenFacts()

    def sagemaker_defaults(self) -> list[DefaultsFile]:
        return [DefaultsFile("user", "/home/ana/.config/sagemaker/config.yaml", self._defaults)]


@dataclass(frozen=True)
class StillOpening(SessionFactory):
    """Opens a world."""

    world: World | None = None
    """None: nobody is signed in."""
    profile: str = field(default="research")

    def open_session(self) -> Session:
        if self.world is None:
            raise usage("NoRegion", "no AWS region is chosen.", "Use --region, set AWS_REGION, or try --sandbox.")
        target = Target(REGION, profile=self.profile, read_only=self.choice.read_only)
        services = Services(target, self.paths, self.config)
        account = services.account = cast(Account, StillAccount(self.world, target))
        curves = JobCurves(account.metrics, None)
        services.job_list = JobListStore(account.training, is_local=False, curves=curves, now=lambda: NOW)
        services.job_list.add_searches(SearchList(account.tuning))
        services.endpoint_list = EndpointListStore(
            services.endpoints,
            services.hosting_prices.table,
            is_local=False,
            calls=services.endpoint_facts.calls,
            now=lambda: NOW,
        )
        session = Session(services, self.paths.state, now=lambda: NOW)
        session.drafts.put(self.world.draft)
        return session


def still_app(world: World | None, folder: Path, *, config: Config | None = None, profile: str = "research") -> JsftApp:
    """The app over a world; None: over no account at all.

    Args:
        world: what the account holds.
        folder: an empty one, for the app's own files.
        config: the person's settings.
        profile: the AWS profile's name.
    """
    # The place of the settings is shown: it is the same on every machine.
    paths = Paths(Path("/home/ana/.config/jsft"), folder / "state", folder / "cache", folder / "log")
    return JsftApp(Start(StillOpening(TargetChoice(profile), paths, config or Config(), None, world, profile)))


PLAIN = {"TZ": "UTC", "LANG": "C.UTF-8", "LC_ALL": "C.UTF-8", "COLORTERM": "truecolor", "TERM": "xterm-256color"}
"""The environment in which pictures are the same everywhere."""


def set_plain_environment(patch: pytest.MonkeyPatch) -> None:
    """Nothing of the machine's own is seen."""
    for name in [*os.environ]:
        if name.startswith(("AWS_", "JSFT_", "SAGEMAKER_", "SSH_")) or name == "NO_COLOR":
            patch.delenv(name)
    for name, value in PLAIN.items():
        patch.setenv(name, value)
