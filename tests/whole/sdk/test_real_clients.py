"""Clients that we did not write, against jobs that jsft launched."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.runs import run_file, unique_name
from tests.common.home import Home

pytestmark = pytest.mark.sandbox


def aws(home: Home, *words: str) -> str:
    """What the AWS CLI prints, with the environment that `jsft sandbox env` gives."""
    lines = home.jsft("sandbox", "env", target=None).out
    variables = dict(line.removeprefix("export ").split("=", 1) for line in lines.splitlines())
    done = subprocess.run(
        [sys.executable, "-m", "awscli", *words],
        capture_output=True,
        text=True,
        check=False,
        env={
            "PATH": os.environ["PATH"],
            "HOME": str(home.root),
            **home.environment(),
            **{name: value.strip("'") for name, value in variables.items()},
        },
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_aws_cli_sees_what_jsft_did(home: Home, folder: Path) -> None:
    name = unique_name("foreign")
    home.json("launch", run_file(folder, name), "--yes", "--follow")

    described = aws(home, "sagemaker", "describe-training-job", "--training-job-name", name, "--output", "json")
    listed = aws(home, "sagemaker", "list-training-jobs", "--name-contains", name, "--output", "text")
    artifact = aws(home, "s3", "ls", f"s3://jsft-sandbox-us-west-2/{name}/output/")

    assert '"TrainingJobStatus": "Completed"' in described
    assert name in listed
    assert "model.tar.gz" in artifact


def test_boto3s_own_waiter_and_paginators_work(home: Home, folder: Path) -> None:
    name = unique_name("waited")
    home.json("launch", run_file(folder, name), "--yes")
    sagemaker, logs = home.sandbox.client("sagemaker"), home.sandbox.client("logs")

    sagemaker.get_waiter("training_job_completed_or_stopped").wait(
        TrainingJobName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60}
    )

    pages = sagemaker.get_paginator("list_training_jobs").paginate(PaginationConfig={"PageSize": 2})
    assert name in [row["TrainingJobName"] for page in pages for row in page["TrainingJobSummaries"]]
    streams = logs.get_paginator("describe_log_streams").paginate(
        logGroupName="/aws/sagemaker/TrainingJobs", logStreamNamePrefix=f"{name}/"
    )
    assert [stream for page in streams for stream in page["logStreams"]]
