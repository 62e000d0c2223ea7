"""Faults on demand, as boto3 meets them."""

from __future__ import annotations

import contextlib
import time
import urllib.error
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionClosedError,
    FlexibleChecksumError,
    IncompleteReadError,
    ReadTimeoutError,
    ResponseStreamingError,
)
from botocore.parsers import ResponseParserError

from jsft_tui.services.background.tasks import BackgroundCall
from tests.common.effort import PATIENCE
from tests.common.faults.rule import Fault
from tests.common.faults.sandbox import FaultySandbox


@pytest.fixture(autouse=True)
def good_day(sandbox: FaultySandbox) -> Iterator[None]:
    yield
    sandbox.set_faults()


@dataclass(frozen=True)
class Stored:
    """An object in the sandbox's S3."""

    client: Any
    bucket: str
    data: bytes

    def open(self, **options: str) -> Any:
        return self.client.get_object(Bucket=self.bucket, Key="k", **options)["Body"]

    def read(self, **options: str) -> bytes:
        found: bytes = self.open(**options).read()
        return found


@pytest.fixture
def stored(sandbox: FaultySandbox, bucket: str) -> Stored:
    data = bytes(range(256)) * 1_000
    sandbox.client("s3").put_object(Bucket=bucket, Key="k", Body=data)
    return Stored(sandbox.client("s3"), bucket, data)


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
        ("503", ("ServiceUnavailable", "ServiceUnavailableException", "ServiceUnavailable", "Unavailable")),
        ("skew", ("RequestTimeTooSkewed", "InvalidSignatureException", "SignatureDoesNotMatch", "AuthFailure")),
        ("region", ("PermanentRedirect", "InvalidSignatureException", "SignatureDoesNotMatch", "AuthFailure")),
    ],
)
def test_an_error_is_worded_as_each_protocol_words_it(
    sandbox: FaultySandbox, fault: str, expected: tuple[str, ...]
) -> None:
    sandbox.set_faults({"do": fault})
    calls = (
        sandbox.client("s3").list_buckets,
        sandbox.client("sagemaker").list_training_jobs,
        sandbox.client("sts").get_caller_identity,
        sandbox.client("ec2").describe_vpcs,
    )
    assert tuple(code(call) for call in calls) == expected


def test_a_rule_strikes_its_operation_as_often_as_it_says(sandbox: FaultySandbox) -> None:
    s3 = sandbox.client("s3")
    sandbox.set_faults({"do": "denied", "service": "s3", "operation": "List.*", "times": 2})
    sandbox.client("sagemaker").list_training_jobs()
    assert [code(s3.list_buckets), code(s3.list_buckets)] == ["AccessDenied"] * 2
    s3.list_buckets()


def test_a_client_that_retries_gets_through(sandbox: FaultySandbox) -> None:
    sandbox.set_faults({"do": "throttle", "times": 2}, {"do": "500", "times": 1})
    client = sandbox.client("s3", retries={"mode": "standard", "total_max_attempts": 5})
    assert client.list_buckets()["ResponseMetadata"]["RetryAttempts"] == 3


def test_a_head_request_is_denied_without_a_body(sandbox: FaultySandbox, bucket: str) -> None:
    sandbox.set_faults({"do": "denied"})
    assert code(sandbox.client("s3").head_bucket, Bucket=bucket) == "403"


def test_a_slow_answer_comes_late(sandbox: FaultySandbox) -> None:
    sandbox.set_faults({"do": "slow", "seconds": PATIENCE})
    with pytest.raises(ReadTimeoutError):
        sandbox.client("s3", read_timeout=0.3).list_buckets()
    sandbox.set_faults({"do": "slow", "seconds": 1.5})
    start = time.monotonic()
    sandbox.client("s3").list_buckets()
    assert time.monotonic() - start > 1.4


def test_a_held_call_waits_for_other_rules_and_no_longer(sandbox: FaultySandbox) -> None:
    sandbox.set_faults({"do": "hold", "service": "s3", "seconds": 60})
    held = BackgroundCall(sandbox.client("s3").list_buckets, "listing buckets")
    sandbox.client("sagemaker").list_training_jobs()
    assert not held.is_done(0.05)
    sandbox.set_faults()
    assert "Buckets" in held.result(PATIENCE)

    sandbox.set_faults({"do": "hold", "seconds": 0.05})
    sandbox.client("s3").list_buckets()


