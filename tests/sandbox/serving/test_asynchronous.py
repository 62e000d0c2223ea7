"""Asynchronous endpoints of the sandbox: answers become objects, and nothing runs while nobody asks."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from jsft_tui.sandbox.cloudwatch.logs import LogsService
from jsft_tui.sandbox.cloudwatch.metrics import MetricsService
from jsft_tui.sandbox.http.listener import Request
from jsft_tui.sandbox.http.service import Call
from jsft_tui.sandbox.s3.storage.store import ObjectStore
from jsft_tui.sandbox.serving.hosting.engine import ServingTimes
from jsft_tui.sandbox.serving.serving import Backing, Serving
from tests.sandbox.sagemaker.training_bench import until
from tests.sandbox.serving.endpoints import IMAGE, REGION, Endpoints, archive, files_of, signs, unique

pytestmark = pytest.mark.sandbox


def async_config(bucket: str) -> dict[str, Any]:
    paths = {"S3OutputPath": f"s3://{bucket}/answers", "S3FailurePath": f"s3://{bucket}/failures"}
    return {"OutputConfig": paths}


def served(endpoints: Endpoints) -> str:
    return endpoints.serve(unique("async"), AsyncInferenceConfig=async_config(endpoints.bucket))


def invoke(endpoints: Endpoints, name: str, **request: Any) -> dict[str, Any]:
    kinds = {"ContentType": "text/csv", "Accept": "application/json;verbose"}
    answer: dict[str, Any] = endpoints.runtime.invoke_endpoint_async(EndpointName=name, **kinds, **request)
    return answer


def stored(endpoints: Endpoints, uri: str) -> bytes | None:
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    try:
        body: bytes = endpoints.s3.get_object(Bucket=bucket, Key=key)["Body"].read()
    except ClientError:
        return None
    return body


def test_answers_and_errors_become_objects(endpoints: Endpoints) -> None:
    name = served(endpoints)
    location = endpoints.put(f"{name}/rows.csv", b"1,1\n-1,-1\n")

    answer = invoke(endpoints, name, InputLocation=location)

    assert answer["ResponseMetadata"]["HTTPStatusCode"] == 202
    assert answer["OutputLocation"] == f"s3://{endpoints.bucket}/answers/{answer['InferenceId']}.out"
    body = until(lambda: stored(endpoints, answer["OutputLocation"]))
    assert json.loads(body)["predicted_label"] == ["up", "down"]

    inline = invoke(
        endpoints, name, Body=b"1,1", InferenceId="mine", Filename="mine.json", S3OutputPathExtension="of/me"
    )
    assert inline["InferenceId"] == "mine"
    assert inline["OutputLocation"] == f"s3://{endpoints.bucket}/answers/of/me/mine.json"
    assert until(lambda: stored(endpoints, inline["OutputLocation"]))

    for request, message in (
        ({"Body": b"red"}, "Received client error (400) from model"),
        ({"InputLocation": f"s3://{endpoints.bucket}/nothing"}, "Unable to download the input"),
    ):
        failed = invoke(endpoints, name, **request)
        assert message in until(partial(stored, endpoints, failed["FailureLocation"])).decode()
        assert stored(endpoints, failed["OutputLocation"]) is None
    endpoints.drop(name)


def test_what_does_not_fit_is_refused(endpoints: Endpoints) -> None:
    name, other = served(endpoints), endpoints.serve(unique("sync"))
    assert endpoints.describe(name)["AsyncInferenceConfig"] == async_config(endpoints.bucket)
    calls: tuple[Callable[[], object], ...] = (
        partial(endpoints.ask, name),
        partial(invoke, endpoints, other, Body=b"1,1"),
        partial(invoke, endpoints, name),
        partial(invoke, endpoints, name, Body=b"1,1", InputLocation="s3://a/b"),
        partial(invoke, endpoints, name, Body=b"1,1", RequestTTLSeconds=21_601),
        partial(invoke, endpoints, "nothing", Body=b"1,1"),
    )
    for call in calls:
        with pytest.raises(ClientError) as raised:
            call()
        assert raised.value.response["Error"]["Code"] == "ValidationError"
    with pytest.raises(ClientError) as raised:
        invoke(endpoints, name, Body=b"1" * 128_001)
    assert raised.value.response["ResponseMetadata"]["HTTPStatusCode"] == 413
    endpoints.drop(name)
    endpoints.drop(other)


def test_requests_that_wait_and_the_scalable_target_survive_a_kill(own: Endpoints) -> None:
    name = served(own)
    scaling = own.sandbox.client("application-autoscaling")
    target = {
        "ServiceNamespace": "sagemaker",
        "ResourceId": f"endpoint/{name}/variant/AllTraffic",
        "ScalableDimension": "sagemaker:variant:DesiredInstanceCount",
    }
    scaling.register_scalable_target(**target, MinCapacity=0, MaxCapacity=1)
    rows = own.put("many.csv", b"1,1\n" * 20_000)
    answers = [invoke(own, name, InputLocation=rows) for _ in range(2)]
    own.sandbox.kill()
    own.sandbox.start()
    for answer in answers:
        body = until(partial(stored, own, answer["OutputLocation"]))
        assert len(json.loads(body)["predicted_label"]) == 20_000
    scaling = own.sandbox.client("application-autoscaling")
    found = scaling.describe_scalable_targets(ServiceNamespace="sagemaker")["ScalableTargets"]
    assert [(each["ResourceId"], each["MinCapacity"]) for each in found] == [(target["ResourceId"], 0)]


class Played:
    """Serving without HTTP, whose times are short."""

    def __init__(self, folder: Path, capacity: dict[str, int]) -> None:
        self.store = ObjectStore(folder / "s3")
        self.store.create_bucket("models", REGION)
        self.store.write("models", "model.tar.gz", archive(files_of(signs())))
        logs, metrics = LogsService(folder / "logs.sqlite"), MetricsService(folder / "metrics.sqlite")
        backing = Backing(self.store, logs, metrics, lambda _: True, lambda _, name: capacity.get(name))
        self.serving = Serving(folder, backing, ServingTimes(create=0.0, delete=0.0, idle=0.05))
        self.serving.start()

    def call(self, operation: str, **parameters: Any) -> dict[str, Any]:
        """Call the API."""
        call = Call(operation, parameters, REGION)
        return next(part for part in self.serving.services if part.handles(call)).answer(call)

    def is_in_service(self, name: str) -> bool:
        """Whether an endpoint is in service."""
        return self.count(name) is not None

    def count(self, name: str) -> int | None:
        """The endpoint's running instances; None while it is not in service."""
        found = self.call("DescribeEndpoint", EndpointName=name)
        return found["ProductionVariants"][0]["CurrentInstanceCount"] if "ProductionVariants" in found else None


