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


@pytest.mark.parametrize("form", ["boto3", "sagemaker", "awscli"])
def test_a_program_that_does_not_scale_what_it_makes_says_so(form: str) -> None:
    scaling = {**REQUESTS, "RegisterScalableTarget": {"MinCapacity": 0}}

    assert "until it scales to zero" in deploy_exports()[form].write(scaling, REGION)
    assert "until it scales to zero" not in deploy_exports()[form].write(REQUESTS, REGION)


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
