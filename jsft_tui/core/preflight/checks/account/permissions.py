"""The caller's permissions for a launch: create the job, tag it, pass the role."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.account.permissions import Permissions, Verdict, actions_on
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, nothing_to_tell, passed, unknown
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject

PERMISSIONS = Requirement[Permissions]("permissions")

PASS_ROLE = "iam:PassRole"


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block actions that the caller's policies do not allow: no resource policy can allow them."""
    if not plan.run.role:
        yield nothing_to_tell("no role to pass yet.")
        return
    permissions = inputs[PERMISSIONS]
    lacking = [*permissions.with_verdict(Verdict.DENIED), *permissions.with_verdict(Verdict.NOT_ALLOWED)]
    for action, resource in lacking:
        yield block(f"your policies do not allow {action} on {resource}.", _remedy(action, resource))
    depends = permissions.with_verdict(Verdict.DEPENDS)
    if depends:
        yield unknown(f"{actions_on(depends)}: allowed under conditions that were not evaluated.")
    if not lacking and not depends:
        yield passed(
            "you may create and tag training jobs and pass the role.",
            detail="may create and tag training jobs and pass the role",
        )


def _remedy(action: str, resource: str) -> str:
    if action == PASS_ROLE:
        return f"Ask for {action} on {resource}, with iam:PassedToService = sagemaker.amazonaws.com."
    return f"Ask for {action} on {resource}."


CHECK = Check("permissions", Subject.ACCOUNT, 20, evaluate, (PERMISSIONS,))
