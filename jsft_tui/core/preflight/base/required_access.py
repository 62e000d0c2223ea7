"""The permissions that a launch requires: the caller's, and those of the execution role.

Source: SageMaker developer guide, "SageMaker API permissions" (CreateTrainingJob) and "CreateTrainingJob API:
execution role permissions".
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.customization.method import Method
from jsft_tui.core.preflight.base.check import Plan
from jsft_tui.core.request.build import input_data
from jsft_tui.core.request.recipe_job import recipe_folder
from jsft_tui.core.storage.uri import S3Uri

SERVICE = "sagemaker.amazonaws.com"
NETWORK_ACTIONS = (
    "ec2:CreateNetworkInterface",
    "ec2:CreateNetworkInterfacePermission",
    "ec2:DeleteNetworkInterface",
    "ec2:DescribeSubnets",
    "ec2:DescribeSecurityGroups",
)


@dataclass(frozen=True)
class Access:
    """Actions that are needed on all of some resources (ARNs), under conditions (key -> value)."""

    actions: tuple[str, ...]
    resources: tuple[str, ...]
    context: Mapping[str, str] = field(default_factory=dict)


def caller_access(plan: Plan, account: str) -> list[Access]:
    """Return the caller's access for creating the job, or the search; JumpStart's tags require AddTags as well."""
    role = str(plan.run.role)
    create, resource = ("CreateTrainingJob", "training-job")
    if plan.run.tuning is not None:
        create, resource = ("CreateHyperParameterTuningJob", "hyper-parameter-tuning-job")
    job = f"arn:{_partition(role)}:sagemaker:{plan.place.region}:{account}:{resource}/{plan.run.name}"
    files = _objects(_places(_launch_files(plan)), _partition(role))
    wanted = [
        Access((f"sagemaker:{create}", "sagemaker:AddTags"), (job,)),
        Access(("iam:PassRole",), (role,), {"iam:PassedToService": SERVICE}),
        Access(("s3:PutObject",), files),
    ]
    return [access for access in wanted if access.resources]


def role_access(plan: Plan, keys: Sequence[str] = (), data_keys: Sequence[str] = ()) -> list[Access]:
    """Return the execution role's access for the job: data, output, network, keys (ARNs) of the run and of the data."""
    partition = _partition(str(plan.run.role))
    data, checkpoints = _places([*_data(plan), *_launch_files(plan)]), _places([plan.run.checkpoint or ""])
    # The trials of a search have names that begin with its own.
    folder = f"{plan.run.name}/output/" if plan.run.tuning is None else f"{plan.run.name}-"
    outputs = [uri.as_prefix().child(folder) for uri in _places([plan.run.output])]
    wanted = [
        Access(("s3:GetObject",), _objects([*data, *checkpoints], partition)),
        Access(("s3:ListBucket",), _buckets([*data, *checkpoints], partition)),
        Access(("s3:PutObject",), _objects([*outputs, *checkpoints], partition)),
        Access(("kms:GenerateDataKey", "kms:Decrypt"), tuple(dict.fromkeys(keys))),
        Access(("kms:Decrypt",), tuple(key for key in dict.fromkeys(data_keys) if key not in keys)),
        Access(NETWORK_ACTIONS, ("*",) if plan.run.vpc else ()),
    ]
    return [access for access in wanted if access.resources]


def _data(plan: Plan) -> list[str]:
    try:
        return list(input_data(plan.run, plan.spec, plan.place).values())
    except Problem:
        return []  # no default dataset: reported by the `data` check


def _launch_files(plan: Plan) -> list[str]:
    """Return the files that are put into S3 for the job: its recipe, on instances."""
    is_recipe_job = plan.run.method is Method.RECIPE_JOB
    return [recipe_folder(plan.run)] if is_recipe_job else []


def _places(uris: Sequence[str]) -> list[S3Uri]:
    """Return those that are S3 URIs; other checks report the others."""
    found = []
    for text in uris:
        try:
            found.append(S3Uri.parse(text))
        except Problem:
            continue
    return found


def _objects(uris: Sequence[S3Uri], partition: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"arn:{partition}:s3:::{uri.bucket}/{uri.key}*" for uri in uris))


def _buckets(uris: Sequence[S3Uri], partition: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(f"arn:{partition}:s3:::{uri.bucket}" for uri in uris))


def _partition(arn: str) -> str:
    parts = arn.split(":")
    return parts[1] if len(parts) > 1 and parts[0] == "arn" else "aws"
