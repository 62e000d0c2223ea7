"""Who calls, and whether AWS knows them."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.checks.check import Check, Facts, Judgement, Need, Plan, good, stop

# Codes of `aws.translate` that mean that nothing at all can be called, launching included.
SIGNED_OUT = frozenset({"NoCredentials", "ExpiredToken", "InvalidCredentials"})


def judge(plan: Plan, facts: Facts) -> Iterator[Judgement]:
    """Blocks without credentials that work."""
    problem = facts.problem(Need.IDENTITY)
    if problem is not None and problem.code in SIGNED_OUT:
        yield stop(problem.message, problem.remedy)
        return
    identity = facts.identity
    yield good(f"account {identity.account}, {identity.arn}, {plan.place.region}.")


CHECK = Check("credentials", judge, (Need.IDENTITY,))
