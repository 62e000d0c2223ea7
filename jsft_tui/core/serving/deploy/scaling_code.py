"""The scaling of an asynchronous deploy as code: what jsft sends once the endpoint is in service, in the same order."""

from __future__ import annotations

import shlex
from collections.abc import Mapping, Sequence
from typing import Any

from jsft_tui.core.request.export.json_request import json_request
from jsft_tui.core.request.export.python_source import Group, Node, broken, literal, text_literal
from jsft_tui.core.serving.deploy.mode import SCALE_TAG

TARGET, POLICIES, ALARM = "RegisterScalableTarget", "PutScalingPolicy", "PutMetricAlarm"
"""Members of a deploy's document: requests of Application Auto Scaling and CloudWatch."""
_ACTIONS = "AlarmActions"

_PYTHON = '''\


def scale(endpoint_arn: str) -> None:
    """Let the endpoint scale to zero and back; that is possible only when it is in service, minutes later."""
    sagemaker = boto3.client("sagemaker", region_name=REGION)
    sagemaker.get_waiter("endpoint_in_service").wait(EndpointName=ENDPOINT[{name}])
    scaling = boto3.client("application-autoscaling", region_name=REGION)
    scaling.register_scalable_target(**SCALABLE_TARGET)
    scaling.put_scaling_policy(**BACKLOG_POLICY)
    policy = scaling.put_scaling_policy(**WAKING_POLICY)["PolicyARN"]
    boto3.client("cloudwatch", region_name=REGION).put_metric_alarm(**WAKING_ALARM, AlarmActions=[policy])
    sagemaker.delete_tags(ResourceArn=endpoint_arn, TagKeys=[{tag}])
'''

_SHELL = """
# It can scale to zero and back only when it is in service, minutes later.
aws sagemaker wait endpoint-in-service --region {region} --endpoint-name {name}

send application-autoscaling register-scalable-target <<'JSON'
{target}JSON

send application-autoscaling put-scaling-policy <<'JSON'
{backlog}JSON

policy="$(send application-autoscaling put-scaling-policy --query PolicyARN <<'JSON'
{waking}JSON
)"

send cloudwatch put-metric-alarm --alarm-actions "$policy" <<'JSON'
{alarm}JSON

arn="$(aws sagemaker describe-endpoint --region {region} --endpoint-name {name} --query EndpointArn --output text)"
aws sagemaker delete-tags --region {region} --resource-arn "$arn" --tag-keys {tag}
"""


def scales(requests: Mapping[str, Any]) -> bool:
    """Return whether the endpoint of a deploy's document is to scale."""
    return TARGET in requests


def scaling_constants(requests: Mapping[str, Any]) -> str:
    """Return the constants of a Python program for the requests; the alarm's action is known when it runs."""
    target, backlog, waking, alarm = _parts(requests)
    named = {"SCALABLE_TARGET": target, "BACKLOG_POLICY": backlog, "WAKING_POLICY": waking, "WAKING_ALARM": alarm}
    return "".join(f"\n{name} = {_source(literal(request))}\n" for name, request in named.items())


def scaling_function(endpoint_name_key: str) -> str:
    """Return the function `scale` of a Python program whose constant ENDPOINT has the name under a key."""
    return _PYTHON.format(name=text_literal(endpoint_name_key), tag=text_literal(SCALE_TAG))


def scaling_script(requests: Mapping[str, Any], region: str) -> str:
    """Return the part of a bash script; its function `send` sends a document."""
    target, backlog, waking, alarm = map(json_request, _parts(requests))
    name = shlex.quote(requests["CreateEndpoint"]["EndpointName"])
    return _SHELL.format(
        region=shlex.quote(region),
        name=name,
        target=target,
        backlog=backlog,
        waking=waking,
        alarm=alarm,
        tag=shlex.quote(SCALE_TAG),
    )


def _parts(requests: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
    backlog, waking = requests[POLICIES]
    alarm = {member: value for member, value in requests[ALARM].items() if member != _ACTIONS}
    return requests[TARGET], backlog, waking, alarm


def _source(node: Node) -> Any:
    return broken(node) if isinstance(node, Group) else node
