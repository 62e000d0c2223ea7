"""The execution role: set, existing, and trusting SageMaker."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.account.identity import RoleFacts
from jsft_tui.core.account.permissions import ARN
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, passed, unknown
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject

ROLE = Requirement[RoleFacts]("role")


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block without a role that SageMaker can assume."""
    arn = plan.run.role
    if not arn:
        yield block("no execution role is set.", "Add role: arn:aws:iam::ACCOUNT:role/NAME to the run.")
        return
    if not ARN.fullmatch(arn):
        yield block(f"{arn!r} is not the ARN of a role.", "It looks like arn:aws:iam::123456789012:role/Name.")
        return
    role = inputs[ROLE]
    if not role.exists:
        yield block(f"there is no role {arn}.", "Check the name and the account.")
    elif role.trusts_sagemaker is None:
        yield unknown(f"{arn} exists; its trust policy could not be determined.")
    elif not role.trusts_sagemaker:
        remedy = "Allow the principal sagemaker.amazonaws.com sts:AssumeRole in its trust policy."
        yield block(f"{arn} does not trust SageMaker.", remedy)
    else:
        yield passed("exists and trusts SageMaker.", headline=arn.rpartition("/")[2], detail="trusted by SageMaker")


CHECK = Check("role", Subject.ROLE, 30, evaluate, (ROLE,))
