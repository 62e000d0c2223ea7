"""A deploy as code to commit, in the forms in which `jsft export` writes requests: values are values, never text."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jsft_tui.core.common.escapes import Escape, code_escape, json_escape
from jsft_tui.core.request.export.json_request import json_request
from jsft_tui.core.request.export.python_source import (
    Group,
    Node,
    array,
    broken,
    call,
    literal,
    text_literal,
)
from jsft_tui.core.request.export.sagemaker_program import snake_case
from jsft_tui.core.serving.deploy.scaling_code import scales, scaling_constants, scaling_function, scaling_script

Requests = Mapping[str, Mapping[str, Any]]
"""Operation -> request, in the order in which they are sent."""

_CORE = {"CreateModel": "Model", "CreateEndpointConfig": "EndpointConfig", "CreateEndpoint": "Endpoint"}
"""Operations -> resources of sagemaker-core."""
_MAPS = frozenset({"Environment"})
"""Members whose keys are a person's."""

_BOTO3 = '''\
"""Deploys a trained model to a SageMaker endpoint and prints its ARN. Written by jsft.

The endpoint costs money until it is deleted.{notes}
"""

import boto3

REGION = {region}

{constants}

def main() -> None:
{calls}{scale}

if __name__ == "__main__":
    main()
'''

_SAGEMAKER = '''\
"""Deploys a trained model to a SageMaker endpoint and prints its ARN. Written by jsft, for sagemaker-core 2.27.

The endpoint costs money until it is deleted.{notes}
"""

{imports}from sagemaker.core.resources import Endpoint, EndpointConfig, Model
from sagemaker.core.shapes import Tag

REGION = {region}

{constants}

def main() -> None:
{calls}{scale}

if __name__ == "__main__":
    main()
'''

_SHELL = """\
#!/usr/bin/env bash
# Deploys a trained model to a SageMaker endpoint and prints the ARNs. Written by jsft.
# The endpoint costs money until it is deleted.{notes}
set -euo pipefail

send() {{
  aws "$@" --region {region} --output text --cli-input-json "$(cat)"
}}

{calls}"""


@dataclass(frozen=True)
class DeployExport:
    """A form in which a deploy is written; its members are those of `ExportFormat`."""

    name: str
    suffix: str
    write: Callable[[Requests, str], str]
    escape: Escape = code_escape


def deploy_exports() -> Mapping[str, DeployExport]:
    """Return the forms by name; their names are those of `jsft export --as`."""
    found = (
        DeployExport("json", ".json", lambda requests, _: json_request(requests), json_escape),
        DeployExport("boto3", ".py", boto3_deploy),
        DeployExport("sagemaker", ".py", sagemaker_deploy),
        DeployExport("awscli", ".sh", aws_cli_deploy, json_escape),
    )
    return {each.name: each for each in found}


def boto3_deploy(requests: Requests, region: str) -> str:
    """Write a program for Python 3 with boto3."""
    sent = _sent(requests)
    calls = [line for operation in sent for line in _boto3_calls(operation)]
    constants = _constants({name: literal(request) for name, request in sent.items()})
    if scales(requests):
        constants += scaling_constants(requests)
        calls.append("scale(arn)")
    return _BOTO3.format(
        region=text_literal(region),
        notes=_notes(requests),
        constants=constants,
        calls="".join(f"    {line}\n" for line in calls),
        scale=scaling_function("EndpointName") if scales(requests) else "",
    )


def sagemaker_deploy(requests: Requests, region: str) -> str:
    """Write a program for Python 3 with sagemaker-core; its resources take dictionaries for their shapes."""
    sent = _sent(requests)
    nodes = {name: _core_node(request) for name, request in sent.items()}
    calls = []
    for operation in sent:
        if operation == "CreateEndpoint":
            calls.append("endpoint = Endpoint.create(**ENDPOINT, region=REGION)")
            calls.append("print(endpoint.endpoint_arn)")
        else:
            calls.append(f"{_CORE[operation]}.create(**{_constant(operation)}, region=REGION)")
    constants = _constants(nodes)
    if scales(requests):
        constants += scaling_constants(requests)
        calls.append("scale(endpoint.endpoint_arn)")
    return _SAGEMAKER.format(
        region=text_literal(region),
        notes=_notes(requests),
        constants=constants,
        calls="".join(f"    {line}\n" for line in calls),
        imports="import boto3\n" if scales(requests) else "",
        scale=scaling_function("endpoint_name") if scales(requests) else "",
    )


def aws_cli_deploy(requests: Requests, region: str) -> str:
    """Write a bash script; each request is in a here-document that the shell expands nothing in."""
    calls = []
    for operation, request in _sent(requests).items():
        command = snake_case(operation).replace("_", "-")
        calls.append(f"send sagemaker {command} <<'JSON'\n{json_request(request)}JSON\n")
    if scales(requests):
        calls.append(scaling_script(requests, region))
    notes = _notes(requests).replace("\n", "\n# ")
    return _SHELL.format(region=shlex.quote(region), notes=notes, calls="\n".join(calls))


def _sent(requests: Requests) -> Requests:
    """Return the requests in the order in which they are sent."""
    return {name: requests[name] for name in _CORE if name in requests}


def _notes(requests: Requests) -> str:
    """Return what must be done before, where the model is packed with its code, and what takes long where it scales."""
    notes = ""
    if "Repack" in requests:
        notes += "\n\nThe archive of the model must exist first: jsft deploy packs the inference code into it."
    if scales(requests):
        notes += "\n\nIts instances run all the time until it scales to zero."
        notes += " This waits until it is in service, and lets it."
    return notes


def _boto3_calls(operation: str) -> Iterator[str]:
    sent = f'boto3.client("sagemaker", region_name=REGION).{snake_case(operation)}(**{_constant(operation)})'
    if operation == "CreateEndpoint":
        yield f'arn = {sent}["EndpointArn"]'
        yield "print(arn)"
    else:
        yield sent


def _constant(operation: str) -> str:
    return snake_case(operation.removeprefix("Create")).upper()


def _constants(nodes: Mapping[str, Node]) -> str:
    lines = [
        f"{_constant(operation)} = {broken(node) if isinstance(node, Group) else node}\n"
        for operation, node in nodes.items()
    ]
    return "\n".join(lines)


def _core_node(value: Any, member: str = "") -> Node:
    """Return the source of a request for sagemaker-core, whose names are in snake case; a person's keys stay.

    A tag without a value is left out, because the serializer would leave out its value, and the API refuse it.
    """
    if member in _MAPS:
        return literal(value)
    if isinstance(value, Mapping):
        items = ((f"{text_literal(snake_case(key))}: ", _core_node(inner, key)) for key, inner in value.items())
        return Group("{", tuple(items), "}")
    if member == "Tags":
        tags = [each for each in value if each["Value"]]
        return array([call("Tag", {"key": literal(each["Key"]), "value": literal(each["Value"])}) for each in tags])
    return array([_core_node(each) for each in value]) if isinstance(value, list) else literal(value)
