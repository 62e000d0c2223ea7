"""The credentials: valid, and for how long."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.account.identity import Identity, TokenFacts
from jsft_tui.core.common.durations import format_duration
from jsft_tui.core.common.errors import SIGNED_OUT
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, passed, warn
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject

IDENTITY = Requirement[Identity]("identity")
TOKEN = Requirement[TokenFacts]("token")

SHORT = 15 * 60
"""Seconds: with less, a launch and the first status request may already fail. The job itself continues."""
UNUSABLE = SIGNED_OUT | {"ClockSkew"}
"""Codes of Problems with which nothing can be called."""
_SIGN_IN = Remedy("Sign in again first", RemedyCommand.SIGN_IN)


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block without valid credentials; warn when they are about to expire."""
    problem = inputs.problem(IDENTITY)
    if problem is not None and problem.code in UNUSABLE:
        yield block(problem.message, problem.remedy)
        return
    token = inputs.get(TOKEN)
    if token is not None:
        yield from _life(plan, token)
    identity = inputs[IDENTITY]
    yield passed(
        f"account {identity.account}, {identity.arn}, {plan.place.region}.",
        headline=f"{identity.account}, signed in as {identity.arn.rpartition(':')[2]}",
    )


def _life(plan: Plan, token: TokenFacts) -> Iterator[CheckResult]:
    left = token.seconds_left
    if left is None or token.renews:
        return
    if left <= 0:
        yield warn("the credentials have expired according to the local clock.", _SIGN_IN)
        return
    ends = f"the credentials expire in {format_duration(max(60, int(left // 60 * 60)))}"
    if left < SHORT:
        yield warn(f"{ends}; the job continues without them, but following it stops then.", _SIGN_IN)
    elif left < plan.run.instance.max_runtime:
        yield passed(f"{ends}; sign in again then to keep following the job.")


CHECK = Check("credentials", Subject.ACCOUNT, 10, evaluate, (IDENTITY, TOKEN))
