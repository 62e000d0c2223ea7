"""The front when one of its own services fails."""

from __future__ import annotations

import io
import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from jsft_tui.sandbox.account.iam import Identity
from jsft_tui.sandbox.account.moto import MotoFallback
from jsft_tui.sandbox.http.listener import Request
from jsft_tui.sandbox.http.service import Call
from jsft_tui.sandbox.s3.storage.store import ObjectStore
from jsft_tui.sandbox.schedules.api import SchedulesService
from jsft_tui.sandbox.server import Front, Services
from jsft_tui.sandbox.serving.serving import Serving
from jsft_tui.sandbox.state.folder import StateFolder


class Broken:
    """A service with a mistake in it."""

    def handles(self, call: Call) -> bool:
        return True

    def answer(self, call: Call) -> dict[str, Any]:
        raise ZeroDivisionError("a mistake")


@pytest.fixture
def front(tmp_path: Path) -> Iterator[Front]:
    state = StateFolder(tmp_path)
    store = ObjectStore(state.content / "s3")
    moto = MotoFallback(state.content / "moto.journal", "arn:aws:iam::123456789012:role/R")
    services = Services({"sagemaker": Broken()}, cast(Serving, None), cast(SchedulesService, None))
    front = Front(state, store, services, moto, Identity(moto.trust_policy))
    front.port = 80
    yield front
    store.close()
    state.release()


def signed(tmp_path: Path, body: bytes) -> Request:
    pair = json.loads((tmp_path / "credentials.json").read_text())
    headers = {"Host": "127.0.0.1:80", "X-Amz-Target": "SageMaker.ListTrainingJobs"}
    request = AWSRequest("POST", "http://127.0.0.1:80/", data=body, headers=headers)
    credentials = Credentials(pair["access_key_id"], pair["secret_access_key"])
    SigV4Auth(credentials, "sagemaker", "us-west-2").add_auth(request)
    return Request("POST", "/", {name.lower(): value for name, value in request.headers.items()}, io.BytesIO(body))


def test_a_mistake_in_a_service_is_an_internal_failure_and_its_traceback_is_logged(
    front: Front, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    reply = front.answer(signed(tmp_path, b"{}"))
    assert isinstance(reply.body, bytes)
    assert (reply.status, json.loads(reply.body)["__type"]) == (500, "InternalFailure")
    assert "ZeroDivisionError: a mistake" in caplog.text


@pytest.mark.parametrize(
    "problem", [OSError(28, "No space left on device"), sqlite3.OperationalError("database or disk is full")]
)
def test_a_full_disk_is_called_by_its_name(
    front: Front, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, problem: Exception
) -> None:
    def answer(_self: Broken, _call: Call) -> dict[str, Any]:
        raise problem

    monkeypatch.setattr(Broken, "answer", answer)
    reply = front.answer(signed(tmp_path, b"{}"))
    assert isinstance(reply.body, bytes)
    assert (reply.status, json.loads(reply.body)["message"]) == (
        500,
        f"The sandbox's disk is full: free space on the disk of {tmp_path}.",
    )


@pytest.mark.parametrize("body", [b"not json", b"[]", b"\xff"])
def test_a_body_that_is_no_object_is_refused(front: Front, tmp_path: Path, body: bytes) -> None:
    reply = front.answer(signed(tmp_path, body))
    assert isinstance(reply.body, bytes)
    assert (reply.status, json.loads(reply.body)["__type"]) == (400, "SerializationException")


@pytest.mark.parametrize("target", ["/bucket/%ff", "/bucket/k?prefix=%ff"])
def test_a_path_that_is_not_utf8_is_refused(front: Front, tmp_path: Path, target: str) -> None:
    request = signed(tmp_path, b"{}")
    headers = {name: value for name, value in request.headers.items() if name != "x-amz-target"}
    reply = front.answer(Request("GET", target, headers))
    assert 400 <= reply.status < 500
