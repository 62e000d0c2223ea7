"""Simulate whether policies allow what a launch or a deploy needs."""

from __future__ import annotations

from collections.abc import Iterable

from jsft_tui.aws.iam import Iam
from jsft_tui.core.account.identity import Identity
from jsft_tui.core.account.permissions import Permissions, Verdict, is_root
from jsft_tui.core.preflight.base.required_access import Access


def caller_permissions(iam: Iam, caller: Identity, wanted: Iterable[Access], region: str) -> Permissions:
    """Return the verdicts for the caller; the root user is allowed everything, and cannot be simulated.

    Raises:
        Problem: the caller may not simulate policies.
    """
    if is_root(caller.arn):
        pairs = ((action, arn) for access in wanted for action in access.actions for arn in access.resources)
        return Permissions(dict.fromkeys(pairs, Verdict.ALLOWED))
    return simulated(iam, iam.principal(caller.arn), wanted, region)


def simulated(iam: Iam, principal: str, wanted: Iterable[Access], region: str) -> Permissions:
    """Return the verdicts for a user or role, by its ARN, in calls to a Region.

    Raises:
        Problem: the caller may not simulate policies.
    """
    verdicts: dict[tuple[str, str], Verdict] = {}
    for access in wanted:
        context = {"aws:RequestedRegion": region, **access.context}
        verdicts.update(iam.simulate(principal, access.actions, access.resources, context).verdicts)
    return Permissions(verdicts)
