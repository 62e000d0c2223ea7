"""The execution role: named, there, and trusting SageMaker."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.account.permissions import ARN
from jsft_tui.core.preflight.base.check import Check, Facts, Judgement, Need, Plan, good, stop, unknown


def judge(plan: Plan, facts: Facts) -> Iterator[Judgement]:
    """Blocks when there is no role that SageMaker could assume."""
    arn = plan.run.role
    if not arn:
        yield stop("no execution role is named.", "Add role: arn:aws:iam::ACCOUNT:role/NAME to the run.")
        return
    if not ARN.fullmatch(arn):
        yield stop(f"{arn!r} is not the ARN of a role.", "It looks like arn:aws:iam::123456789012:role/Name.")
        return
    role = facts.role
    if not role.exists:
        yield stop(f"there is no role {arn}.", "Check the name and the account.")
    elif role.trusts_sagemaker is None:
        yield unknown(f"{arn} exists; its trust policy was not told.")
    elif not role.trusts_sagemaker:
        remedy = "Allow the principal sagemaker.amazonaws.com sts:AssumeRole in its trust policy."
        yield stop(f"{arn} does not trust SageMaker.", remedy)
    else:
        yield good("exists and trusts SageMaker.")


CHECK = Check("role", judge, (Need.ROLE,))
