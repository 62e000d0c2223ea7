"""Asynchronous and serverless endpoints: what is created for them, and that nothing of it stays."""

from __future__ import annotations

import json
from typing import Any

import pytest

from jsft_tui.core.serving.deploy.mode import resource_id
from tests.cli.serving.conftest import Jsft
from tests.common.servers.sagemaker_server import BUCKET, JOB, client

OUTPUT = f"s3://{BUCKET}/answers/"


def scaling(url: str) -> Any:
    return client(url, "application-autoscaling").describe_scalable_targets(ServiceNamespace="sagemaker")[
        "ScalableTargets"
    ]


def test_an_asynchronous_endpoint_scales_to_zero_and_leaves_nothing(url: str, jsft: Jsft) -> None:
    code, deployed = jsft("deploy", JOB, "--async", OUTPUT, "--max-instances", "2", "--follow", "--yes")

    assert (code, deployed["scales"]) == (0, True)
    sagemaker = client(url, "sagemaker")
    config = sagemaker.describe_endpoint_config(EndpointConfigName=JOB)["AsyncInferenceConfig"]
    assert config["OutputConfig"] == {"S3OutputPath": OUTPUT, "S3FailurePath": f"{OUTPUT}failures/"}
    (target,) = scaling(url)
    assert (target["ResourceId"], target["MinCapacity"], target["MaxCapacity"]) == (resource_id(JOB), 0, 2)
    policies = client(url, "application-autoscaling").describe_scaling_policies(ServiceNamespace="sagemaker")
    assert {each["PolicyType"] for each in policies["ScalingPolicies"]} == {"TargetTrackingScaling", "StepScaling"}
    alarms = client(url, "cloudwatch").describe_alarms(AlarmNamePrefix=f"jsft-{JOB}")["MetricAlarms"]
    (step,) = (each for each in policies["ScalingPolicies"] if each["PolicyType"] == "StepScaling")
    assert [each["AlarmActions"] for each in alarms] == [[step["PolicyARN"]]]
    assert jsft("endpoint", JOB)[1]["mode"] == "asynchronous"

    assert jsft("deploy", JOB, "--async", OUTPUT, "--max-instances", "2", "--yes")[1]["created"] == []
    torn = jsft("teardown", JOB, "--yes")[1]

    assert torn["deletes"][:2] == [{"kind": "endpoint", "name": JOB}, {"kind": "scaling", "name": JOB}]
    assert scaling(url) == []
    assert client(url, "cloudwatch").describe_alarms(AlarmNamePrefix=f"jsft-{JOB}")["MetricAlarms"] == []
    assert sagemaker.list_endpoints()["Endpoints"] == []


def test_a_dry_run_says_what_scales_it(jsft: Jsft) -> None:
    requests = jsft("deploy", JOB, "--async", OUTPUT, "--max-instances", "2", "--dry-run")[1]["requests"]

    assert requests["RegisterScalableTarget"]["MaxCapacity"] == 2
    assert [each["PolicyType"] for each in requests["PutScalingPolicy"]] == ["TargetTrackingScaling", "StepScaling"]
    assert requests["PutMetricAlarm"]["AlarmName"] == f"jsft-{JOB}-wake"


def test_an_asynchronous_endpoint_is_asked_by_objects(url: str, jsft: Jsft, tmp_path: Any) -> None:
    jsft("deploy", JOB, "--async", OUTPUT, "--yes")
    picture = tmp_path / "cat.png"
    picture.write_text("a cat")

    code, call = jsft("try", JOB, str(picture), "--raw")

    assert (code, call["name"]) == (0, JOB)
    assert call["answer"]
    s3 = client(url, "s3")
    (asked,) = s3.list_objects_v2(Bucket=BUCKET, Prefix="answers/inputs/")["Contents"]
    assert s3.get_object(Bucket=BUCKET, Key=asked["Key"])["Body"].read() == b"a cat"


def test_a_serverless_endpoint_has_no_instances_and_no_cost_of_its_own(url: str, jsft: Jsft) -> None:
    code, deployed = jsft("deploy", JOB, "--serverless", "2048", "--max-concurrency", "7", "--yes")

    assert (code, deployed["scales"]) == (0, None)
    (variant,) = client(url, "sagemaker").describe_endpoint_config(EndpointConfigName=JOB)["ProductionVariants"]
    assert variant["ServerlessConfig"] == {"MemorySizeInMB": 2048, "MaxConcurrency": 7}
    assert "InstanceType" not in variant
    shown = jsft("endpoint", JOB)[1]
    assert (shown["mode"], shown["usd_per_hour"], shown["instances"]) == ("serverless", 0.0, {})
    assert jsft("deploy", JOB, "--serverless", "2048", "--max-concurrency", "7", "--yes")[1]["created"] == []


def test_another_mode_of_the_same_name_is_another_endpoint(jsft: Jsft) -> None:
    jsft("deploy", JOB, "--yes")

    for options in (("--async", OUTPUT), ("--serverless", "2048")):
        code, document = jsft("deploy", JOB, *options, "--yes")
        assert (code, document["error"]["code"]) == (3, "Preflight"), options


@pytest.mark.parametrize(
    ("options", "level"),
    [
        (("--serverless", "2000"), "block"),
        (("--serverless", "2048", "--max-concurrency", "201"), "block"),
        (("--serverless", "2048"), "pass"),
        (("--async", OUTPUT), "pass"),
    ],
    ids=["memory", "concurrency", "serverless", "asynchronous"],
)
def test_what_a_mode_allows_is_checked(jsft: Jsft, options: tuple[str, ...], level: str) -> None:
    document = jsft("deploy", JOB, *options, "--dry-run")[1]

    assert [each["level"] for each in document["findings"] if each["check"] == "mode"] == [level]
    assert json.dumps(document["requests"]["CreateModel"]).count("Isolation") == 0


def test_one_endpoint_has_one_mode(jsft: Jsft) -> None:
    assert jsft("deploy", JOB, "--async", OUTPUT, "--serverless", "1024")[1]["error"]["code"] == "BadUsage"
    assert jsft("deploy", JOB, "--async", "answers/")[1]["error"]["code"] == "MalformedS3Uri"
