"""Endpoints, deploys and teardowns as plain values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from jsft_tui.core.jobs.training_job import iso
from jsft_tui.core.serving.cost import HOURS_PER_MONTH
from jsft_tui.core.serving.deploy.mode import (
    Asynchronous,
    backlog_policy,
    scalable_target,
    waking_alarm,
    waking_policy,
)
from jsft_tui.core.serving.deploy.plan import DeployPlan
from jsft_tui.core.serving.endpoint import Endpoint
from jsft_tui.core.serving.invoke.answers import Answer
from jsft_tui.core.serving.invoke.payloads import Invocation
from jsft_tui.core.serving.life.lifetime import EXPIRES_TAG, SCHEDULE_TAG
from jsft_tui.core.serving.teardown import Leftovers, Teardown
from jsft_tui.core.serving.traffic import DAY, Calls
from jsft_tui.core.sizing.pricing import Price

POLICY_ARN = "<PolicyARN of the second PutScalingPolicy>"
"""What nobody knows before the policy is there."""


def hourly(endpoint: Endpoint, prices: Mapping[str, Price]) -> float | None:
    """Return USD per hour of an endpoint's instances; None when the price of one of them is unknown."""
    if not endpoint.status.is_billed or endpoint.is_serverless:
        return 0.0
    found = [(prices.get(name), count) for name, count in endpoint.instances.items()]
    known = [price.usd_per_hour * count for price, count in found if price is not None]
    return sum(known) if found and len(known) == len(found) else None


def endpoint_document(
    endpoint: Endpoint, prices: Mapping[str, Price], now: float, calls: Calls | None = None
) -> dict[str, object]:
    """Return an endpoint. The cost so far takes for granted that its instances were the same all the time.

    Args:
        endpoint: as described.
        prices: of hosting, by instance type.
        now: epoch seconds.
        calls: None: not known.
    """
    per_hour = hourly(endpoint, prices)
    return {
        "name": endpoint.name,
        "arn": endpoint.arn,
        "status": endpoint.status.value,
        "failure_reason": endpoint.failure_reason or None,
        "job": endpoint.job or None,
        "model_id": endpoint.model_id or None,
        "is_ours": endpoint.is_ours,
        "config": endpoint.config,
        "models": [variant.model for variant in endpoint.variants],
        "mode": "serverless" if endpoint.is_serverless else "asynchronous" if endpoint.is_async else "real-time",
        "instances": endpoint.instances,
        "created": iso(endpoint.created),
        "expires": iso(endpoint.expires),
        "schedule": endpoint.schedule or None,
        "age_seconds": round(endpoint.age(now)),
        "usd_per_hour": _rounded(per_hour),
        "usd_per_month": _rounded(None if per_hour is None else per_hour * HOURS_PER_MONTH),
        "usd_so_far": _rounded(None if per_hour is None else per_hour * endpoint.age(now) / 3600),
        "calls_24h": None if calls is None else calls.within(DAY, now),
        "quiet_seconds": None if calls is None else round(calls.quiet(endpoint.created, now)),
        "is_idle": None if calls is None else calls.is_idle(endpoint.created, now),
    }


def deploy_document(plan: DeployPlan) -> dict[str, Any]:
    """Return the requests of a deploy by their operations, and what must be packed before.

    Those that let an asynchronous endpoint scale are sent when it is in service; the alarm calls the ARN that the
    second policy has then.
    """
    requests = plan.requests
    document: dict[str, Any] = {
        "CreateModel": requests.model,
        "CreateEndpointConfig": requests.config,
        "CreateEndpoint": requests.endpoint,
    }
    if plan.schedule is not None:
        document["CreateSchedule"] = plan.schedule
    if isinstance(mode := plan.deployment.mode, Asynchronous):
        document |= scaling_document(plan.deployment.name, mode)
    if requests.repack is not None:
        packed = requests.repack
        document["Repack"] = {"model": str(packed.model), "code": str(packed.code), "target": str(packed.target)}
    return document


def export_document(plan: DeployPlan) -> dict[str, Any]:
    """Return the requests of a deploy for code that runs some day: without a lifetime, which counts from the deploy."""
    dated = (EXPIRES_TAG, SCHEDULE_TAG)
    tags = {name: value for name, value in plan.deployment.tags.items() if name not in dated}
    return deploy_document(replace(plan, deployment=replace(plan.deployment, tags=tags)))


def scaling_document(name: str, mode: Asynchronous) -> dict[str, Any]:
    """Return the requests that let an asynchronous endpoint scale to zero, in the order in which they are sent."""
    return {
        "RegisterScalableTarget": scalable_target(name, mode),
        "PutScalingPolicy": [backlog_policy(name), waking_policy(name)],
        "PutMetricAlarm": waking_alarm(name, POLICY_ARN),
    }


def teardown_document(teardown: Teardown) -> dict[str, object]:
    """Return what a teardown deletes and keeps."""
    return {
        "deletes": [{"kind": kind, "name": name} for kind, name in teardown.names],
        "keeps": [{"kind": each.kind, "name": each.name, "used_by": list(each.users)} for each in teardown.shared],
    }


def leftovers_document(found: Leftovers) -> dict[str, object]:
    """Return what no endpoint uses."""
    return {"configs": list(found.configs), "models": list(found.models)}


def answer_document(answer: Answer) -> list[dict[str, object]]:
    """Return what an answer says, one row for each of its lines.

    Its rows have the members of those that `jsft try` prints for a job: what has no label of its own is its label.
    """
    return [
        {"label": line.label or line.text, "probability": line.probability, "text": line.text} for line in answer.lines
    ]


def call_document(name: str, invocation: Invocation, raw: str, seconds: float) -> dict[str, object]:
    """Return a call of an endpoint with its raw answer."""
    return {
        "name": name,
        "content_type": invocation.content_type,
        "accept": invocation.accept,
        "sent_bytes": len(invocation.body),
        "answer": raw,
        "seconds": round(seconds, 4),
    }


def _rounded(usd: float | None) -> float | None:
    return None if usd is None else round(usd, 4)
