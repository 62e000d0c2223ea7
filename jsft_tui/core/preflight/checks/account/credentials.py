"""Who calls, whether AWS knows them, and for how long."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.account.identity import TokenFacts
from jsft_tui.core.common.durations import format_duration
from jsft_tui.core.common.errors import SIGNED_OUT
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.preflight.base.check import Check, Facts, Judgement, Need, Plan, doubt, good, stop

SHORT = 15 * 60
"""Seconds: with less, a launch and the first look at the job may already fail. The job itself runs on without us."""
_SIGN_IN = Remedy("Sign in again first", RemedyCommand.SIGN_IN)


def judge(plan: Plan, facts: Facts) -> Iterator[Judgement]:
    """Blocks without credentials that work; warns when they are about to end."""
    problem = facts.problem(Need.IDENTITY)
    if problem is not None and problem.code in SIGNED_OUT:
        yield stop(problem.message, problem.remedy)
        return
    if facts.problem(Need.TOKEN) is None and Need.TOKEN in facts.answers:
        yield from _life(plan, facts.token)
    identity = facts.identity
    yield good(f"account {identity.account}, {identity.arn}, {plan.place.region}.")


def _life(plan: Plan, token: TokenFacts) -> Iterator[Judgement]:
    left = token.seconds_left
    if left is None or token.renews:
        return
    if left <= 0:
        yield doubt("the credentials have expired by this machine's clock.", _SIGN_IN)
        return
    ends = f"the credentials end in {format_duration(max(60, int(left // 60 * 60)))}"
    if left < SHORT:
        yield doubt(f"{ends}; the job runs on without them, but watching it stops then.", _SIGN_IN)
    elif left < plan.run.instance.max_runtime:
        yield good(f"{ends}; watching the job for longer takes signing in again.")


CHECK = Check("credentials", judge, (Need.IDENTITY, Need.TOKEN))
