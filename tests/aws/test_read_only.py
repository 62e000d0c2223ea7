"""A read-only session: no call that could change anything leaves it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import jsft_tui.aws
from jsft_tui.aws.session import AwsSession
from jsft_tui.core.errors import Problem
from jsft_tui.core.target import StaticCredentials, Target

SERVICES = sorted(
    {
        name
        for path in Path(jsft_tui.aws.__file__).parent.glob("*.py")
        for name in re.findall(r"\.client\(\"([a-z0-9-]+)\"\)", path.read_text())
    }
)
"""Every service that an adapter makes a client of."""

USED = {
    "cloudwatch": {"GetMetricData"},
    "ec2": {"DescribeVpcs", "DescribeSubnets", "DescribeRouteTables", "DescribeInstanceTypeOfferings"},
    "iam": {"GetRole", "ListRoles", "SimulatePrincipalPolicy"},
    "kms": {"DescribeKey", "ListKeys", "ListAliases"},
    "logs": {"DescribeLogStreams", "GetLogEvents", "FilterLogEvents"},
    "pricing": {"GetProducts"},
    "s3": {"ListObjectsV2", "GetObject", "HeadObject", "HeadBucket", "ListBuckets"},
    "sagemaker": {"DescribeTrainingJob", "ListTrainingJobs", "ListTags"},
    "service-quotas": {"ListServiceQuotas"},
    "sts": {"GetCallerIdentity"},
}
"""What reading takes, so that the guard is not simply shut."""

READING_WORDS = (
    "Get",
    "List",
    "Describe",
    "Head",
    "BatchGet",
    "BatchDescribe",
    "Filter",
    "Simulate",
    "Search",
    "Select",
)
"""The words that AWS's names of reading operations begin with."""


def read_only_session() -> AwsSession:
    """A session whose calls could go nowhere."""
    keys = StaticCredentials("AKIAIOSFODNN7EXAMPLE", "not-a-secret")
    return AwsSession(Target("us-west-2", endpoint="http://127.0.0.1:1", credentials=keys, read_only=True))


def refused(client: Any, operation: str) -> bool:
    """Whether the guard refuses an operation before anything else is done about it."""
    model = client.meta.service_model.operation_model(operation)
    event = f"provide-client-params.{client.meta.service_model.service_id.hyphenize()}.{operation}"
    try:
        client.meta.events.emit(event, params={}, model=model, context={})
    except Problem as problem:
        return problem.code == "ReadOnly"
    return False


@pytest.mark.parametrize("service", SERVICES)
def test_every_operation_that_is_not_a_reading_one_is_refused(service: str) -> None:
    client = read_only_session().client(service)
    names = list(client.meta.service_model.operation_names)
    let_through = {name for name in names if not refused(client, name)}

    assert let_through >= USED[service]
    assert not [name for name in let_through if not name.startswith((*READING_WORDS, "AssumeRole", "Lookup", "Query"))]


def test_what_s3_does_with_put_post_and_delete_is_refused() -> None:
    """HTTP's own word for it, which no list of names can get wrong."""
    client = read_only_session().client("s3")
    model = client.meta.service_model
    writing = [
        name for name in model.operation_names if model.operation_model(name).http["method"] not in ("GET", "HEAD")
    ]
    assert "PutObject" in writing
    assert [name for name in writing if not refused(client, name)] == ["SelectObjectContent"]


def test_every_service_of_the_adapters_is_looked_at() -> None:
    assert set(USED) == set(SERVICES)


def test_the_guard_refuses_a_real_call_and_the_resource_too(tmp_path: Path) -> None:
    session = read_only_session()
    with pytest.raises(Problem, match="PutObject is a writing call"):
        session.client("s3").put_object(Bucket="b", Key="k", Body=b"")
    (tmp_path / "file").write_bytes(b"x")
    with pytest.raises(Problem, match="PutObject is a writing call"):
        session.client("s3").upload_file(str(tmp_path / "file"), "b", "k")
    with pytest.raises(Problem, match="PutObject is a writing call"):
        session.s3_resource().Object("b", "k").put(Body=b"")
