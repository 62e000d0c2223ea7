"""A deploy as code: what it sends when it is run, and that values stay values."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from jsft_tui.core.serving.deploy.export import boto3_deploy, deploy_exports
from jsft_tui.core.serving.deploy.mode import SCALE_TAG, Asynchronous, waking_alarm
from jsft_tui.core.serving.documents import scaling_document
from jsft_tui.core.storage.uri import S3Uri
from tests.common.hostile import HOSTILE
from tests.common.servers.sagemaker_server import KEYS, REGION, client, sagemaker_server

ROLE = "arn:aws:iam::123456789012:role/Train"
EVIL = "a\"'\\`$(touch x)\nJSON\n{{}}%s" + "".join(each for each in HOSTILE if each.isprintable())
REQUESTS: dict[str, Any] = {
    "CreateModel": {
        "ModelName": "mine",
        "ExecutionRoleArn": ROLE,
        "PrimaryContainer": {
            "Image": "123456789012.dkr.ecr.us-west-2.amazonaws.com/image:1",
            "Environment": {"SageMakerTimeOut": EVIL},
            "ModelDataUrl": "s3://b/model.tar.gz",
        },
        "EnableNetworkIsolation": True,
        "VpcConfig": {"SecurityGroupIds": ["sg-12345678"], "Subnets": ["subnet-12345678"]},
        "Tags": [{"Key": "k", "Value": "v"}],
    },
    "CreateEndpointConfig": {
        "EndpointConfigName": "mine",
        "ProductionVariants": [
            {
                "VariantName": "AllTraffic",
                "ModelName": "mine",
                "InitialVariantWeight": 1,
                "InitialInstanceCount": 1,
                "InstanceType": "ml.m5.large",
            }
        ],
    },
    "CreateEndpoint": {"EndpointName": "mine", "EndpointConfigName": "mine", "Tags": [{"Key": "k", "Value": EVIL}]},
}
ORDER = ["create_model", "create_endpoint_config", "create_endpoint"]


def test_the_program_sends_the_requests_in_their_order() -> None:
    sent: list[tuple[str, Any]] = []

    class Client:
        def __getattr__(self, name: str) -> Any:
            def call(**request: Any) -> dict[str, str]:
                sent.append((name, request))
                return {"EndpointArn": "arn"}

            return call

    with mock.patch("boto3.client", lambda *_, **__: Client()):
        exec(compile(boto3_deploy(REQUESTS, REGION), "program", "exec"), {"__name__": "__main__"})

    assert [name for name, _ in sent] == ORDER
    assert sent[0][1] == REQUESTS["CreateModel"]
    assert sent[2][1] == REQUESTS["CreateEndpoint"]


@pytest.mark.parametrize("form", deploy_exports())
def test_a_value_is_never_part_of_the_program(form: str) -> None:
    text = deploy_exports()[form].write(REQUESTS, REGION)

    assert text.isprintable() or set(text) - {"\n"} == {each for each in text if each.isprintable()}
    if form in ("boto3", "sagemaker"):
        found = [node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)]
        assert EVIL in found
    elif form == "json":
        assert json.loads(text) == REQUESTS
    else:
        assert text.count("\nJSON\n") == len(ORDER), "a line of a value ends no document"


def test_a_model_that_is_packed_first_says_so() -> None:
    repacked = {**REQUESTS, "Repack": {"model": "a"}}

    assert "must exist first" in boto3_deploy(repacked, REGION)
    assert "must exist first" not in boto3_deploy(REQUESTS, REGION)


QUEUE = {**REQUESTS, **scaling_document("mine", Asynchronous(S3Uri("b", "out/"), 2))}


class Clients:
    """Stands for boto3: what is sent to which service, in its order."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, str, Any]] = []

    def client(self, service: str, **_: str) -> Any:
        return _Client(self, service)


class _Client:
    def __init__(self, clients: Clients, service: str) -> None:
        self._clients, self._service = clients, service

    def __getattr__(self, name: str) -> Any:
        def call(*words: str, **request: Any) -> Any:
            if name == "get_waiter":
                return mock.Mock(wait=lambda **waited: self._clients.sent.append((self._service, words[0], waited)))
            self._clients.sent.append((self._service, name, request))
            return {"EndpointArn": "arn:endpoint", "PolicyARN": f"arn:{request.get('PolicyName')}"}

        return call


