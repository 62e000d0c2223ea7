"""What the execution role itself has to be allowed: read the data, write the output, enter the network."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.account.permissions import ARN, Verdict, actions_on
from jsft_tui.core.preflight.base.check import Check, Facts, Judgement, Need, Plan, doubt, good, stop, unknown

_SHARED = ("s3:", "kms:")
"""Services whose buckets and keys have policies of their own, which can allow what the role's do not."""


def judge(plan: Plan, facts: Facts) -> Iterator[Judgement]:
    """Blocks on what is forbidden; warns where only the policy of the bucket or key could still allow it.

    Without these the job fails after its instances have started: at the download, or with the finished model.
    """
    if not plan.run.role or not ARN.fullmatch(plan.run.role):
        yield good("no role to look at yet.")
        return
    problem = facts.problem(Need.ROLE_PERMISSIONS)
    if problem is not None and problem.code == "NotFound":
        yield unknown("not checked: the role was not found.")
        return
    permissions = facts.role_permissions
    absent = permissions.with_verdict(Verdict.NOT_ALLOWED)
    doubtful = [pair for pair in absent if pair[0].startswith(_SHARED)]
    refused = [*permissions.with_verdict(Verdict.DENIED), *(pair for pair in absent if pair not in doubtful)]
    depends = permissions.with_verdict(Verdict.DEPENDS)
    if refused:
        yield stop(f"{plan.run.role} may not do {actions_on(refused)}.", _remedy(refused, plan.run.role))
    if doubtful:
        message = f"the policies of {plan.run.role} do not allow {actions_on(doubtful)}"
        yield doubt(f"{message}; only the bucket's or the key's own policy could.", _remedy(doubtful, plan.run.role))
    if depends:
        yield unknown(f"{actions_on(depends)}: allowed under conditions that were not evaluated.")
    if not refused and not doubtful and not depends:
        yield good("the role may read the data and write the output.")


def _remedy(pairs: list[tuple[str, str]], role: str) -> str:
    actions = ", ".join(dict.fromkeys(action for action, _ in pairs))
    return f"Add {actions} to the policies of the role {role.rpartition('/')[2]}."


CHECK = Check("role_access", judge, (Need.ROLE_PERMISSIONS,))
