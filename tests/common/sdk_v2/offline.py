"""Run the SDK without a network: run by a Python that has it, and imports nothing of jsft."""

from __future__ import annotations

import hashlib
import io
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock


def session(client: mock.MagicMock) -> Any:
    """A session of the SDK that sends to a client which only notes the calls."""
    import boto3
    from sagemaker.session import Session

    boto = boto3.Session(region_name="us-west-2", aws_access_key_id="a", aws_secret_access_key="b")
    return Session(boto, sagemaker_client=client, default_bucket="my-sm-bucket")


def write_answers(ask: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Write what `ask` returns for each value of a list on stdin, as a list on stdout.

    The program's argument is the folder with the catalog, laid out like JumpStart's content bucket; no other call is
    answered.
    """
    with mock.patch("botocore.client.BaseClient._make_api_call", _answer):
        json.dump([ask(case) for case in json.load(sys.stdin)], sys.stdout)


def _answer(_client: Any, operation: str, parameters: dict[str, Any]) -> dict[str, Any]:
    from botocore.exceptions import ClientError

    if operation in ("ListBuckets", "HeadBucket"):
        return {"Buckets": [{"Name": "my-sm-bucket", "CreationDate": "2026-11-23"}]}
    file = Path(sys.argv[1], str(parameters.get("Key")))
    if operation not in ("GetObject", "HeadObject") or not file.is_file():
        if operation == "GetObject" and file.name.endswith("manifest.json"):
            return {"Body": io.BytesIO(b"[]"), "ETag": "none"}
        raise ClientError({"Error": {"Code": "404", "Message": f"offline: {parameters}"}}, operation)
    content = file.read_bytes()
    return {"Body": io.BytesIO(content), "ETag": hashlib.md5(content).hexdigest()}
