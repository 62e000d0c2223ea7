"""Jobs that end badly, for tests: really, with a script of the test's own, or as the service would tell of them."""

from __future__ import annotations

import contextlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import WaiterError

from jsft_tui.aws.jobs.training import TrainingJobs
from jsft_tui.core.jobs.training_job import TrainingJob
from tests.cli.runs import run_file, unique_name
from tests.common.home import BUCKET, Home
from tests.core.jobs.examples import answer
from tests.sandbox.sagemaker.training_bench import tarball

SEVERAL_GPUS = {"type": "ml.g4dn.12xlarge", "max_runtime": "30m"}


def request_of(home: Home, folder: Path, stem: str, **changes: Any) -> dict[str, Any]:
    """The CreateTrainingJob request of a small image run."""
    request: dict[str, Any] = home.json("launch", run_file(folder, unique_name(stem), **changes), "--dry-run")
    return request


def ended(home: Home, folder: Path, stem: str, script: str | None = None, **changes: Any) -> str:
    """The name of a job of our request after it ended; with a script, that is its code."""
    request = request_of(home, folder, stem, **{"instance": SEVERAL_GPUS, **changes})
    name: str = request["TrainingJobName"]
    if script is not None:
        _put_code(home, request, name, script)
    client = home.sandbox.client("sagemaker")
    client.create_training_job(**request)
    waiter = client.get_waiter("training_job_completed_or_stopped")
    with contextlib.suppress(WaiterError):  # a job that failed is an error to it
        waiter.wait(TrainingJobName=name, WaiterConfig={"Delay": 0.1, "MaxAttempts": 200})
    return name


def service_failure(
    monkeypatch: pytest.MonkeyPatch, request: Mapping[str, Any], reason: str, status: str = "Failed", phase: str = ""
) -> TrainingJob:
    """Let DescribeTrainingJob tell that a job of this request ended so; what only AWS can let happen."""
    end = {"TrainingJobStatus": status, "SecondaryStatus": phase or status, "FailureReason": reason}
    tags = {tag["Key"]: tag["Value"] for tag in request["Tags"]}
    job = TrainingJob.parse({**answer(), "Environment": {}, **request, **end}, tags)
    monkeypatch.setattr(TrainingJobs, "describe", lambda *_, **__: job)
    return job


def _put_code(home: Home, request: Mapping[str, Any], name: str, script: str) -> None:
    key = f"code/{name}/sourcedir.tar.gz"
    home.sandbox.client("s3").put_object(Bucket=BUCKET, Key=key, Body=tarball({"transfer_learning.py": script}))
    for channel in request["InputDataConfig"]:
        if channel["ChannelName"] == "code":
            channel["DataSource"]["S3DataSource"]["S3Uri"] = f"s3://{BUCKET}/{key}"
