"""An answer that is not AWS's is told from one that is, whatever the call."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.aws.account import Account
from jsft_tui.aws.client.http.foreign import FOREIGN, foreign_page
from jsft_tui.aws.client.http.members import ALWAYS
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.storage.uri import S3Uri
from tests.common.servers.stub_server import answering

PAGE = b"<!DOCTYPE html><html><head><title>Hotel &amp; WiFi</title></head><body>Please log in</body></html>"
OBJECT = S3Uri("team-data", "a.csv")

CALLS: dict[str, Callable[[Account], Any]] = {
    "identity": lambda a: a.iam.identity(),
    "role": lambda a: a.iam.role("arn:aws:iam::123456789012:role/x"),
    "roles": lambda a: a.iam.roles_of("sagemaker.amazonaws.com"),
    "permissions": lambda a: a.iam.denied_actions("arn:aws:iam::123456789012:user/x", ["s3:GetObject"]),
    "buckets": lambda a: a.s3.buckets(),
    "list": lambda a: a.s3.page(S3Uri("team-data", "")),
    "head": lambda a: a.s3.head(OBJECT),
    "read": lambda a: a.s3.read(OBJECT),
    "bucket": lambda a: a.s3.bucket("team-data"),
    "jobs": lambda a: a.training.page(),
    "job": lambda a: a.training.describe("x"),
    "stop": lambda a: a.training.stop("x"),
    "streams": lambda a: a.logs.streams("x"),
    "log": lambda a: a.logs.read("x/algo-1-1"),
    "metrics": lambda a: a.metrics.points("x", ["loss"], 0.0, 1.0),
    "quotas": lambda a: a.quotas.applied(),
    "prices": lambda a: a.price_list.training_prices("us-west-2"),
    "vpcs": lambda a: a.ec2.vpcs(),
    "zones": lambda a: a.ec2.zones_with(["ml.g5.xlarge"]),
    "key": lambda a: a.kms.key("alias/x"),
    "keys": lambda a: a.kms.keys(),
}
BODIES = {
    "page": PAGE,
    "comment": b"\xef\xbb\xbf<!-- proxy -->\n<HTML><title>Hotel &amp; WiFi</title>",
    "empty": b"",
    "object": b"{}",
    "list": b"[]",
    "null": b"null",
    "number": b"7",
    "text": b"OK",
    "deep": b"[" * 100_000,
    "xml": b"<?xml version='1.0'?><other><a>1</a></other>",
    "cut": b'{"TrainingJobSummaries": [{"Tra',
    "bytes": bytes(range(256)),
}


def asked(call: str, account: Account) -> Problem:
    with pytest.raises(Problem) as error:
        CALLS[call](account)
    return error.value


@pytest.mark.parametrize("body", BODIES)
def test_no_call_takes_a_foreign_document_for_an_answer(body: str) -> None:
    with answering(200, BODIES[body], {"Content-Type": "text/html"}) as account:
        found = {call: asked(call, account).code for call in CALLS}
    assert found == dict.fromkeys(CALLS, FOREIGN)


@pytest.mark.parametrize("status", [200, 302, 403, 404, 407])
def test_a_page_is_named_by_its_title(status: int) -> None:
    headers = {"Content-Type": "text/html", "Location": "http://portal.invalid/x"} if status == 302 else {}
    with answering(status, PAGE, headers) as account:
        for call in sorted(CALLS.keys() - {"head", "bucket"}):  # a HEAD request has no body
            problem = asked(call, account)
            assert problem.code == FOREIGN, call
            assert f'(HTTP {status}, "Hotel & WiFi"' in problem.message, call
            assert problem.remedy


def test_a_gateway_is_asked_again_before_its_page_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    pauses: list[float] = []
    monkeypatch.setattr("botocore.endpoint.time.sleep", pauses.append)
    with answering(503, PAGE) as account:
        problem = asked("role", account)
    assert problem.code == FOREIGN
    assert "HTTP 503" in problem.message
    assert len(pauses) == 1


def test_nothing_is_uploaded_to_a_portal(tmp_path: Path) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    small.write_bytes(b"1")
    large.write_bytes(bytes(9_000_000))
    for body in (PAGE, b"", b"{}"):
        with answering(200, body) as account:
            for path in (small, large):
                with pytest.raises(Problem) as error:
                    account.s3.upload(path, OBJECT, lambda _: None, lambda _: None)
                assert error.value.code == FOREIGN


def test_a_page_in_a_bucket_is_data() -> None:
    headers = {"ETag": '"1"', "x-amz-request-id": "1", "Content-Type": "text/html"}
    with answering(200, PAGE, headers) as account:
        assert account.s3.read(OBJECT) == PAGE


def test_an_error_that_holds_a_page_is_awss_if_it_says_so() -> None:
    error = b"<Error><Code>AccessDenied</Code><Message>&lt;html&gt;</Message></Error>"
    with answering(403, error, {"x-amz-request-id": "1"}) as account:
        assert asked("buckets", account).code == "AccessDenied"


def test_a_title_is_one_clean_line() -> None:
    page = foreign_page(200, {}, b"<html><title>\x1b]0;x\x07 Log\n\nin \xff" + b"y" * 500 + b"</title>")
    assert page is not None
    assert page.title.isprintable()
    assert len(page.title) <= 80


@given(st.integers(100, 599), st.dictionaries(st.text(), st.text()), st.one_of(st.none(), st.binary()))
def test_nothing_that_arrives_is_too_odd_to_look_at(status: int, headers: dict[str, str], body: bytes | None) -> None:
    page = foreign_page(status, headers, body)
    assert page is None or str(page)


def test_every_operation_that_has_members_exists() -> None:
    import botocore.session

    session = botocore.session.Session()
    for (service, operation), members in ALWAYS.items():
        shape = session.get_service_model(service).operation_model(operation).output_shape
        assert set(members) <= set(shape.members), operation
