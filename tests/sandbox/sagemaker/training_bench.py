"""Test the job runner without HTTP: stores in a folder, short script-mode jobs, waiting with a timeout."""

from __future__ import annotations

import io
import json
import tarfile
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jsft_tui.sandbox.cloudwatch.logs import LogsService
from jsft_tui.sandbox.cloudwatch.metrics import MetricsService
from jsft_tui.sandbox.customization.catalog import ModelCatalog
from jsft_tui.sandbox.customization.model_packages import ModelPackageStore
from jsft_tui.sandbox.customization.request_check import Registry
from jsft_tui.sandbox.http.service import ApiError, Call
from jsft_tui.sandbox.s3.storage.store import ObjectStore
from jsft_tui.sandbox.sagemaker.api import TrainingService
from jsft_tui.sandbox.sagemaker.execution import Backends, Timing
from jsft_tui.sandbox.sagemaker.job_output import LOG_GROUP
from jsft_tui.sandbox.sagemaker.job_store import Job, JobStore
from jsft_tui.sandbox.sagemaker.runner import Runner
from jsft_tui.sandbox.seed import SANDBOX_ROLE
from tests.common.effort import PATIENCE

REGION = "us-west-2"
BUCKET = "bench"
QUICK = Timing(grace=2.0, checkpoints=0.1, host_metrics=0.2)


def tarball(files: Mapping[str, str]) -> bytes:
    """Create a gzipped tar archive of text files."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text.encode())
            tar.addfile(info, io.BytesIO(text.encode()))
    return buffer.getvalue()


def members(archive: bytes) -> dict[str, bytes]:
    """Return the files of a gzipped tar archive."""
    found = {}
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        for info in tar.getmembers():
            if content := tar.extractfile(info):
                found[info.name] = content.read()
    return found


def training_request(name: str, **changes: Any) -> dict[str, Any]:
    """Create a JumpStart-like CreateTrainingJob request whose code is at `s3://bench/<name>/code/sourcedir.tar.gz`."""
    channels = [("code", f"s3://{BUCKET}/{name}/code/sourcedir.tar.gz"), ("training", f"s3://{BUCKET}/data/")]
    request: dict[str, Any] = {
        "TrainingJobName": name,
        "RoleArn": SANDBOX_ROLE,
        "AlgorithmSpecification": {
            "TrainingImage": "763104351884.dkr.ecr.us-west-2.amazonaws.com/training:1",
            "TrainingInputMode": "File",
        },
        "HyperParameters": {
            "sagemaker_program": '"transfer_learning.py"',
            "sagemaker_submit_directory": '"/opt/ml/input/data/code/sourcedir.tar.gz"',
        },
        "InputDataConfig": [
            {
                "ChannelName": channel,
                "DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}},
            }
            for channel, uri in channels
        ],
        "OutputDataConfig": {"S3OutputPath": f"s3://{BUCKET}/out"},
        "ResourceConfig": {"InstanceType": "ml.m5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
    }
    return {**request, **changes}


def until(condition: Callable[[], Any], seconds: float = PATIENCE) -> Any:
    """Wait until the condition is true, and return its value."""
    deadline = time.monotonic() + seconds
    while not (answer := condition()):
        assert time.monotonic() < deadline, f"nothing happened within {seconds} s"
        time.sleep(0.01)
    return answer


@dataclass
class Bench:
    """The services of a sandbox in one folder."""

    root: Path
    slots: int = 2
    timing: Timing = QUICK

    def __post_init__(self) -> None:
        self.store = ObjectStore(self.root / "s3")
        self.store.create_bucket(BUCKET, REGION)
        self.store.write(BUCKET, "data/rows.csv", b"1,2\n")
        self.jobs = JobStore(self.root / "jobs")
        self.logs = LogsService(self.root / "logs.sqlite")
        self.metrics = MetricsService(self.root / "metrics.sqlite")
        registry = Registry(ModelCatalog(self.store), ModelPackageStore(self.root / "model_packages.sqlite"))
        folder = self.root / "base-models"
        backends = Backends(self.jobs, self.store, self.logs, self.metrics, registry, folder)
        self.runner = Runner(backends, self.root / "work", slots=self.slots, timing=self.timing)
        self.service = TrainingService(self.jobs, self.runner, self.store, registry, lambda role: role == SANDBOX_ROLE)
        self.runner.start()

    def ask(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """Call the training API."""
        return self.service.answer(Call(operation, parameters, REGION))

    def put_code(self, name: str, script: str) -> None:
        """Store a job's code archive."""
        self.store.write(BUCKET, f"{name}/code/sourcedir.tar.gz", tarball({"transfer_learning.py": script}))

    def submit(self, name: str, script: str, **changes: Any) -> None:
        """Store the code and create the job."""
        self.put_code(name, script)
        self.ask("CreateTrainingJob", **training_request(name, **changes))

    def run(self, name: str, script: str, **changes: Any) -> Job:
        """Create a job and wait for its end."""
        self.submit(name, script, **changes)
        return self.finished(name)

    def job(self, name: str) -> Job:
        """Return the job's record."""
        return self.jobs.get(REGION, name)

    def finished(self, name: str) -> Job:
        """Wait until the job has ended, and return its record."""
        until(lambda: self.job(name).status.is_final)
        return self.job(name)

    def read(self, key: str) -> bytes:
        """Return the content of an object in the bench's bucket."""
        with self.store.read(BUCKET, key) as source:
            return source.read()

    def keys(self, prefix: str) -> list[str]:
        """Return the keys under a prefix of the bench's bucket."""
        return [found.key for found in self.store.keys(BUCKET, prefix)]

    def model(self, name: str) -> dict[str, bytes]:
        """Return the members of a job's model archive."""
        return members(self.read(f"out/{name}/output/model.tar.gz"))

    def lines(self, name: str) -> list[str]:
        """Return the lines that the job has logged so far."""
        wanted = {"logGroupName": LOG_GROUP, "logStreamNamePrefix": f"{name}/"}
        try:
            answer = self.logs.answer(Call("FilterLogEvents", wanted, REGION))
        except ApiError as error:
            assert error.code == "ResourceNotFoundException"  # the first job creates the log group
            return []
        return [event["message"] for event in answer["events"]]

    def close(self) -> None:
        """Shut down like a sandbox."""
        self.runner.shutdown()
        self.jobs.close()
        self.logs.close()
        self.metrics.close()
        self.store.close()


def printed_json(bench: Bench, name: str) -> Any:
    """Return the JSON document in the first line that a job printed."""
    return json.loads(bench.lines(name)[0])
