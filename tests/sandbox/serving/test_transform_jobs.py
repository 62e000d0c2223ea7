"""Batch transform jobs of the sandbox through boto3, unmodified."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from tests.sandbox.running import RunningSandbox
from tests.sandbox.sagemaker.training_bench import until
from tests.sandbox.serving.endpoints import Endpoints, unique

pytestmark = pytest.mark.sandbox


class Transforms:
    """Transform jobs in a running sandbox."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self.serving = Endpoints(sandbox)
        self.serving.model(self.serving.bucket)

    def start(self, name: str, uri: str, **more: Any) -> None:
        """Create a job that predicts the rows of objects."""
        data = {"DataSource": {"S3DataSource": {"S3DataType": "S3Prefix", "S3Uri": uri}}, "ContentType": "text/csv"}
        output = {"S3OutputPath": f"s3://{self.serving.bucket}/out/{name}", "Accept": "application/json;verbose"}
        request = {
            "TransformJobName": name,
            "ModelName": self.serving.bucket,
            "TransformInput": {**data, **more.pop("input", {"SplitType": "Line"})},
            "TransformOutput": {**output, **more.pop("output", {"AssembleWith": "Line"})},
            "TransformResources": {"InstanceType": "ml.m5.large", "InstanceCount": 1},
            **more,
        }
        self.serving.client.create_transform_job(**request)

    def describe(self, name: str) -> dict[str, Any]:
        """DescribeTransformJob."""
        answer: dict[str, Any] = self.serving.client.describe_transform_job(TransformJobName=name)
        return answer

    def finish(self, name: str) -> dict[str, Any]:
        """Wait with boto3's own waiter."""
        waiter = self.serving.client.get_waiter("transform_job_completed_or_stopped")
        try:
            waiter.wait(TransformJobName=name, WaiterConfig={"Delay": 0.1, "MaxAttempts": 600})
        except Exception:  # noqa: BLE001 - the waiter's error of a failed job
            assert self.describe(name)["TransformJobStatus"] == "Failed"
        return self.describe(name)

    def outputs(self, name: str) -> dict[str, bytes]:
        """What the job has written, by names relative to its output path."""
        prefix = f"out/{name}/"
        rows = self.serving.s3.list_objects_v2(Bucket=self.serving.bucket, Prefix=prefix).get("Contents", [])
        return {
            row["Key"].removeprefix(prefix): self.serving.s3.get_object(Bucket=self.serving.bucket, Key=row["Key"])[
                "Body"
            ].read()
            for row in rows
        }

    def log(self, name: str) -> str:
        """The job's log, its data log with it."""
        logs = self.serving.sandbox.client("logs")
        events = logs.filter_log_events(logGroupName="/aws/sagemaker/TransformJobs", logStreamNamePrefix=f"{name}/")
        return "\n".join(event["message"] for event in events["events"])


@pytest.fixture(scope="module")
def transforms(sandbox: RunningSandbox) -> Transforms:
    return Transforms(sandbox)


@pytest.fixture
def own(state_dir: Path) -> Iterator[Transforms]:
    running = RunningSandbox(state_dir)
    yield Transforms(running)
    running.kill()


def test_every_object_and_every_line_is_predicted(transforms: Transforms) -> None:
    name = unique("lines")
    transforms.serving.put(f"{name}/a.csv", b"1,1\n-1,-1\n")
    uri = transforms.serving.put(f"{name}/deeper/b.csv", b"2,2").removesuffix("deeper/b.csv")
    transforms.start(name, uri, BatchStrategy="SingleRecord", Tags=[{"Key": "who", "Value": "me"}])

    found = transforms.finish(name)

    assert found["TransformJobStatus"] == "Completed", found
    assert found["TransformStartTime"] <= found["TransformEndTime"]
    assert found["MaxPayloadInMB"] == 6
    outputs = transforms.outputs(name)
    assert sorted(outputs) == ["a.csv.out", "deeper/b.csv.out"]
    lines = [json.loads(line)["predicted_label"] for line in outputs["a.csv.out"].splitlines()]
    assert lines == [["up"], ["down"]]
    tags = transforms.serving.client.list_tags(ResourceArn=found["TransformJobArn"])["Tags"]
    assert tags == [{"Key": "who", "Value": "me"}]
    assert f"{uri}a.csv -> " in transforms.log(name)
    listed = transforms.serving.client.list_transform_jobs(NameContains=name)["TransformJobSummaries"]
    assert [row["TransformJobStatus"] for row in listed] == ["Completed"]


