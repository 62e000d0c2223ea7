"""Ask an asynchronous endpoint: the request becomes an object, and so does the answer."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

from jsft_tui.aws.account import Account
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.serving.endpoint import Endpoint
from jsft_tui.core.serving.invoke.payloads import Invocation
from jsft_tui.core.storage.uri import S3Uri

PATIENCE = 900.0
"""Seconds that an answer is waited for: as long as an invocation may take by default (developer guide, "Asynchronous
inference"). An endpoint that has scaled to zero needs minutes to start."""
REMOTE_PAUSE, LOCAL_PAUSE = 3.0, 0.3
INPUTS = "inputs"
"""The folder of requests below the one of answers; nothing deletes them."""


def ask_later(account: Account, endpoint: Endpoint, invocation: Invocation, wait: Callable[[float], None]) -> bytes:
    """Upload a request, ask about it, and wait for the answer.

    Args:
        account: the adapters.
        endpoint: asynchronous.
        invocation: the request.
        wait: waits for some seconds.

    Raises:
        Problem: the request cannot be uploaded, the container failed (`ModelError`), or no answer came in time.
    """
    answers = S3Uri.parse(endpoint.output).as_prefix()
    asked = S3Uri(answers.bucket, f"{answers.key}{INPUTS}/{uuid.uuid4()}")
    with TemporaryDirectory(prefix="jsft-try-") as folder:
        file = Path(folder) / "request"
        file.write_bytes(invocation.body)
        account.s3.upload(file, asked, lambda _: None, lambda _: None)
    answer, failure = account.serving.invoke_later(endpoint.name, invocation, str(asked))
    pause = LOCAL_PAUSE if account.target.endpoint else REMOTE_PAUSE
    for _ in range(int(PATIENCE / pause)):
        if (found := _read(account, answer)) is not None:
            return found
        if failure and (failed := _read(account, failure)) is not None:
            message = f"{endpoint.name} failed: {failed.decode('utf-8', 'replace').strip()[:300]}"
            raise Problem("ModelError", message, f"Read its log: jsft endpoint {endpoint.name} --logs")
        wait(pause)
    remedy = f"It may still come: {answer}"
    raise Problem(
        "NoAnswer", f"{endpoint.name} gave no answer within {PATIENCE / 60:g} minutes.", remedy, retryable=True
    )


def _read(account: Account, uri: str) -> bytes | None:
    """Return an object; None while it is not there."""
    try:
        return account.s3.read(S3Uri.parse(uri))
    except Problem as problem:
        if problem.code != "NotFound":
            raise
        return None
