"""The quota of transform jobs counts those that hold instances now."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import Mock

import pytest

from jsft_tui.aws.serving.transforms import Transforms
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.serving.transform.checks import TRANSFORM_QUOTA, transform_quota_name
from jsft_tui.services.serving.inputs import DeployInputs
from tests.core.serving.test_checks import TYPE, with_

JOBS = {
    "mine": ("InProgress", TYPE, 1),
    "running": ("InProgress", TYPE, 2),
    "stopping": ("Stopping", TYPE, 1),
    "other-type": ("InProgress", "ml.m5.large", 4),
    "ended-meanwhile": ("Completed", TYPE, 8),
}


class Sagemaker:
    """Lists and describes transform jobs; one of them ends between the two."""

    def get_paginator(self, operation: str) -> Any:
        assert operation == "list_transform_jobs"
        return SimpleNamespace(paginate=self._pages)

    def _pages(self, **asked: Any) -> list[dict[str, Any]]:
        wanted = asked["StatusEquals"]
        names = [name for name, (status, *_) in JOBS.items() if status == wanted]
        names += ["ended-meanwhile"] if wanted == "InProgress" else []
        return [{"TransformJobSummaries": [{"TransformJobName": name} for name in names]}]

    def describe_transform_job(self, **asked: str) -> dict[str, Any]:
        name = asked["TransformJobName"]
        status, kind, count = JOBS[name]
        return {
            "TransformJobName": name,
            "TransformJobArn": f"arn:{name}",
            "TransformJobStatus": status,
            "CreationTime": 0,
            "TransformResources": {"InstanceType": kind, "InstanceCount": count},
        }


def quota(transforms: Any) -> Any:
    """What the check of the quota is given."""
    quotas = Mock(applied=lambda: {transform_quota_name(TYPE): 4.0})
    inputs = DeployInputs(cast(Any, SimpleNamespace(transforms=transforms)), Mock(), quotas, Mock())
    return inputs.fetch(with_(name="mine"), [TRANSFORM_QUOTA])[TRANSFORM_QUOTA]


def test_jobs_that_hold_instances_of_the_type_count_but_for_the_one_itself() -> None:
    session = Mock(client=lambda _: Sagemaker())
    found = quota(Transforms(session))
    assert (found.limit, found.in_use) == (4.0, 3)


@pytest.mark.parametrize("code", ["AccessDenied", "Throttling"])
def test_what_runs_is_unknown_where_it_cannot_be_listed(code: str) -> None:
    found = quota(Mock(running=Mock(side_effect=Problem(code, "no."))))
    assert (found.limit, found.in_use) == (4.0, None)