def test_a_program_scales_what_it_makes_as_jsft_does() -> None:
    clients = Clients()
    with mock.patch("boto3.client", clients.client):
        exec(compile(boto3_deploy(QUEUE, REGION), "program", "exec"), {"__name__": "__main__"})

    waited, target, backlog, waking, alarm, tags = clients.sent[3:]
    assert waited == ("sagemaker", "endpoint_in_service", {"EndpointName": "mine"})
    assert target == ("application-autoscaling", "register_scalable_target", QUEUE["RegisterScalableTarget"])
    assert [each[2] for each in (backlog, waking)] == QUEUE["PutScalingPolicy"]
    assert alarm == ("cloudwatch", "put_metric_alarm", waking_alarm("mine", "arn:jsft-mine-wake"))
    assert tags == ("sagemaker", "delete_tags", {"ResourceArn": "arn:endpoint", "TagKeys": [SCALE_TAG]})


@pytest.mark.parametrize("form", ["boto3", "sagemaker", "awscli"])
def test_code_that_scales_waits_for_the_endpoint_first_and_other_code_does_not(form: str) -> None:
    text, plain = (deploy_exports()[form].write(requests, REGION) for requests in (QUEUE, REQUESTS))

    order = ["endpoint-in-service", "register-scalable-target", "put-scaling-policy", "put-metric-alarm", "delete-tags"]
    words = order if form == "awscli" else [word.replace("-", "_") for word in order]
    assert [text.index(word) for word in words] == sorted(text.index(word) for word in words)
    assert "until it scales to zero" in text
    assert not any(word in plain for word in words)
    if form != "awscli":
        ast.parse(text)


def test_the_script_sends_what_jsft_sends(tmp_path: Path) -> None:
    """With an `aws` that writes down what it is given."""
    aws = tmp_path / "aws"
    aws.write_text(
        f"#!{sys.executable}\n"
        "import json, os, sys\n"
        "with open(os.environ['SENT'], 'a') as file:\n"
        "    print(json.dumps(sys.argv[1:]), file=file)\n"
        "print('arn:policy' if 'PolicyARN' in sys.argv else 'arn:endpoint')\n"
    )
    aws.chmod(0o755)
    script = tmp_path / "deploy.sh"
    script.write_text(deploy_exports()["awscli"].write(QUEUE, REGION), encoding="utf-8")
    sent = tmp_path / "sent"
    environment = {**os.environ, "SENT": str(sent), "PATH": f"{tmp_path}:{os.environ['PATH']}"}

    subprocess.run(["bash", str(script)], env=environment, check=True, capture_output=True)

    calls = [json.loads(line) for line in sent.read_text().splitlines()]
    bodies = {call[1]: json.loads(call[-1]) for call in calls if "--cli-input-json" in call}
    assert [call[1] for call in calls[3:]] == [
        "wait",
        "register-scalable-target",
        "put-scaling-policy",
        "put-scaling-policy",
        "put-metric-alarm",
        "describe-endpoint",
        "delete-tags",
    ]
    assert bodies["register-scalable-target"] == QUEUE["RegisterScalableTarget"]
    alarm = next(call for call in calls if call[1] == "put-metric-alarm")
    actions = alarm[alarm.index("--alarm-actions") + 1]
    assert {**bodies["put-metric-alarm"], "AlarmActions": [actions]} == waking_alarm("mine", "arn:policy")


WITHOUT_READING = """
import runpy, sys, types
from sagemaker.core import resources
for each in (resources.Model, resources.EndpointConfig, resources.Endpoint):
    each.get = classmethod(lambda *_, **__: types.SimpleNamespace(endpoint_arn="arn"))
runpy.run_path(sys.argv[1], run_name="__main__")
"""
"""The SDK describes what it has created; the server of this test answers that with empty structures."""


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    with sagemaker_server() as found:
        yield found


@pytest.mark.slow
@pytest.mark.parametrize("form", ["boto3", "sagemaker", "awscli"])
def test_the_program_deploys(url: str, form: str, tmp_path: Path) -> None:
    name = f"by-{form}"
    text = json.dumps(REQUESTS).replace('"mine"', f'"{name}"')
    program = deploy_exports()[form].write(json.loads(text), REGION)
    file = tmp_path / f"deploy{deploy_exports()[form].suffix}"
    file.write_text(program, encoding="utf-8")
    tools = Path(sys.executable).parent
    command = {"awscli": ["bash"], "boto3": [sys.executable], "sagemaker": [sys.executable, "-c", WITHOUT_READING]}[
        form
    ]
    keys = {key.upper(): value for key, value in KEYS.items()}
    environment = {**os.environ, **keys, "AWS_ENDPOINT_URL": url, "AWS_REGION": REGION, "AWS_DEFAULT_REGION": REGION}
    environment["PATH"] = f"{tools}:{environment['PATH']}"

    done = subprocess.run([*command, str(file)], env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr[-2000:]
    sagemaker = client(url, "sagemaker")
    assert sagemaker.describe_endpoint(EndpointName=name)["EndpointConfigName"] == name
    described = sagemaker.describe_model(ModelName=name)
    assert described["PrimaryContainer"]["Environment"] == {"SageMakerTimeOut": EVIL}
