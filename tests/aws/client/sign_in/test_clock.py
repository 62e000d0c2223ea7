"""A refusal because of the clock names the clock and by how much it is wrong, and never asks to sign in again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.aws.account import Account
from jsft_tui.aws.client.http.clock import clock_problem
from jsft_tui.core.account.target import Target
from jsft_tui.core.common.errors import SIGNED_OUT, Problem
from tests.common.servers.stub_aws import KEYS, Reply, Request, StubAws, aws_home, refusal

NOW = datetime(2026, 11, 29, 6, 48, 13, tzinfo=UTC)
EXPIRED = "Signature expired: {} is now earlier than {} ({} - 5 min.)"
EARLY = "Signature not yet current: {} is still later than {} ({} + 5 min.)"


def said(form: str, server: datetime) -> str:
    return form.format(*(time.strftime("%Y%m%dT%H%M%SZ") for time in (NOW, server - timedelta(minutes=5), server)))


def response(code: str, message: str = "", date: datetime | None = None, **more: str) -> dict[str, Any]:
    headers = {"date": format_datetime(date, usegmt=True)} if date else {}
    error = {"Code": code, "Message": message, **more}
    return {"Error": error, "ResponseMetadata": {"HTTPStatusCode": 403, "HTTPHeaders": headers}}


@pytest.mark.parametrize(
    ("refused", "says"),
    [
        (response("SignatureDoesNotMatch", said(EXPIRED, NOW + timedelta(hours=8))), "8 h behind"),
        (response("InvalidSignatureException", said(EXPIRED, NOW + timedelta(minutes=7))), "7 min behind"),
        (response("InvalidSignatureException", said(EARLY, NOW - timedelta(days=30))), "30 days ahead of"),
        (response("RequestTimeTooSkewed", "x", ServerTime="2026-11-29T07:18:13Z"), "30 min behind"),
        (response("RequestTimeTooSkewed", "x", NOW - timedelta(hours=2)), "120 min ahead of"),
        (response("RequestExpired", "Request has expired.", NOW + timedelta(hours=8)), "8 h behind"),
        (response("RequestTimeTooSkewed", "x"), "differs too much"),
        (response("RequestTimeTooSkewed", "x", NOW), "or it slept"),
        (response("403", "Forbidden", NOW + timedelta(hours=8)), "8 h behind"),
    ],
    ids=["query", "json", "early", "s3", "header", "ec2", "unknown", "slept", "head"],
)
def test_the_clock_is_named(refused: dict[str, Any], says: str) -> None:
    problem = clock_problem(refused, "list", NOW)
    assert problem is not None
    assert problem.code == "ClockSkew"
    assert says in problem.message
    assert "clock" in problem.remedy


@pytest.mark.parametrize(
    "refused",
    [
        response("403", "Forbidden", NOW),
        response("403", "Forbidden"),
        response("AccessDenied", "no", NOW + timedelta(hours=8)),
        response("SignatureDoesNotMatch", "The request signature we calculated does not match", NOW),
        response("ExpiredToken", "The security token included in the request is expired", NOW),
        response("403", "", NOW) | {"ResponseMetadata": {"HTTPHeaders": {"date": "yesterday"}}},
    ],
    ids=["head", "no date", "denied", "keys", "token", "odd date"],
)
def test_other_refusals_are_none_of_the_clock(refused: dict[str, Any]) -> None:
    assert clock_problem(refused, "list", NOW) is None


@pytest.mark.parametrize("service", ["s3", "sts", "sagemaker"])
def test_every_kind_of_service_is_understood(tmp_path: Path, service: str) -> None:
    server = datetime.now(UTC) + timedelta(hours=8)
    date = format_datetime(server, usegmt=True)
    codes = {"s3": "RequestTimeTooSkewed", "sts": "SignatureDoesNotMatch"}

    def answer(request: Request) -> Reply:
        return refusal(service, codes.get(service, "InvalidSignatureException"), said(EXPIRED, server), Date=date)

    with StubAws(answer) as stub, aws_home(tmp_path, "", f"[keys]\n{KEYS}", AWS_ENDPOINT_URL=stub.url):
        account = Account(Target("us-west-2", profile="keys"))
        call = {"s3": account.s3.buckets, "sts": account.iam.identity, "sagemaker": account.training.page}[service]
        with pytest.raises(Problem, match="this machine's clock is 8 h behind AWS's") as caught:
            call()
    assert caught.value.code not in SIGNED_OUT