@pytest.mark.parametrize(
    ("service", "fault", "status"),
    [
        ("sagemaker", "html-403", 403),
        ("sagemaker", "html-503", 503),
        ("sagemaker", "portal", 302),
        ("iam", "html-403", 403),
        ("iam", "portal", 302),
        ("s3", "html-403", 403),
        ("s3", "html-503", 503),
    ],
)
def test_a_page_comes_in_place_of_an_answer(
    sandbox: FaultySandbox, bucket: str, service: str, fault: str, status: int
) -> None:
    sandbox.set_faults({"do": fault})
    calls: dict[str, Callable[[], Any]] = {
        "sagemaker": sandbox.client("sagemaker").list_training_jobs,
        "iam": sandbox.client("iam").list_roles,
        "s3": lambda: sandbox.client("s3").list_objects_v2(Bucket=bucket),
    }
    with pytest.raises((ClientError, ResponseParserError)) as error:
        calls[service]()
    shown = error.value.response["ResponseMetadata"]["HTTPStatusCode"] if isinstance(error.value, ClientError) else 0
    assert shown in (0, status)


# What botocore 1.44 makes of an answer that is not AWS's is why no adapter may take an answer without members for one.


@pytest.mark.parametrize("fault", ["html-200", "malformed", "empty"])
def test_botocore_takes_foreign_json_for_an_answer_without_members(sandbox: FaultySandbox, fault: str) -> None:
    sandbox.set_faults({"do": fault})
    assert sandbox.client("sagemaker").list_training_jobs().keys() == {"ResponseMetadata"}


@pytest.mark.parametrize("fault", ["html-200", "empty"])
def test_botocore_takes_foreign_s3_documents_for_an_answer_without_members(sandbox: FaultySandbox, fault: str) -> None:
    sandbox.set_faults({"do": fault})
    assert sandbox.client("s3").list_buckets().keys() == {"ResponseMetadata"}


@pytest.mark.parametrize(
    ("fault", "raised"), [("html-200", KeyError), ("malformed", ResponseParserError), ("empty", ResponseParserError)]
)
def test_botocore_cannot_parse_foreign_query_documents(
    sandbox: FaultySandbox, fault: str, raised: type[Exception]
) -> None:
    sandbox.set_faults({"do": fault})
    with pytest.raises(raised):
        sandbox.client("iam").list_roles()


def test_botocore_stumbles_over_a_wrong_type_in_xml(sandbox: FaultySandbox, bucket: str) -> None:
    sandbox.set_faults({"do": "wrong-type"})
    with pytest.raises(ValueError, match="invalid literal"):
        sandbox.client("s3").list_objects_v2(Bucket=bucket)


def test_botocore_takes_a_portals_redirect_for_that_of_a_bucket(sandbox: FaultySandbox, bucket: str) -> None:
    sandbox.set_faults({"do": "portal"})
    with pytest.raises(TypeError):
        sandbox.client("s3").list_buckets()
    with pytest.raises(RecursionError):
        sandbox.client("s3").list_objects_v2(Bucket=bucket)


@pytest.mark.parametrize("fault", ["throttle", "html-200", "lost"])
def test_a_call_can_be_carried_out_although_its_answer_is_another(
    sandbox: FaultySandbox, bucket: str, fault: str
) -> None:
    sandbox.set_faults({"do": fault, "operation": "PutObject", "carry_out": True})
    s3 = sandbox.client("s3")
    with contextlib.suppress(BotoCoreError, ClientError):
        s3.put_object(Bucket=bucket, Key="k", Body=b"x" * 100_000)
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 1


@pytest.mark.parametrize("fault", ["throttle", "html-503", "reset", "close"])
@pytest.mark.parametrize("size", [0, 3_000_000])
def test_a_call_that_is_struck_before_the_sandbox_is_not_carried_out(
    sandbox: FaultySandbox, bucket: str, fault: str, size: int
) -> None:
    sandbox.set_faults({"do": fault, "operation": "PutObject", "times": 1})
    s3 = sandbox.client("s3")
    with pytest.raises((BotoCoreError, ClientError)):
        s3.put_object(Bucket=bucket, Key="k", Body=b"x" * size)
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0
    s3.put_object(Bucket=bucket, Key="k", Body=b"x" * size)


@pytest.mark.parametrize("fault", ["lost", "close", "reset"])
def test_a_connection_that_ends_before_the_answer_is_noticed(sandbox: FaultySandbox, fault: str) -> None:
    sandbox.set_faults({"do": fault})
    with pytest.raises(ConnectionClosedError):
        sandbox.client("sagemaker").list_training_jobs()


