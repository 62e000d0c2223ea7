"""What the fault table calls: every operation of the adapters, and the commands that people type."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from jsft_tui.aws.account import Account
from jsft_tui.core.serving.invoke.payloads import Invocation
from jsft_tui.core.storage.bucket import BucketFacts
from jsft_tui.core.storage.uri import S3Uri
from tests.cli.runs import run_file, unique_name
from tests.common.faults.answers import OTHER_REGION
from tests.common.home import BUCKET, IMAGE_MODEL, Home

OBJECT = S3Uri(BUCKET, "fault-table/object.csv")
CONTENTS = b"".join(b"%d,%d\n" % (number, number % 2) for number in range(4_000))
_numbers = itertools.count()


@dataclass(frozen=True)
class Scene:
    """A sandbox in which there is something of everything that can be asked for."""

    home: Home
    folder: Path

    def prepare(self) -> None:
        """Make what the operations ask for."""
        self.home.sandbox.client("s3").put_object(Bucket=OBJECT.bucket, Key=OBJECT.key, Body=CONTENTS)
        assert self.key
        assert self.job
        assert self.endpoint

    @cached_property
    def endpoint(self) -> str:
        """An endpoint in service with the model of the job, and a transform job of that name that has ended."""
        outcome = self.home.jsft("deploy", self.job, "--yes", "--follow")
        assert outcome.code == 0, outcome
        words = ("transform", self.job, f"s3://{BUCKET}/data/shapes/circles/", f"s3://{BUCKET}/fault-table/out/")
        outcome = self.home.jsft(*words, "--name", self.job, "--yes", "--follow")
        assert outcome.code == 0, outcome
        return self.job

    @cached_property
    def run(self) -> Path:
        """A run file."""
        return run_file(self.folder, unique_name("faults"), hyperparameters={"epochs": 1, "batch_size": "auto"})

    @cached_property
    def job(self) -> str:
        """A job that is over, with its log."""
        outcome = self.home.jsft("launch", self.run, "--yes", "--follow")
        assert outcome.code == 0, outcome
        return self.run.stem

    @cached_property
    def key(self) -> str:
        """The ARN of a KMS key."""
        answer = self.home.sandbox.client("kms").create_key(Description="of the fault table")
        return str(answer["KeyMetadata"]["Arn"])

    @cached_property
    def asked(self) -> Invocation:
        """What the endpoint is asked about."""
        key = "data/shapes/circles/circles-007.jpg"
        picture = self.home.sandbox.client("s3").get_object(Bucket=BUCKET, Key=key)["Body"].read()
        return Invocation("application/x-image", "application/json", picture)

    @cached_property
    def picture(self) -> Path:
        """The same as a file."""
        file = self.folder / "circle.jpg"
        file.write_bytes(self.asked.body)
        return file

    @cached_property
    def data(self) -> Path:
        """A folder with two files, one of which is sent in parts."""
        folder = self.folder / "data"
        folder.mkdir()
        (folder / "a.csv").write_bytes(CONTENTS)
        (folder / "b.bin").write_bytes(bytes(range(256)) * 36_000)
        return folder


@dataclass(frozen=True)
class Operation:
    """A call of an adapter.

    Attributes:
        service: botocore's name of the service that is struck.
        name: the operation of the API.
        call: makes the call and returns what the adapter makes of it.
        degrades: what else it may return when the operation fails: the rest, without what is not known.
        is_opaque: whether the answer is a container's, of which nobody but its caller knows what it should be.
    """

    service: str
    name: str
    call: Callable[[Account, Scene], Any]
    degrades: tuple[Any, ...] = ()
    is_opaque: bool = False


def _vpc(account: Account) -> str:
    return account.ec2.vpcs()[0].id


def _subnet(account: Account) -> str:
    return account.ec2.subnets_of(_vpc(account))[0].id


def _stream(account: Account, scene: Scene) -> str:
    return account.logs.streams(scene.job)[0]


OPERATIONS = (
    Operation("sts", "GetCallerIdentity", lambda a, _: a.iam.identity()),
    Operation("iam", "ListRoles", lambda a, _: a.iam.roles_of("sagemaker.amazonaws.com")),
    Operation("iam", "GetRole", lambda a, _: a.iam.role("arn:aws:iam::123456789012:role/JsftSandboxRole")),
    Operation(
        "iam",
        "SimulatePrincipalPolicy",
        lambda a, _: a.iam.denied_actions("arn:aws:iam::123456789012:user/sandbox", ["s3:GetObject"]),
    ),
    Operation("s3", "ListBuckets", lambda a, _: a.s3.buckets()),
    Operation("s3", "ListObjectsV2", lambda a, _: a.s3.page(S3Uri(BUCKET, "fault-table/"))),
    Operation("s3", "HeadObject", lambda a, _: a.s3.head(OBJECT)),
    Operation("s3", "GetObject", lambda a, _: a.s3.read(OBJECT)),
    Operation(
        "s3", "HeadBucket", lambda a, _: a.s3.bucket(BUCKET), degrades=(BucketFacts(exists=True, region=OTHER_REGION),)
    ),
    Operation("sagemaker", "ListTrainingJobs", lambda a, _: a.training.page().jobs[-1]),
    Operation("sagemaker", "DescribeTrainingJob", lambda a, s: a.training.describe(s.job, {}).name),
    Operation("sagemaker", "ListTags", lambda a, s: dict(a.training.describe(s.job).tags), degrades=({},)),
    Operation("sagemaker", "StopTrainingJob", lambda a, s: a.training.stop(s.job)),
    Operation("sagemaker", "ListEndpoints", lambda a, s: s.endpoint in a.serving.endpoint_names()),
    Operation("sagemaker", "ListEndpointConfigs", lambda a, s: s.endpoint in a.serving.config_names()),
    Operation("sagemaker", "ListModels", lambda a, s: s.endpoint in a.serving.model_names()),
    Operation("sagemaker", "DescribeEndpoint", lambda a, s: a.serving.describe(s.endpoint).name),
    Operation("sagemaker", "DescribeEndpointConfig", lambda a, s: a.serving.find_config(s.endpoint)),
    Operation("sagemaker", "DescribeModel", lambda a, s: dict(a.serving.find_model(s.endpoint) or {})["ModelName"]),
    Operation("sagemaker", "ListTransformJobs", lambda a, s: [job.name for job in a.transforms.newest(1)]),
    Operation("sagemaker", "DescribeTransformJob", lambda a, s: a.transforms.describe(s.endpoint).name),
    Operation(
        "sagemaker-runtime", "InvokeEndpoint", lambda a, s: a.serving.invoke(s.endpoint, s.asked), is_opaque=True
    ),
    Operation("logs", "DescribeLogStreams", lambda a, s: a.logs.streams(s.job)),
    Operation("logs", "GetLogEvents", lambda a, s: a.logs.read(_stream(a, s)).lines),
    Operation("cloudwatch", "GetMetricData", lambda a, s: a.metrics.points(s.job, ["loss"], 0.0, 1.0)),
    Operation("service-quotas", "ListServiceQuotas", lambda a, _: a.quotas.applied()),
    Operation("pricing", "GetProducts", lambda a, _: a.price_list.training_prices("us-west-2")),
    Operation("ec2", "DescribeVpcs", lambda a, _: a.ec2.vpcs()),
    Operation("ec2", "DescribeSubnets", lambda a, _: a.ec2.subnets_of(_vpc(a))),
    Operation("ec2", "DescribeSecurityGroups", lambda a, _: a.ec2.groups_of(_vpc(a))),
    Operation("ec2", "DescribeRouteTables", lambda a, _: a.ec2.s3_routes(a.ec2.subnets([_subnet(a)]).values())),
    Operation("ec2", "DescribeVpcEndpoints", lambda a, _: a.ec2.s3_routes(a.ec2.subnets([_subnet(a)]).values())),
    Operation("ec2", "DescribeInstanceTypeOfferings", lambda a, _: a.ec2.zones_with(["ml.g5.xlarge"])),
    Operation("kms", "DescribeKey", lambda a, s: a.kms.key(s.key)),
    Operation("kms", "ListKeys", lambda a, _: a.kms.keys()),
    Operation("kms", "ListAliases", lambda a, _: a.kms.keys()),
)


@dataclass(frozen=True)
class Command:
    """A command line, all of whose calls are struck.

    Attributes:
        name: how the table names it.
        words: makes the command line.
        may_degrade: whether it goes on without what it could not learn, and says so.
        proof: after a success: whether what it says is true.
    """

    name: str
    words: Callable[[Scene], tuple[object, ...]]
    may_degrade: bool = False
    proof: Callable[[Scene, tuple[object, ...]], bool] = lambda *_: True


def _upload_words(scene: Scene) -> tuple[object, ...]:
    return ("s3", "upload", scene.data, f"s3://{BUCKET}/fault-table/upload-{next(_numbers)}/")


def _is_uploaded(scene: Scene, words: tuple[object, ...]) -> bool:
    target = S3Uri.parse(str(words[-1]))
    client = scene.home.sandbox.client("s3")
    return all(
        client.get_object(Bucket=target.bucket, Key=f"{target.key}{file.name}")["Body"].read() == file.read_bytes()
        for file in scene.data.iterdir()
    )


COMMANDS = (
    Command("doctor", lambda _: ("doctor",), may_degrade=True),
    Command("models", lambda _: ("models", "ic"), may_degrade=True),
    Command("instances", lambda _: ("instances", IMAGE_MODEL), may_degrade=True),
    Command("s3 ls", lambda _: ("s3", "ls")),
    Command("s3 ls URI", lambda _: ("s3", "ls", f"s3://{BUCKET}/data/")),
    Command("s3 upload", _upload_words, proof=_is_uploaded),
    Command("jobs", lambda _: ("jobs",)),
    Command("job", lambda s: ("job", s.job), may_degrade=True),
    Command("logs", lambda s: ("logs", s.job), may_degrade=True),
    Command("check", lambda s: ("check", s.run), may_degrade=True),
    Command("endpoints", lambda s: ("endpoints",), may_degrade=True),
    Command("endpoint", lambda s: ("endpoint", s.endpoint), may_degrade=True),
    Command("transforms", lambda s: ("transforms", s.endpoint), may_degrade=True),
    Command("try", lambda s: ("try", s.endpoint, s.picture)),
)
