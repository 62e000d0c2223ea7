"""The 25 failures of the README's table: each cause is found before the launch, or its remedy is named after.

One line per row and cause. The causes are set up in the sandbox; where that is not possible (only AWS runs out of
machines), DescribeTrainingJob is made to tell of the failure in AWS's words. Texts of all rows:
tests/core/failures/examples.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from jsft_tui.aws.client.errors import translate
from jsft_tui.aws.s3 import S3
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.failures import diagnose
from tests.cli.jobs.failing import SEVERAL_GPUS, ended, request_of, service_failure
from tests.cli.runs import run_file, unique_name
from tests.common.home import BROKEN, BUCKET, TABULAR_MODEL, TEXT_MODEL, TINY_SHAPES, Home
from tests.services.account import account_of

GATED = "meta-textgeneration-llama-2-7b"
ELSEWHERE = "jsft-sandbox-elsewhere"
ROLE = "arn:aws:iam::123456789012:role/JsftSandboxRole"
KEY = "arn:aws:kms:us-west-2:123456789012:key/1a2b3c4d-0000-1111-2222-333344445555"
Changes = dict[str, Any]


@dataclass(frozen=True)
class Scenario:
    """Where a cause is set up."""

    home: Home
    folder: Path
    monkeypatch: pytest.MonkeyPatch


@pytest.fixture
def scenario(home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scenario]:
    yield Scenario(home, folder, monkeypatch)
    home.sandbox.set_denied_actions()


# -- what is known before the launch

Setup = Callable[[Scenario], Changes]
"""Sets a cause up; the answer is what the run file has in it."""


def run_with(**changes: Any) -> Setup:
    """The cause is in the run file itself."""
    return lambda _: changes


def denied(*actions: str) -> Setup:
    """The policies of caller and role do not allow these actions."""

    def arrange(scenario: Scenario) -> Changes:
        scenario.home.sandbox.set_denied_actions(*actions)
        return {}

    return arrange


def expired(scenario: Scenario) -> Changes:
    scenario.home.sandbox.set_faults({"do": "expired", "service": "sts", "times": None})
    return {}


def role_of_another_service(scenario: Scenario) -> Changes:
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    iam, name = scenario.home.sandbox.client("iam"), unique_name("Ec2Only")
    return {"role": iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]}


def name_of_a_job(scenario: Scenario) -> Changes:
    return {"name": ended(scenario.home, scenario.folder, "taken", "pass")}


def more_data_than_disk(scenario: Scenario) -> Changes:
    """A stub: gigabytes that S3 would tell of."""
    flat_page = S3.flat_page

    def large(self: S3, *arguments: Any) -> Any:
        page = flat_page(self, *arguments)
        return replace(page, entries=tuple(replace(entry, size=10**9) for entry in page.entries))

    scenario.monkeypatch.setattr(S3, "flat_page", large)
    return {"instance": {"type": "ml.m5.xlarge", "max_runtime": "30m"}, "volume_gb": 30}


def network(
    *, tenancy: str = "default", way: bool = True, taken: int = 0, instance: Mapping[str, Any] | None = None
) -> Setup:
    """A VPC of its own with a single small subnet (11 free addresses) and its default security group."""

    def arrange(scenario: Scenario) -> Changes:
        ec2 = scenario.home.sandbox.client("ec2")
        vpc = ec2.create_vpc(CidrBlock="10.7.0.0/16", InstanceTenancy=tenancy)["Vpc"]["VpcId"]
        place = {"CidrBlock": "10.7.0.0/28", "AvailabilityZone": "us-west-2a"}
        subnet = ec2.create_subnet(VpcId=vpc, **place)["Subnet"]["SubnetId"]
        of_vpc = [{"Name": "vpc-id", "Values": [vpc]}]
        if way:
            table = ec2.describe_route_tables(Filters=of_vpc)["RouteTables"][0]["RouteTableId"]
            ec2.create_vpc_endpoint(VpcId=vpc, ServiceName="com.amazonaws.us-west-2.s3", RouteTableIds=[table])
        for _ in range(taken):
            ec2.create_network_interface(SubnetId=subnet)
        group = ec2.create_security_group(GroupName="silent", Description="No rules.", VpcId=vpc)["GroupId"]
        found: Changes = {"vpc": {"subnets": [subnet], "security_group_ids": [group]}}
        return found if instance is None else {**found, "instance": dict(instance)}

    return arrange


@dataclass(frozen=True)
class Known:
    """A cause that a check finds.

    Attributes:
        row: of the table.
        cause: what is set up.
        arrange: sets it up.
        check: which check says so.
        level: how bad it says it is.
        says, remedy: what its message and its remedy have in them.
        fix: the remedy that can be applied, in JSON.
    """

    row: int
    cause: str
    arrange: Setup
    check: str
    says: str
    remedy: str
    level: str = "block"
    fix: str | None = None


ON_P3 = {"type": "ml.p3.2xlarge", "max_runtime": "30m"}
ON_TWO = {"type": "ml.g4dn.xlarge", "count": 2, "max_runtime": "30m"}
ON_CPU = {"type": "ml.m5.xlarge", "max_runtime": "30m"}
TEXT = {"model": {"id": TEXT_MODEL}, "hyperparameters": {}}
TABLE = {"model": {"id": TABULAR_MODEL}, "hyperparameters": {}, "instance": ON_CPU}
LLAMA = {"model": {"id": GATED}, "instance": {"type": "ml.g5.12xlarge"}, "data": "default", "hyperparameters": {}}

KNOWN = (
    Known(
        1,
        "no quota",
        run_with(instance=ON_P3),
        "quota",
        "is 0, and this run needs 1",
        "with quota",
        fix="next_instance",
    ),
    Known(
        3, "no objects", run_with(data={"training": f"s3://{BUCKET}/flowrs/"}), "data", "nothing under", "jsft s3 ls"
    ),
    Known(3, "no bucket", run_with(data={"training": "s3://jsft-nobody/x/"}), "data", "does not exist", "jsft s3 ls"),
    Known(
        3,
        "data in another region",
        run_with(data={"training": f"s3://{ELSEWHERE}/data/"}),
        "data_region",
        "is in eu-central-1",
        "Copy the data",
    ),
    Known(3, "no listing", denied("s3:ListBucket"), "role_access", "s3:ListBucket", "Add s3:ListBucket", "warn"),
    Known(4, "no trust", role_of_another_service, "role", "does not trust SageMaker", "sts:AssumeRole"),
    Known(4, "no role", run_with(role=f"{ROLE}No"), "role", "there is no role", "Check the name"),
    Known(5, "no PassRole", denied("iam:PassRole"), "permissions", "iam:PassRole on " + ROLE, "iam:PassedToService"),
    Known(
        6,
        "no CreateTrainingJob",
        denied("sagemaker:CreateTrainingJob"),
        "permissions",
        "sagemaker:CreateTrainingJob on arn:aws:sagemaker:us-west-2:123456789012:training-job/",
        "Ask for sagemaker:CreateTrainingJob",
    ),
    Known(
        6, "no AddTags", denied("sagemaker:AddTags"), "permissions", "sagemaker:AddTags", "Ask for sagemaker:AddTags"
    ),
    Known(7, "name taken", name_of_a_job, "name", "already exists (Completed)", "another name", fix="new_name"),
    Known(
        12,
        "output in another region",
        run_with(output=f"s3://{ELSEWHERE}"),
        "output_region",
        "is in eu-central-1, the job would be in us-west-2",
        "Choose a bucket in us-west-2",
    ),
    Known(13, "no license", run_with(**LLAMA), "eula", "must be accepted", "accept_eula: true", fix="accept_eula"),
    Known(13, "no reading", denied("s3:GetObject"), "role_access", "s3:GetObject on", "Add s3:GetObject", "warn"),
    Known(
        15,
        "what the batch means",
        run_with(instance=SEVERAL_GPUS),
        "hyperparameters",
        "batch_size 32 per GPU × 4 GPUs = 128",
        "",
        "pass",
    ),
    Known(16, "too little disk", more_data_than_disk, "data_size", "do not fit on", "volume_gb: ", fix="raise_disk"),
    Known(
        17,
        "volume key on NVMe",
        run_with(kms={"volume": KEY}),
        "volume",
        "takes no volume key: kms.volume is not sent",
        "Remove kms.volume",
        "warn",
        "drop_volume_key",
    ),
    Known(20, "the longest run", run_with(), "cost", "at most $0.37 (30m x ", "", "pass"),
    Known(
        21,
        "a wait shorter than the run",
        run_with(instance={"type": "ml.g4dn.xlarge", "spot": True, "max_runtime": "30m", "max_wait": "10m"}),
        "spot",
        "max_wait is shorter than max_runtime",
        "includes the runtime",
    ),
    Known(22, "no way to S3", network(way=False), "vpc", "no route to S3", "Add an S3 gateway endpoint"),
    Known(22, "no addresses", network(taken=10), "vpc", "have 1 free addresses", "add a subnet"),
    Known(22, "dedicated tenancy", network(tenancy="dedicated"), "vpc", "of dedicated tenancy", "another VPC"),
    Known(22, "a silent group", network(instance=ON_TWO), "vpc", "must communicate", "own inbound rules", "warn"),
    Known(
        23,
        "a word for a number",
        run_with(**TABLE, data={"training": f"s3://{BROKEN}/points-not-numeric/"}),
        "data_format",
        "'unknown' in column 4",
        f"jsft lint {TABULAR_MODEL} s3://",
    ),
    Known(
        23,
        "labels with a gap",
        run_with(**TEXT, data={"training": f"s3://{BROKEN}/text-label-gap/"}),
        "data_format",
        "gap",
        f"jsft lint {TEXT_MODEL} s3://",
    ),
    Known(24, "expired", expired, "credentials", "expired", "aws sso login"),
    Known(
        25,
        "a type that the model does not take",
        run_with(instance={"type": "ml.p5.48xlarge", "max_runtime": "30m"}),
        "instance",
        "does not support ml.p5.48xlarge",
        "It supports: ml.g4dn.xlarge",
    ),
    Known(
        25,
        "a type that the region does not have",
        run_with(instance={"type": "ml.p2.xlarge", "max_runtime": "30m"}),
        "availability",
        "p2.xlarge is not offered by EC2 in us-west-2",
        "Offered there: ml.g4dn.xlarge",
        "warn",
    ),
)


def without_target(remedy: str) -> str:
    """Return a remedy without the option by which its command names the sandbox."""
    return remedy.replace("jsft --sandbox ", "jsft ")


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: f"row{known.row} {known.cause}")
def test_a_cause_is_found_before_the_launch(scenario: Scenario, known: Known) -> None:
    changes = {"name": unique_name(f"row{known.row}"), **known.arrange(scenario)}

    outcome = scenario.home.jsft("check", run_file(scenario.folder, **changes), "--json")

    found = [one for one in outcome.document["findings"] if one["check"] == known.check]
    matching = [one for one in found if one["level"] == known.level and known.says in one["message"]]
    assert matching, found
    assert known.remedy in without_target(matching[0]["remedy"] or "")
    assert matching[0]["fix"] == known.fix
    assert outcome.code == (3 if outcome.document["verdict"] == "block" else 0)
    assert known.level != "block" or outcome.code == 3


def test_no_profiler_is_asked_for_whose_quota_could_be_used_up(home: Home, folder: Path) -> None:
    """Row 2: the rules of a profiler are processing jobs."""
    request = request_of(home, folder, "row2")
    assert not [name for name in request if name.startswith(("Profiler", "Debug"))]


# -- what the service refuses at the launch: nothing runs, and the refusal names the remedy


@dataclass(frozen=True)
class Refused:
    """A request that the sandbox refuses as AWS does, had it not been found before.

    Attributes:
        row: of the table.
        code: the failure doctor's name of the cause.
        change: what is wrong in the request.
        remedy: what the refusal's remedy has in it.
        fix: the remedy that can be applied.
    """

    row: int
    code: str
    change: Mapping[str, Any]
    remedy: str
    fix: str | None = None


REFUSED = (
    Refused(1, "Quota", {"ResourceConfig": {"InstanceType": "ml.p3.2xlarge"}}, "jsft instances", "next_instance"),
    Refused(3, "NoData", {"InputDataConfig": f"s3://{BUCKET}/flowrs/"}, "Check the prefix"),
    Refused(4, "RoleTrust", {"RoleArn": f"{ROLE}No"}, "trust policy"),
    Refused(7, "NameTaken", {}, "another name", "new_name"),
    Refused(12, "BucketRegion", {"OutputDataConfig": {"S3OutputPath": f"s3://{ELSEWHERE}"}}, "in the job's region"),
    Refused(17, "VolumeKey", {"ResourceConfig": {"VolumeKmsKeyId": KEY}}, "Remove kms.volume", "drop_volume_key"),
    Refused(25, "OldClient", {"OutputDataConfig": {"OfTheFuture": "x"}}, "pip install --upgrade boto3"),
)


def changed_request(request: dict[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    """The request with members changed, one level deep; a text for the channels is the place of the data."""
    found = dict(request)
    for name, value in change.items():
        if name == "InputDataConfig":
            training = next(channel for channel in found[name] if channel["ChannelName"] == "training")
            training["DataSource"]["S3DataSource"]["S3Uri"] = value
        else:
            found[name] = {**found[name], **value} if isinstance(value, dict) else value
    return found


@pytest.mark.parametrize("refused", REFUSED, ids=lambda refused: f"row{refused.row} {refused.code}")
def test_a_refused_launch_names_the_remedy(home: Home, folder: Path, refused: Refused) -> None:
    request, training = request_of(home, folder, f"row{refused.row}"), account_of(home).launching
    if not refused.change:
        training.attempt(request)

    problem = training.attempt(changed_request(request, refused.change)).problem

    assert problem is not None
    assert refused.remedy in problem.remedy
    assert [fix.kind.value for fix in problem.fixes] == ([refused.fix] if refused.fix else [])
    known = diagnose(f"{problem.code}: {problem.message}")
    assert known is not None
    assert known.code == refused.code


@pytest.mark.parametrize(
    ("row", "code", "message", "remedy"),
    [
        (2, "ResourceLimitExceeded", "service limit 'Number of instances across all processing jobs' is 4", "profiler"),
        (5, "AccessDeniedException", f"not authorized to perform: iam:PassRole on resource: {ROLE}", "iam:PassRole"),
        (
            6,
            "AccessDeniedException",
            "not authorized to perform: sagemaker:AddTags on resource: x",
            "sagemaker:AddTags",
        ),
        (6, "AccessDeniedException", "not authorized to perform: sagemaker:CreateTrainingJob", "CreateTrainingJob"),
        (6, "AccessDeniedException", "not authorized to perform: x:Y with an explicit deny in an SCP", "administrator"),
        (18, "ThrottlingException", "Rate exceeded", "Wait a little"),
        (22, "ValidationException", "Subnets must be in a VPC of default tenancy.", "default tenancy"),
        (24, "UnrecognizedClientException", "The security token included in the request is invalid.", "aws sso login"),
        (25, "ValidationException", "Unsupported instance type in region: ml.p3.2xlarge", "another region"),
    ],
)
def test_a_refusal_that_the_sandbox_has_not_names_the_remedy(row: int, code: str, message: str, remedy: str) -> None:
    error = ClientError({"Error": {"Code": code, "Message": message}}, "CreateTrainingJob")
    problem = translate(error, f"launch row{row}")
    assert problem is not None
    assert remedy in problem.remedy


def test_what_cannot_be_stopped_or_found_says_so(home: Home, folder: Path) -> None:
    """Row 19."""
    name = ended(home, folder, "row19", "pass")

    stopped = home.jsft("stop", name, "--yes", "--json")
    missing = home.jsft("job", "row19-nobody", "--json")

    assert "Completed" in stopped.out
    assert (missing.code, missing.error["code"]) == (4, "NoSuchJob")
    assert missing.error["remedy"].endswith(": jsft --sandbox jobs")
    with pytest.raises(Problem, match="in status Completed") as caught:
        account_of(home).training.stop(name)
    assert "nothing to stop" in caught.value.remedy


# -- what only a job that ran can tell: the doctor names the remedy, and a clone applies it


@dataclass(frozen=True)
class Ended:
    """A job that ends badly in the sandbox.

    Attributes:
        row: of the table; 0 for the one that is the sandbox's own.
        code: the failure doctor's name of the cause.
        script: what the job runs; None: the model's own training.
        remedy: what the doctor's remedy has in it.
        change: what `jsft clone --fix` says that it changed; None: there is nothing that it could.
        run: what the run file has in it.
    """

    row: int
    code: str
    script: str | None
    remedy: str
    change: str | None = None
    run: Mapping[str, Any] | None = None


CUDA = "raise RuntimeError('CUDA out of memory. Tried to allocate 2.00 GiB')"
KILLED = "import os; os.kill(os.getpid(), 9)"
FULL = "raise OSError(28, 'No space left on device')"
FLOAT = "float('yes')"
OVERDUE = "import time; time.sleep(60)"
ONE_SECOND = {"type": "ml.m5.xlarge", "max_runtime": "1s"}
DIVERGES = {"optimizer": "sgd", "learning_rate": 1, "regularizers_l2": 1, "epochs": 100, "batch_size": 2}

ENDED = (
    Ended(14, "Script", "raise KeyError('labels')", "jsft logs row14"),
    Ended(15, "GpuMemory", CUDA, "Halve the batch size", "batch_size 128 -> 64"),
    Ended(
        15,
        "GpuMemory",
        CUDA,
        "GPUs with more memory",
        "instance ml.g4dn.xlarge -> ml.g5.xlarge",
        {"instance": {"type": "ml.g4dn.xlarge"}, "hyperparameters": {"batch_size": 1}},
    ),
    Ended(16, "Disk", FULL, "volume_gb", "volume 30 GB -> 60 GB", {"instance": ON_CPU, "volume_gb": 30}),
    Ended(16, "Disk", FULL, "a larger NVMe disk", "instance ml.g4dn.12xlarge -> ml.g5.12xlarge"),
    Ended(20, "MaxRuntime", OVERDUE, "max_runtime", "max_runtime 1s -> 2s", {"instance": ONE_SECOND}),
    Ended(23, "Dataset", FLOAT, f"jsft lint tensorflow-ic-efficientnet-lite0-classification-2 {TINY_SHAPES}"),
    Ended(0, "Killed", KILLED, "more memory", "instance ml.m5.xlarge -> ml.m5.2xlarge", {"instance": ON_CPU}),
    Ended(0, "Diverged", None, "learning_rate", "learning_rate 1 -> 0.1", {"hyperparameters": DIVERGES}),
)


def assert_mended(home: Home, name: str, change: str | None) -> None:
    """What a clone with the remedy says."""
    outcome = home.jsft("clone", name, "--fix", "--json")
    if change is None:
        assert (outcome.code, outcome.error["code"]) == (2, "NoFix")
    else:
        assert outcome.code == 0, outcome
        assert f"Changed: {change}" in outcome.err


@pytest.mark.parametrize("bad", ENDED, ids=lambda bad: f"row{bad.row} {bad.code}")
def test_a_job_that_ended_badly_is_understood_and_mended(home: Home, folder: Path, bad: Ended) -> None:
    name = ended(home, folder, f"row{bad.row}", bad.script, **(bad.run or {}))

    shown = home.json("job", name)

    known = account_of(home).training.describe(name).diagnosis
    assert known is not None, shown["failure_reason"]
    assert (known.code, bool(shown["fixes"])) == (bad.code, bad.change is not None)
    assert bad.remedy in without_target(shown["remedy"])
    assert_mended(home, name, bad.change)


@dataclass(frozen=True)
class Told:
    """A job that ended as only AWS can let it: the fields of `Ended`, with the FailureReason."""

    row: int
    code: str
    reason: str
    remedy: str
    change: str | None = None
    run: Mapping[str, Any] | None = None
    status: str = "Failed"
    phase: str = ""


NO_MACHINE = "CapacityError: Unable to provision requested ML compute capacity. Please retry using a different type."
INTERNAL = "InternalServerError: We encountered an internal error. Please try again."
NO_MEMORY = "ClientError: Please use an instance type with more memory, or reduce the size of job data processed"
NO_UPLOAD = "ClientError: Artifact upload failed:ClientError: Out of Memory. Please use a larger instance"
OTHER_REGION = "ClientError: Artifact upload failed:(BucketRegionError: bucket must be in the same region as the job)"
NO_DOWNLOAD = "ClientError: Data download failed:Unable to download object s3://x/y (AccessDenied: Access Denied)"
NO_WAY = "ClientError: Data download failed:Please ensure that the subnet's VPC has an S3 VPC endpoint or a NAT."
NO_TYPE = "ClientError: Unsupported instance type in region: ml.g4dn.12xlarge"
SPOT = {"type": "ml.g4dn.xlarge", "spot": True, "max_runtime": "30m", "max_wait": "1h"}
ACCEPTED = {**LLAMA, "accept_eula": True}

TOLD = (
    Told(8, "Capacity", NO_MACHINE, "Try again later", "instance ml.g4dn.12xlarge -> ml.g5.12xlarge"),
    Told(9, "InternalError", INTERNAL, "Launch the job again"),
    Told(10, "HostMemory", NO_MEMORY, "more memory", "instance ml.m5.xlarge -> ml.m5.2xlarge", {"instance": ON_CPU}),
    Told(11, "UploadMemory", NO_UPLOAD, "more memory", "instance ml.m5.xlarge -> ml.m5.2xlarge", {"instance": ON_CPU}),
    Told(12, "BucketRegion", OTHER_REGION, "s3://bucket"),
    Told(13, "DownloadDenied", NO_DOWNLOAD, "s3:GetObject"),
    Told(13, "DownloadDenied", NO_DOWNLOAD, "accept the EULA", "accept_eula: true (read the license first)", ACCEPTED),
    Told(21, "MaxWait", "", "on demand", "max_wait 1h -> 2h", {"instance": SPOT}, "Stopped", "MaxWaitTimeExceeded"),
    Told(22, "Network", NO_WAY, "S3 gateway endpoint"),
    Told(25, "Unsupported", NO_TYPE, "another region", "instance ml.g4dn.12xlarge -> ml.g5.12xlarge"),
)


@pytest.mark.parametrize("bad", TOLD, ids=lambda bad: f"row{bad.row} {bad.code}")
def test_a_failure_that_only_aws_has_is_understood_and_mended(scenario: Scenario, bad: Told) -> None:
    request = request_of(
        scenario.home, scenario.folder, f"row{bad.row}", **{"instance": SEVERAL_GPUS, **(bad.run or {})}
    )
    job = service_failure(scenario.monkeypatch, without_acceptance(request), bad.reason, bad.status, bad.phase)

    shown = scenario.home.json("job", job.name)

    assert job.diagnosis is not None
    assert job.diagnosis.code == bad.code
    assert bad.remedy in without_target(shown["remedy"])
    assert_mended(scenario.home, job.name, bad.change)


def without_acceptance(request: dict[str, Any]) -> dict[str, Any]:
    """The request of a job that was launched by another program, which let nobody accept the license."""
    variables = {name: text for name, text in request.get("Environment", {}).items() if name != "accept_eula"}
    return {**request, "Environment": variables}


def test_every_row_of_the_table_is_here() -> None:
    after: list[Any] = [*REFUSED, *ENDED, *TOLD]
    rows = {known.row for known in KNOWN} | {bad.row for bad in after}
    elsewhere = {
        2,
        18,
        19,
    }  # functions of their own, above; a throttled launch is in tests/services/launch/test_launch.py
    assert rows | elsewhere == {0, *range(1, 26)}
