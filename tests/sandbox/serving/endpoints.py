"""Models made without training, and endpoints of them in a running sandbox."""

from __future__ import annotations

import io
import itertools
import json
import tarfile
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from jsft_tui.sandbox.seed import SANDBOX_ROLE
from jsft_tui.sandbox.trainers.common.artifact import Artifact, write_artifact
from jsft_tui.sandbox.trainers.tabular import classification
from tests.sandbox.running import RunningSandbox
from tests.sandbox.sagemaker.training_bench import until

IMAGE = "763104351884.dkr.ecr.us-west-2.amazonaws.com/pytorch-inference:2.0.1-cpu-py310"
REGION = "us-west-2"

_numbers = itertools.count()


def unique(stem: str) -> str:
    """A name that no other test uses."""
    return f"{stem}-{next(_numbers)}-{time.time_ns() % 10**9}"


def signs() -> Artifact:
    """A model of two numbers: `down` if their sum is negative, else `up`."""
    arrays = {
        "kernel": np.array([[-1.0, 1.0], [-1.0, 1.0]]),
        "bias": np.zeros(2),
        "mean": np.zeros(2),
        "deviation": np.ones(2),
    }
    return Artifact(arrays, ("down", "up"), {"task": classification.TASK})


def files_of(artifact: Artifact) -> dict[str, bytes]:
    """The files of an artifact."""
    with TemporaryDirectory() as name:
        write_artifact(Path(name), artifact)
        return {path.name: path.read_bytes() for path in Path(name).iterdir()}


def archive(files: dict[str, bytes]) -> bytes:
    """A model.tar.gz."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as tar:
        for name, body in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(body)
            tar.addfile(info, io.BytesIO(body))
    return buffer.getvalue()


class Endpoints:
    """A bucket with models in a running sandbox, and endpoints of them."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self.sandbox = sandbox
        self.bucket = f"serving-{time.time_ns()}"
        location = {"LocationConstraint": sandbox.info["region"]}
        self.s3.create_bucket(Bucket=self.bucket, CreateBucketConfiguration=location)
        files = files_of(signs())
        self.uri = self.put("signs/model.tar.gz", archive(files))
        for name, body in files.items():
            self.put(f"plain/{name}", body)

    @property
    def client(self) -> Any:
        """SageMaker."""
        return self.sandbox.client("sagemaker")

    @property
    def runtime(self) -> Any:
        """The API that invokes endpoints."""
        return self.sandbox.client("sagemaker-runtime")

    @property
    def s3(self) -> Any:
        """S3."""
        return self.sandbox.client("s3")

    def put(self, key: str, body: bytes) -> str:
        """Store an object; its URI."""
        self.s3.put_object(Bucket=self.bucket, Key=key, Body=body)
        return f"s3://{self.bucket}/{key}"

    def model(self, name: str, **container: Any) -> str:
        """Create a model of the archive, or of another container."""
        data = container or {"ModelDataUrl": self.uri}
        return str(
            self.client.create_model(
                ModelName=name, ExecutionRoleArn=SANDBOX_ROLE, PrimaryContainer={"Image": IMAGE, **data}
            )["ModelArn"]
        )

    def config(self, name: str, model: str = "", variant: dict[str, Any] | None = None, **more: Any) -> str:
        """Create an endpoint configuration of one variant."""
        sized = variant or {"InstanceType": "ml.t2.medium", "InitialInstanceCount": 1}
        one = {"VariantName": "AllTraffic", "ModelName": model or name, **sized}
        answer = self.client.create_endpoint_config(EndpointConfigName=name, ProductionVariants=[one], **more)
        return str(answer["EndpointConfigArn"])

    def start(self, name: str, container: dict[str, Any] | None = None, **more: Any) -> None:
        """Create model, configuration and endpoint of one name."""
        self.model(name, **(container or {}))
        self.config(name, **more)
        self.client.create_endpoint(EndpointName=name, EndpointConfigName=name)

    def settle(self, name: str) -> dict[str, Any]:
        """Wait until the endpoint changes no more; its description."""
        until(lambda: self.describe(name)["EndpointStatus"] not in ("Creating", "Updating"))
        return self.describe(name)

    def serve(self, name: str, container: dict[str, Any] | None = None, **more: Any) -> str:
        """Create an endpoint and wait until it is in service."""
        self.start(name, container, **more)
        found = self.settle(name)
        assert found["EndpointStatus"] == "InService", found
        return name

    def describe(self, name: str) -> dict[str, Any]:
        """DescribeEndpoint."""
        answer: dict[str, Any] = self.client.describe_endpoint(EndpointName=name)
        return answer

    def ask(self, name: str, rows: str = "1,2", **more: Any) -> dict[str, Any]:
        """Ask for the classes of rows; what the model answers."""
        request = {"ContentType": "text/csv", "Accept": "application/json;verbose", "Body": rows.encode(), **more}
        answer: dict[str, Any] = json.loads(self.runtime.invoke_endpoint(EndpointName=name, **request)["Body"].read())
        return answer

    def drop(self, name: str) -> None:
        """Delete an endpoint and wait until it is gone."""
        self.client.delete_endpoint(EndpointName=name)
        until(lambda: not self.client.list_endpoints(NameContains=name)["Endpoints"])

    def log(self, name: str) -> list[str]:
        """The lines of an endpoint's log."""
        events = self.sandbox.client("logs").filter_log_events(logGroupName=f"/aws/sagemaker/Endpoints/{name}")
        return [event["message"] for event in events["events"]]
