"""Serve ListMlflowApps: the sandbox has none, and runs no MLflow server.

A job may still name one, as on AWS; its metrics are in its log and in CloudWatch, and the IDs of its run lead nowhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from jsft_tui.sandbox.http.sagemaker_api import SageMakerService


class MlflowService(SageMakerService):
    """The list of MLflow apps."""

    def __init__(self) -> None:
        super().__init__({"ListMlflowApps": lambda _: {"Summaries": []}})


def mlflow_details(request: Mapping[str, Any], job_arn: str) -> dict[str, str] | None:
    """Return a job's MlflowDetails, in the form of MLflow's IDs; None for a job without an MLflow app."""
    config = request.get("MlflowConfig")
    if not config:
        return None
    experiment = config.get("MlflowExperimentName") or request["TrainingJobName"]
    return {
        "MlflowExperimentId": str(int(hashlib.sha256(str(experiment).encode()).hexdigest()[:12], 16)),
        "MlflowRunId": hashlib.sha256(job_arn.encode()).hexdigest()[:32],
    }