def test_an_idle_endpoint_scales_to_zero_and_the_next_request_wakes_it(tmp_path: Path) -> None:
    played = Played(tmp_path, {"endpoint/sleepy/variant/AllTraffic": 0, "endpoint/awake/variant/AllTraffic": 1})
    try:
        container = {"Image": IMAGE, "ModelDataUrl": "s3://models/model.tar.gz"}
        played.call("CreateModel", ModelName="m", PrimaryContainer=container)
        variant = {"VariantName": "AllTraffic", "ModelName": "m", "InstanceType": "ml.m5.large"}
        config = {"AsyncInferenceConfig": async_config("models"), "ProductionVariants": [variant]}
        played.call("CreateEndpointConfig", EndpointConfigName="c", **config)
        for name in ("awake", "sleepy"):
            played.call("CreateEndpoint", EndpointName=name, EndpointConfigName="c")
            until(partial(played.is_in_service, name))
        until(lambda: played.count("sleepy") == 0)
        assert played.count("awake") == 1

        headers = {"x-amzn-sagemaker-content-type": "text/csv", "x-amzn-sagemaker-inference-id": "one"}
        request = Request("POST", "/endpoints/sleepy/async-invocations", headers)
        reply = played.serving.invoke("InvokeEndpointAsync", request, REGION, b"1,1")
        assert reply is not None
        assert reply.status == 202
        until(lambda: played.store.find("models", "answers/one.out"))
        until(lambda: played.count("sleepy") == 0)  # and asleep again
    finally:
        played.serving.shutdown()
