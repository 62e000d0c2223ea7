"""The AWS CLI, a client that we did not write, runs and reads training jobs."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from typing import Any

import pytest

from tests.sandbox.cloudwatch.writing import put_values
from tests.sandbox.running import RunningSandbox
from tests.sandbox.sagemaker.test_training_jobs import Training
from tests.sandbox.sagemaker.training_bench import until

pytestmark = pytest.mark.sandbox


@pytest.fixture(scope="module")
def training(sandbox: RunningSandbox) -> Training:
    return Training(sandbox)


def aws(sandbox: RunningSandbox, *arguments: str) -> Any:
    """What the CLI prints, parsed."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("AWS_")}
    done = subprocess.run(
        [sys.executable, "-m", "awscli", *arguments, "--output", "json"],
        capture_output=True,
        text=True,
        check=False,
        env={**plain, **sandbox.environment},
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout) if done.stdout.strip() else None


def test_the_cli_creates_describes_stops_lists_and_reads_the_log(training: Training) -> None:
    sandbox, name = training.sandbox, f"cli-{time.time_ns()}"
    request = training.request(name, "import time\nprint('from the cli', flush=True)\ntime.sleep(60)")
    created = aws(sandbox, "sagemaker", "create-training-job", "--cli-input-json", json.dumps(request))
    assert created["TrainingJobArn"].endswith(name)
    until(lambda: training.describe(name)["SecondaryStatus"] == "Training")
    aws(sandbox, "sagemaker", "stop-training-job", "--training-job-name", name)
    training.finish(name)
    described = aws(sandbox, "sagemaker", "describe-training-job", "--training-job-name", name)
    assert described["TrainingJobStatus"] == "Stopped"
    listed = aws(sandbox, "sagemaker", "list-training-jobs", "--name-contains", name)
    assert [summary["TrainingJobName"] for summary in listed["TrainingJobSummaries"]] == [name]
    group = "/aws/sagemaker/TrainingJobs"
    streams = aws(sandbox, "logs", "describe-log-streams", "--log-group-name", group, "--log-stream-name-prefix", name)
    stream = streams["logStreams"][0]["logStreamName"]
    events = aws(sandbox, "logs", "get-log-events", "--log-group-name", group, "--log-stream-name", stream)
    assert [event["message"] for event in events["events"]] == ["from the cli"]


def test_the_cli_reads_metrics(sandbox: RunningSandbox) -> None:
    name, now = f"m{time.time_ns()}", time.time()
    put_values(sandbox, "cli", {}, [(name, now, 2.5)])
    metric = ("--namespace", "cli", "--metric-name", name, "--period", "60", "--statistics", "Average")
    span = ("--start-time", str(int(now) - 300), "--end-time", str(int(now) + 300))
    found = aws(sandbox, "cloudwatch", "get-metric-statistics", *metric, *span)
    assert [point["Average"] for point in found["Datapoints"]] == [2.5]