def test_a_half_open_connection_brings_nothing(sandbox: FaultySandbox) -> None:
    sandbox.set_faults({"do": "half-open", "seconds": PATIENCE})
    with pytest.raises(ReadTimeoutError):
        sandbox.client("s3", read_timeout=0.3).list_buckets()
    waiting = BackgroundCall(sandbox.client("s3").list_buckets, "listing buckets")
    assert not waiting.is_done(0.2)
    sandbox.set_faults()
    with pytest.raises(ConnectionClosedError):
        waiting.result(PATIENCE)


@pytest.mark.parametrize("fault", ["truncate", "reset-middle"])
def test_a_body_that_ends_in_the_middle_is_noticed(sandbox: FaultySandbox, stored: Stored, fault: str) -> None:
    sandbox.set_faults({"do": fault, "operation": "GetObject"})
    with pytest.raises((IncompleteReadError, ResponseStreamingError)):
        stored.read()


def test_a_flipped_bit_is_noticed_by_its_checksum(sandbox: FaultySandbox, stored: Stored) -> None:
    sandbox.set_faults({"do": "flip", "operation": "GetObject"})
    with pytest.raises(FlexibleChecksumError):
        stored.read(ChecksumMode="ENABLED")
    assert len(stored.read(ChecksumMode="DISABLED")) == len(stored.data)


@pytest.mark.parametrize(("fault", "seconds"), [("slow-body", 60), ("drip", 0.05)])
def test_a_body_comes_late_until_the_rules_change(
    sandbox: FaultySandbox, stored: Stored, fault: str, seconds: float
) -> None:
    sandbox.set_faults({"do": fault, "operation": "GetObject", "seconds": seconds})
    body = stored.open()
    if fault == "drip":
        assert body.read(1) == stored.data[:1]
    reading = BackgroundCall(body.read, "reading")
    assert not reading.is_done(0.2)
    sandbox.set_faults()
    assert stored.data.endswith(reading.result(PATIENCE))


def test_an_answer_with_wrong_types_holds_them(sandbox: FaultySandbox) -> None:
    sandbox.set_faults({"do": "wrong-type"})
    quotas = sandbox.client("service-quotas")
    with pytest.raises((AttributeError, TypeError, ValueError, ResponseParserError)):
        quotas.get_service_quota(ServiceCode="sagemaker", QuotaCode="L-1")["Quota"].keys()
    assert sandbox.client("sts").get_caller_identity()["Account"] == "wrong"


def test_a_rule_leaves_the_first_calls_in_peace(sandbox: FaultySandbox) -> None:
    s3 = sandbox.client("s3")
    sandbox.set_faults({"do": "denied", "operation": "ListBuckets", "skip": 2, "times": 1})
    s3.list_buckets()
    s3.list_buckets()
    assert code(s3.list_buckets) == "AccessDenied"
    s3.list_buckets()


@pytest.mark.parametrize("fault", [fault.value for fault in Fault])
def test_after_each_fault_the_next_call_gets_its_answer(sandbox: FaultySandbox, bucket: str, fault: str) -> None:
    sandbox.set_faults({"do": fault, "seconds": 0.01, "times": 1})
    s3 = sandbox.client("s3")
    with contextlib.suppress(BotoCoreError, ClientError, ValueError):
        s3.list_objects_v2(Bucket=bucket)
    assert s3.list_objects_v2(Bucket=bucket)["KeyCount"] == 0


def test_calls_are_recorded_by_service_and_operation(sandbox: FaultySandbox, bucket: str) -> None:
    sandbox.forget_calls()
    sandbox.client("s3").head_bucket(Bucket=bucket)
    sandbox.client("sagemaker").list_training_jobs()
    sandbox.client("iam").list_roles()
    sandbox.client("service-quotas").list_services()
    assert sandbox.calls() == [
        ("s3", "HeadBucket"),
        ("sagemaker", "ListTrainingJobs"),
        ("iam", "ListRoles"),
        ("service-quotas", "ListServices"),
    ]


@pytest.mark.parametrize("rules", [[{"do": "explode"}], [{"times": 1}], [{"do": "500", "operation": "("}], [7]])
def test_a_rule_that_makes_no_sense_is_refused(sandbox: FaultySandbox, rules: Any) -> None:
    with pytest.raises(urllib.error.HTTPError) as error:
        sandbox.set_faults(*rules)
    assert error.value.code == 400
