"""The execution role's permissions: read the data, write the output, use the network."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.account.permissions import ARN, Permissions, Verdict, actions_on
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, nothing_to_tell, passed, unknown, warn
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject

ROLE_PERMISSIONS = Requirement[Permissions]("role_permissions")

_SHARED = ("s3:", "kms:")
"""Services whose buckets and keys have policies of their own, which can allow what the role's do not."""


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block denied actions; warn where only the policy of the bucket or key could allow them.

    Without these the job fails after its instances have started: at the download, or with the finished model.
    """
    if not plan.run.role or not ARN.fullmatch(plan.run.role):
        yield nothing_to_tell("no role to check yet.")
        return
    problem = inputs.problem(ROLE_PERMISSIONS)
    if problem is not None and problem.code == "NotFound":
        yield unknown("not checked: the role was not found.")
        return
    permissions = inputs[ROLE_PERMISSIONS]
    absent = permissions.with_verdict(Verdict.NOT_ALLOWED)
    doubtful = [pair for pair in absent if pair[0].startswith(_SHARED)]
    refused = [*permissions.with_verdict(Verdict.DENIED), *(pair for pair in absent if pair not in doubtful)]
    depends = permissions.with_verdict(Verdict.DEPENDS)
    if refused:
        yield block(f"{plan.run.role} may not do {actions_on(refused)}.", _remedy(refused, plan.run.role))
    if doubtful:
        message = f"the policies of {plan.run.role} do not allow {actions_on(doubtful)}"
        yield warn(f"{message}; only the bucket's or the key's own policy could.", _remedy(doubtful, plan.run.role))
    if depends:
        yield unknown(f"{actions_on(depends)}: allowed under conditions that were not evaluated.")
    if not refused and not doubtful and not depends:
        yield passed("it reads the data and writes the output.", detail="reads the data, writes the output")


def _remedy(pairs: list[tuple[str, str]], role: str) -> str:
    actions = ", ".join(dict.fromkeys(action for action, _ in pairs))
    return f"Add {actions} to the policies of the role {role.rpartition('/')[2]}."


CHECK = Check("role_access", Subject.ROLE, 40, evaluate, (ROLE_PERMISSIONS,))
