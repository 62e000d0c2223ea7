"""The lifetime: who ends it, and whether the role of the schedule could."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.account.permissions import Permissions, Verdict, actions_on
from jsft_tui.core.preflight.base.check import CheckResult, nothing_to_tell, passed, warn
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.required_access import Access
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.serving.deploy.plan import DeployCheck, DeployPlan
from jsft_tui.core.serving.life.schedule import ACTION, SCHEDULER, partition_of, schedule_name

KEEPER = Requirement[Permissions]("scheduler role permissions")
"""What the role of the schedule may do with the endpoint."""


def keeper_access(plan: DeployPlan, account: str) -> Access:
    """Return what the role of the schedule needs."""
    role, name = plan.deployment.scheduler_role, plan.deployment.name
    prefix = f"arn:{partition_of(role)}:sagemaker:{plan.place.region}:{account}"
    return Access((ACTION,), (f"{prefix}:endpoint/{name}",))


def evaluate(plan: DeployPlan, inputs: Inputs) -> Iterator[CheckResult]:
    """Say who ends the lifetime, and warn where the schedule's role could not."""
    if plan.deployment.lifetime_seconds is None:
        yield nothing_to_tell("no lifetime.")
        return
    if plan.schedule is None:
        yield passed("only jsft deletes it then: jsft endpoints --expired --delete --yes, from cron for example.")
        return
    role, permissions = plan.deployment.scheduler_role, inputs[KEEPER]
    lacking = [*permissions.with_verdict(Verdict.DENIED), *permissions.with_verdict(Verdict.NOT_ALLOWED)]
    if lacking:
        remedy = f"Allow {ACTION} to it, and let it trust {SCHEDULER}; or choose another role."
        yield warn(f"{role} may not do {actions_on(lacking)}, so the schedule would not delete the endpoint.", remedy)
    else:
        yield passed(f"the schedule {schedule_name(plan.deployment.name)} deletes it then, with {role}.")


CHECK = DeployCheck("lifetime", Subject.COST, 95, evaluate, (KEEPER,))