def test_one_object_as_a_whole_and_many_lines_in_one_request(transforms: Transforms) -> None:
    uri = transforms.serving.put("whole/rows.csv", b"1,1\n-1,-1\n")
    transforms.start(whole := unique("whole"), uri, input={}, output={})
    transforms.start(many := unique("many"), uri)
    for name in (whole, many):
        assert transforms.finish(name)["TransformJobStatus"] == "Completed"
        assert json.loads(transforms.outputs(name)["rows.csv.out"])["predicted_label"] == ["up", "down"]


def test_an_object_that_fails_fails_the_job_and_the_others_are_written(transforms: Transforms) -> None:
    name = unique("half")
    transforms.serving.put(f"{name}/bad.csv", b"header,row\n1,1\n")
    uri = transforms.serving.put(f"{name}/good.csv", b"1,1\n").removesuffix("good.csv")
    transforms.start(name, uri)

    found = transforms.finish(name)

    assert found["TransformJobStatus"] == "Failed"
    assert found["FailureReason"] == "ClientError: See job logs for more information"
    assert list(transforms.outputs(name)) == ["good.csv.out"]
    assert f"{name}/bad.csv: ClientError: 400" in transforms.log(name)
    assert "rows of numbers" in transforms.log(name)


def test_without_input_or_with_a_broken_model_the_job_fails(transforms: Transforms) -> None:
    transforms.start(nothing := unique("nothing"), f"s3://{transforms.serving.bucket}/nothing/")
    found = transforms.finish(nothing)
    assert "No S3 objects found under S3 URL" in found["FailureReason"]
    broken = unique("broken")
    transforms.serving.model(broken, ModelDataUrl=transforms.serving.put(f"{broken}.tar.gz", b"no archive"))
    transforms.start(broken, transforms.serving.put("one.csv", b"1,1"), ModelName=broken)
    found = transforms.finish(broken)
    assert found["FailureReason"] == "AlgorithmError: See job logs for more information"
    assert "cannot be read as a tar.gz archive" in transforms.log(broken)


def test_what_cannot_be_run_is_refused(transforms: Transforms) -> None:
    uri = transforms.serving.put("refused.csv", b"1,1")
    name = unique("refused")
    transforms.start(name, uri)
    plain = unique("plain")
    source = {
        "S3Uri": f"s3://{transforms.serving.bucket}/plain/",
        "S3DataType": "S3Prefix",
        "CompressionType": "None",
    }
    transforms.serving.model(plain, ModelDataSource={"S3DataSource": source})
    for changes, code, message in (
        ({"TransformJobName": name}, "ResourceInUse", "already exists"),
        ({"ModelName": "nothing"}, "ValidationException", "Could not find model"),
        ({"ModelName": plain}, "ValidationException", "batch transform does not support"),
        ({"input": {"SplitType": "RecordIO"}}, "ValidationException", "does not support SplitType"),
        ({"DataProcessing": {"JoinSource": "Input"}}, "ValidationException", "DataProcessing"),
        ({"BatchStrategy": "SingleRecord", "input": {}}, "ValidationException", "needs a SplitType"),
        (
            {"TransformResources": {"InstanceType": "ml.p3.2xlarge", "InstanceCount": 1}},
            "ResourceLimitExceeded",
            "ml.p3.2xlarge for transform job usage",
        ),
    ):
        with pytest.raises(ClientError, match=message) as raised:
            transforms.start(unique("new"), uri, **changes)
        assert raised.value.response["Error"]["Code"] == code
    with pytest.raises(ClientError, match="Could not find requested job"):
        transforms.describe("nothing")
    transforms.finish(name)
    with pytest.raises(ClientError, match="is in status Completed"):
        transforms.serving.client.stop_transform_job(TransformJobName=name)


def test_a_job_stops_when_asked_and_goes_on_after_a_kill(own: Transforms) -> None:
    rows = b"1,1\n" * 1_000_000
    uri = own.serving.put("long.csv", rows)
    single = {"BatchStrategy": "SingleRecord"}
    own.start(stopped := unique("stopped"), uri, **single)
    until(lambda: "TransformStartTime" in own.describe(stopped))
    own.serving.client.stop_transform_job(TransformJobName=stopped)
    assert own.finish(stopped)["TransformJobStatus"] == "Stopped"
    assert own.outputs(stopped) == {}

    own.start(kept := unique("kept"), own.serving.put("short.csv", b"1,1\n" * 100), **single)
    own.serving.sandbox.kill()
    own.serving.sandbox.start()
    assert own.finish(kept)["TransformJobStatus"] == "Completed"
    assert own.outputs(kept)["short.csv.out"].count(b"\n") == 100
