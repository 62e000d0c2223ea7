"""The AWS CLI, a client that we did not write, against the sandbox's S3."""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sandbox.running import RunningSandbox

pytestmark = [
    pytest.mark.skipif(importlib.util.find_spec("awscli") is None, reason="awscli is not installed"),
    pytest.mark.sandbox,
]


def aws(sandbox: RunningSandbox, *arguments: str, fails: bool = False) -> str:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    done = subprocess.run(
        [sys.executable, "-m", "awscli", *arguments],
        capture_output=True,
        text=True,
        timeout=60,
        env={**kept, **sandbox.environment},
        check=False,
    )
    assert (done.returncode != 0) == fails, done.stderr
    return done.stdout + done.stderr


def test_the_s3_commands_work(sandbox: RunningSandbox, tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "sub").mkdir(parents=True)
    (source / "a b+ü.txt").write_text("small")
    (source / "sub" / "big").write_bytes(os.urandom(9 << 20))
    aws(sandbox, "s3", "mb", "s3://cli-bucket")
    aws(sandbox, "s3", "sync", str(source), "s3://cli-bucket/data/")
    listed = aws(sandbox, "s3", "ls", "--recursive", "s3://cli-bucket/")
    assert [line.split(maxsplit=3)[2:] for line in listed.splitlines()] == [
        ["5", "data/a b+ü.txt"],
        [str(9 << 20), "data/sub/big"],
    ]
    assert "PRE sub/" in aws(sandbox, "s3", "ls", "s3://cli-bucket/data/")
    aws(sandbox, "s3", "cp", "s3://cli-bucket/data/sub/big", "s3://cli-bucket/copy")
    aws(sandbox, "s3", "cp", "s3://cli-bucket/copy", str(tmp_path / "back"))
    assert (tmp_path / "back").read_bytes() == (source / "sub" / "big").read_bytes()
    aws(sandbox, "s3", "sync", "s3://cli-bucket/data/", str(tmp_path / "down"))
    assert (tmp_path / "down" / "a b+ü.txt").read_text() == "small"
    assert aws(sandbox, "s3", "sync", "s3://cli-bucket/data/", str(tmp_path / "down")) == ""
    aws(sandbox, "s3", "rm", "--recursive", "s3://cli-bucket/")
    aws(sandbox, "s3", "rb", "s3://cli-bucket")
    assert "NoSuchBucket" in aws(sandbox, "s3", "ls", "s3://cli-bucket/", fails=True)


def test_a_stream_is_uploaded_and_the_caller_named(sandbox: RunningSandbox, bucket: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    subprocess.run(
        [sys.executable, "-m", "awscli", "s3", "cp", "-", f"s3://{bucket}/stream"],
        input=b"from a pipe",
        env={**kept, **sandbox.environment},
        check=True,
        timeout=60,
    )
    assert aws(sandbox, "s3", "cp", f"s3://{bucket}/stream", "-") == "from a pipe"
    assert "arn:aws:iam::123456789012:user/sandbox" in aws(sandbox, "sts", "get-caller-identity")
