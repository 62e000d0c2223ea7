"""The MLflow app that records a customization: a valid ARN of the region; none is created."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jsft_tui.core.customization.method import BY_RECIPE
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, nothing_to_tell, passed, warn
from jsft_tui.core.preflight.base.inputs import Inputs
from jsft_tui.core.preflight.base.subject import Subject

APP = re.compile(r"arn:aws[a-z-]*:sagemaker:([a-z0-9-]*):\d{12}:mlflow-[a-zA-Z-]*/.+")
"""MlFlowResourceArn (botocore, sagemaker)."""


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block ARNs that the service would refuse."""
    wanted = plan.run.customization
    if wanted is None:
        return
    if not wanted.mlflow_app:
        if wanted.mlflow_experiment or wanted.mlflow_run:
            yield warn("mlflow_experiment and mlflow_run have no effect without mlflow_app.", "Set mlflow_app: ARN.")
        yield nothing_to_tell("metrics are not recorded with MLflow.")
        return
    found = APP.fullmatch(wanted.mlflow_app)
    if found is None:
        message = f"{wanted.mlflow_app} is not the ARN of an MLflow app."
        yield block(message, "Use arn:aws:sagemaker:REGION:ACCOUNT:mlflow-app/ID.")
    elif found[1] != plan.place.region:
        yield block(f"the MLflow app is in {found[1]}, the job would be in {plan.place.region}.", "Choose another.")
    else:
        yield passed(f"metrics go to {wanted.mlflow_app.rpartition('/')[2]}.")


CHECK = Check("mlflow", Subject.OUTPUT, 167, evaluate, methods=BY_RECIPE)
