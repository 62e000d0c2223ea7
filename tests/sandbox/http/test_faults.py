"""Faults on demand, as boto3 meets them."""

from __future__ import annotations

import time
import urllib.error
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)

from jsft_tui.services.background.tasks import BackgroundCall
from tests.effort import PATIENCE
from tests.sandbox.running import RunningSandbox


@pytest.fixture(autouse=True)
def good_day(sandbox: RunningSandbox) -> Iterator[None]:
    yield
    sandbox.set_faults()


def code(call: Any, **parameters: Any) -> str:
    with pytest.raises(ClientError) as error:
        call(**parameters)
    return str(error.value.response["Error"]["Code"])


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ("throttle", ("SlowDown", "ThrottlingException", "Throttling", "RequestLimitExceeded")),
        ("expired", ("ExpiredToken", "ExpiredTokenException", "ExpiredToken", "RequestExpired")),
        ("denied", ("AccessDenied", "AccessDeniedException", "AccessDenied", "UnauthorizedOperation")),
        ("500", ("InternalError", "InternalFailure", "InternalFailure", "InternalError")),
    ],
)
def test_an_error_is_worded_as_each_protocol_words_it(
    sandbox: RunningSandbox, fault: str, expected: tuple[str, ...]
) -> None:
    sandbox.set_faults({"do": fault})
    calls = (
        sandbox.client("s3").list_buckets,
        sandbox.client("sagemaker").list_training_jobs,
        sandbox.client("sts").get_caller_identity,
        sandbox.client("ec2").describe_vpcs,
    )
    assert tuple(code(call) for call in calls) == expected


def test_a_rule_strikes_its_operation_as_often_as_it_says(sandbox: RunningSandbox) -> None:
    s3 = sandbox.client("s3")
    sandbox.set_faults({"do": "denied", "service": "s3", "operation": "List.*", "times": 2})
    sandbox.client("sagemaker").list_training_jobs()
    assert [code(s3.list_buckets), code(s3.list_buckets)] == ["AccessDenied"] * 2
    s3.list_buckets()


def test_a_client_that_retries_gets_through(sandbox: RunningSandbox) -> None:
    sandbox.set_faults({"do": "throttle", "times": 2}, {"do": "500", "times": 1})
    client = sandbox.client("s3", retries={"mode": "standard", "total_max_attempts": 5})
    assert client.list_buckets()["ResponseMetadata"]["RetryAttempts"] == 3


def test_a_head_request_is_denied_without_a_body(sandbox: RunningSandbox, bucket: str) -> None:
    sandbox.set_faults({"do": "denied"})
    assert code(sandbox.client("s3").head_bucket, Bucket=bucket) == "403"


def test_a_slow_answer_comes_late(sandbox: RunningSandbox) -> None:
    sandbox.set_faults({"do": "slow", "seconds": PATIENCE})
    with pytest.raises(ReadTimeoutError):
        sandbox.client("s3", read_timeout=0.3).list_buckets()
    sandbox.set_faults({"do": "slow", "seconds": 1.5})
    start = time.monotonic()
    sandbox.client("s3").list_buckets()
    assert time.monotonic() - start > 1.4


def test_a_held_call_waits_for_other_rules_and_no_longer(sandbox: RunningSandbox) -> None:
    sandbox.set_faults({"do": "hold", "service": "s3", "seconds": 60})
    held = BackgroundCall(sandbox.client("s3").list_buckets, "listing buckets")
    sandbox.client("sagemaker").list_training_jobs()
    assert not held.is_done(0.05)
    sandbox.set_faults()
    assert "Buckets" in held.result(PATIENCE)

    sandbox.set_faults({"do": "hold", "seconds": 0.05})
    sandbox.client("s3").list_buckets()


def test_a_reset_connection_carries_nothing_out(sandbox: RunningSandbox, bucket: str) -> None:
    sandbox.set_faults({"do": "reset", "operation": "PutObject"})
    s3 = sandbox.client("s3")
    with pytest.raises(ConnectionClosedError):
        s3.put_object(Bucket=bucket, Key="k", Body=b"")
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_a_lost_answer_leaves_the_call_carried_out(sandbox: RunningSandbox, bucket: str) -> None:
    sandbox.set_faults({"do": "lost", "operation": "PutObject"})
    s3 = sandbox.client("s3")
    with pytest.raises(ConnectionClosedError):
        s3.put_object(Bucket=bucket, Key="k", Body=b"")
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 1


def test_a_truncated_body_is_noticed(sandbox: RunningSandbox, bucket: str) -> None:
    s3 = sandbox.client("s3")
    s3.put_object(Bucket=bucket, Key="k", Body=b"x" * 1_000_000)
    sandbox.set_faults({"do": "truncate", "operation": "GetObject"})
    with pytest.raises((IncompleteReadError, ResponseStreamingError)):
        s3.get_object(Bucket=bucket, Key="k")["Body"].read()


def test_calls_are_recorded_by_service_and_operation(sandbox: RunningSandbox, bucket: str) -> None:
    sandbox.forget_calls()
    sandbox.client("s3").head_bucket(Bucket=bucket)
    sandbox.client("sagemaker").list_training_jobs()
    sandbox.client("iam").list_roles()
    sandbox.client("cloudwatch").list_metrics()
    assert sandbox.calls() == [
        ("s3", "HeadBucket"),
        ("sagemaker", "ListTrainingJobs"),
        ("iam", "ListRoles"),
        ("cloudwatch", "ListMetrics"),
    ]


@pytest.mark.parametrize("rules", [[{"do": "explode"}], [{"times": 1}], [{"do": "500", "operation": "("}], [7]])
def test_a_rule_that_makes_no_sense_is_refused(sandbox: RunningSandbox, rules: Any) -> None:
    with pytest.raises(urllib.error.HTTPError) as error:
        sandbox.control("POST", "faults", rules)
    assert error.value.code == 400


def test_a_sandbox_without_the_option_has_no_faults(state_dir: Path) -> None:
    running = RunningSandbox(state_dir)
    try:
        for method, path in (("POST", "faults"), ("GET", "calls"), ("POST", "denied-actions")):
            with pytest.raises(urllib.error.HTTPError) as error:
                running.control(method, path)
            assert error.value.code == 403
        assert running.control("GET", "unimplemented") == []
    finally:
        running.stop()
