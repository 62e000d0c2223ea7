"""The 25 failures of the README's table: each cause is found before the launch, or its remedy is named after.

One line per row and cause. The causes are set up in the sandbox; where that is not possible (only AWS runs out of
machines), DescribeTrainingJob is made to tell of the failure in AWS's words. Texts of all rows:
tests/core/test_failure_rows.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.aws.s3 import S3
from jsft_tui.aws.translate import translate
from jsft_tui.core.errors import Problem
from jsft_tui.core.failures import diagnose
from tests.aws.test_translate import refusal
from tests.cli.failing import SEVERAL_GPUS, ended, request_of, told
from tests.cli.runs import run_file, unique_name
from tests.home import BROKEN, BUCKET, TABULAR_MODEL, TEXT_MODEL, TINY_SHAPES, Home
from tests.services.account import account_of

GATED = "meta-textgeneration-llama-2-7b"
ELSEWHERE = "jsft-sandbox-elsewhere"
ROLE = "arn:aws:iam::123456789012:role/JsftSandboxRole"
KEY = "arn:aws:kms:us-west-2:123456789012:key/1a2b3c4d-0000-1111-2222-333344445555"
MISMATCH = {"training": TINY_SHAPES, "validation": f"s3://{BROKEN}/images-loose/"}
"""Each channel is fine by itself; the training script finds that they do not go together."""
Changes = dict[str, Any]


@dataclass(frozen=True)
class Stage:
    """Where a cause is set up."""

    home: Home
    folder: Path
    monkeypatch: pytest.MonkeyPatch


@pytest.fixture
def stage(home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Stage]:
    yield Stage(home, folder, monkeypatch)
    home.sandbox.control("POST", "denied-actions", [])


# -- what is known before the launch

Setup = Callable[[Stage], Changes]
"""Sets a cause up; the answer is what the run file has in it."""


def run_with(**changes: Any) -> Setup:
    """The cause is in the run file itself."""
    return lambda _: changes


def denied(*actions: str) -> Setup:
    """The policies of caller and role do not allow these actions."""

    def arrange(stage: Stage) -> Changes:
        stage.home.sandbox.control("POST", "denied-actions", list(actions))
        return {}

    return arrange


def expired(stage: Stage) -> Changes:
    stage.home.sandbox.set_faults({"do": "expired", "service": "sts", "times": None})
    return {}


def throttled(stage: Stage) -> Changes:
    stage.home.sandbox.set_faults({"do": "throttle", "service": "iam", "times": 1})
    return {}


def role_of_another_service(stage: Stage) -> Changes:
    trust = {"Effect": "Allow", "Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    iam, name = stage.home.sandbox.client("iam"), unique_name("Ec2Only")
    return {"role": iam.create_role(RoleName=name, AssumeRolePolicyDocument=document)["Role"]["Arn"]}


def name_of_a_job(stage: Stage) -> Changes:
    return {"name": ended(stage.home, stage.folder, "taken", "pass")}


def more_data_than_disk(stage: Stage) -> Changes:
    """A stub: gigabytes that S3 would tell of."""
    flat_page = S3.flat_page

    def large(self: S3, *arguments: Any) -> Any:
        page = flat_page(self, *arguments)
        return replace(page, entries=tuple(replace(entry, size=10**9) for entry in page.entries))

    stage.monkeypatch.setattr(S3, "flat_page", large)
    return {"instance": {"type": "ml.m5.xlarge", "max_runtime": "30m"}, "volume_gb": 30}


def network(
    *, tenancy: str = "default", way: bool = True, taken: int = 0, instance: Mapping[str, Any] | None = None
) -> Setup:
    """A VPC of its own with a single small subnet (11 free addresses) and its default security group."""

    def arrange(stage: Stage) -> Changes:
        ec2 = stage.home.sandbox.client("ec2")
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
        1, "no quota", run_with(instance=ON_P3), "quota", "is 0; this run needs 1", "with quota", fix="next_instance"
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
    Known(7, "name taken", name_of_a_job, "name", "exists already (Completed)", "another name", fix="new_name"),
    Known(
        12,
        "output in another region",
        run_with(output=f"s3://{ELSEWHERE}"),
        "output_region",
        "is in eu-central-1, the job would be in us-west-2",
        "Choose a bucket in us-west-2",
    ),
    Known(13, "no licence", run_with(**LLAMA), "eula", "is not accepted", "accept_eula: true", fix="accept_eula"),
    Known(13, "no reading", denied("s3:GetObject"), "role_access", "s3:GetObject on", "Add s3:GetObject", "warn"),
    Known(
        15,
        "what the batch means",
        run_with(instance=SEVERAL_GPUS),
        "hyperparameters",
        "batch_size 128 = 4 x 32",
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
        "Drop kms.volume",
        "warn",
        "drop_volume_key",
    ),
    Known(18, "throttled once", throttled, "role", "exists and trusts SageMaker", "", "pass"),
    Known(20, "the longest run", run_with(), "cost", "at most $0.37 (30m x ", "", "pass"),
    Known(
        21,
        "a wait shorter than the run",
        run_with(instance={"type": "ml.g4dn.xlarge", "spot": True, "max_runtime": "30m", "max_wait": "10m"}),
        "spot",
        "max_wait is shorter than max_runtime",
        "waiting and running together",
    ),
    Known(22, "no way to S3", network(way=False), "vpc", "no way leads from", "Add an S3 gateway endpoint"),
    Known(22, "no addresses", network(taken=10), "vpc", "have 1 free addresses", "add a subnet"),
    Known(22, "dedicated tenancy", network(tenancy="dedicated"), "vpc", "of dedicated tenancy", "another VPC"),
    Known(22, "a silent group", network(instance=ON_TWO), "vpc", "have to talk", "own inbound rules", "warn"),
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
        "EC2 does not offer p2.xlarge in us-west-2",
        "Offered there: ml.g4dn.xlarge",
        "warn",
    ),
)


@pytest.mark.parametrize("known", KNOWN, ids=lambda known: f"row{known.row} {known.cause}")
def test_a_cause_is_found_before_the_launch(stage: Stage, known: Known) -> None:
    changes = {"name": unique_name(f"row{known.row}"), **known.arrange(stage)}

    outcome = stage.home.jsft("check", run_file(stage.folder, **changes), "--json")

    found = [one for one in outcome.document["findings"] if one["check"] == known.check]
    matching = [one for one in found if one["level"] == known.level and known.says in one["message"]]
    assert matching, found
    assert known.remedy in (matching[0]["remedy"] or "")
    assert matching[0]["fix"] == known.fix
    assert outcome.code == (3 if outcome.document["verdict"] == "block" else 0)
    assert known.level != "block" or outcome.code == 3
