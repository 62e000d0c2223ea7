"""The caller's permissions for a deploy: create, tag and delete what it makes, and pass the roles."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.account.permissions import Permissions, Verdict, actions_on
from jsft_tui.core.preflight.base.check import CheckResult, block, passed, unknown
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.required_access import SERVICE, Access
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.serving.deploy.mode import Asynchronous, alarm_name
from jsft_tui.core.serving.deploy.plan import DeployCheck, DeployPlan
from jsft_tui.core.serving.life.schedule import ACTION, SCHEDULER, partition_of, schedule_name

DEPLOYER = Requirement[Permissions]("deployer permissions")
"""What the caller may do for the deploy."""


def deployer_access(plan: DeployPlan, account: str) -> list[Access]:
    """Return what the caller needs (guide, "SageMaker API permissions"); tags require AddTags as well."""
    chosen = plan.deployment
    partition = partition_of(chosen.role)
    prefix = f"arn:{partition}:sagemaker:{plan.place.region}:{account}"
    wanted = [
        Access(("sagemaker:CreateModel", "sagemaker:AddTags"), (f"{prefix}:model/{chosen.name}",)),
        Access(("sagemaker:CreateEndpointConfig",), (f"{prefix}:endpoint-config/{chosen.name}",)),
        Access(("sagemaker:CreateEndpoint", ACTION), (f"{prefix}:endpoint/{chosen.name}",)),
        Access(("iam:PassRole",), (chosen.role,), {"iam:PassedToService": SERVICE}),
    ]
    if plan.schedule is not None:
        group = f"arn:{partition}:scheduler:{plan.place.region}:{account}:schedule/default"
        schedule = f"{group}/{schedule_name(chosen.name)}"
        wanted.append(Access(("scheduler:CreateSchedule",), (schedule,)))
        wanted.append(Access(("iam:PassRole",), (chosen.scheduler_role,), {"iam:PassedToService": SCHEDULER}))
    if isinstance(chosen.mode, Asynchronous):
        wanted += _scaling_access(plan, account)
    return wanted


def _scaling_access(plan: DeployPlan, account: str) -> list[Access]:
    """Return what the caller needs to let an endpoint scale to zero, and to end that with it.

    Service Authorization Reference: a scalable target is named by an id that AWS chooses.
    """
    name, place = plan.deployment.name, f"{plan.place.region}:{account}"
    arn = f"arn:{partition_of(plan.deployment.role)}"
    scaling = ("RegisterScalableTarget", "PutScalingPolicy", "DeregisterScalableTarget")
    return [
        Access(
            tuple(f"application-autoscaling:{action}" for action in scaling),
            (f"{arn}:application-autoscaling:{place}:scalable-target/*",),
        ),
        Access(
            ("cloudwatch:PutMetricAlarm", "cloudwatch:DeleteAlarms"),
            (f"{arn}:cloudwatch:{place}:alarm:{alarm_name(name)}",),
        ),
        Access(("sagemaker:DeleteTags",), (f"{arn}:sagemaker:{place}:endpoint/{name}",)),
    ]


def evaluate(plan: DeployPlan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block actions that the caller's policies do not allow: no resource policy can allow them."""
    permissions = inputs[DEPLOYER]
    lacking = [*permissions.with_verdict(Verdict.DENIED), *permissions.with_verdict(Verdict.NOT_ALLOWED)]
    for action, resource in lacking:
        yield block(f"your policies do not allow {action} on {resource}.", f"Ask for {action} on {resource}.")
    depends = permissions.with_verdict(Verdict.DEPENDS)
    if depends:
        yield unknown(f"{actions_on(depends)}: allowed under conditions that were not evaluated.")
    if not lacking and not depends:
        yield passed("you may create the model and the endpoint, delete it, and pass the role.")


CHECK = DeployCheck("permissions", Subject.ACCOUNT, 20, evaluate, (DEPLOYER,))
