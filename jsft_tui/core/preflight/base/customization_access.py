"""The execution role's access for a customization: hub, model registry, MLflow, reward function.

Source: sagemaker-core 2.27, `helper/iam_policies.py`, "training".
"""

from __future__ import annotations

from collections.abc import Sequence

from jsft_tui.core.preflight.base.check import Plan
from jsft_tui.core.preflight.base.required_access import Access
from jsft_tui.core.request.customization import base_model_arn, group_arn

_MLFLOW = ("sagemaker-mlflow:CreateRun", "sagemaker-mlflow:LogMetric", "sagemaker-mlflow:LogBatch")
"""A few of the rights on the app; policies that grant one grant all."""


def customization_access(plan: Plan, functions: Sequence[str] = ()) -> list[Access]:
    """Return what the role needs beside data and output.

    Args:
        plan: the customization.
        functions: ARNs of the Lambda functions that score answers.
    """
    wanted = plan.run.customization
    if wanted is None:
        return []
    mlflow = Access(_MLFLOW, (wanted.mlflow_app,) if wanted.mlflow_app.startswith("arn:") else ())
    if not plan.run.instance.is_serverless:
        return [mlflow] if mlflow.resources else []
    group = group_arn(wanted, plan.run.role, plan.place.region)
    packages = group.replace(":model-package-group/", ":model-package/") + "/1" if group else ""
    needed = [
        Access(("sagemaker:DescribeHubContent",), (base_model_arn(plan.spec, plan.place.region),)),
        Access(("sagemaker:DescribeModelPackageGroup",), (group,) if group else ()),
        Access(("sagemaker:CreateModelPackage", "sagemaker:DescribeModelPackage"), (packages,) if packages else ()),
        Access(("lambda:InvokeFunction",), tuple(functions)),
        mlflow,
    ]
    return [access for access in needed if access.resources]
