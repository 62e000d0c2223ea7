"""The network, when the run names one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from jsft_tui.core.checks.check import Check, Facts, Judgement, Plan, good, stop, unknown

MAX_SUBNETS, MAX_GROUPS = 16, 5
"""VpcConfig of CreateTrainingJob."""


def judge(plan: Plan, facts: Facts) -> Iterator[Judgement]:
    """Blocks on what the service would refuse; routes and free addresses are not looked at yet."""
    network = plan.run.vpc
    if network is None:
        yield good("no VPC.")
        return
    wrong = [
        *_wrong("subnets", network.subnets, "subnet-", MAX_SUBNETS),
        *_wrong("security_group_ids", network.security_group_ids, "sg-", MAX_GROUPS),
    ]
    yield from wrong
    if not wrong:
        yield unknown("not checked: the subnets' route to S3 and their free addresses.")


def _wrong(field: str, ids: tuple[str, ...], prefix: str, most: int) -> Iterator[Judgement]:
    if not 1 <= len(ids) <= most:
        yield stop(f"vpc.{field} must name 1 to {most}, not {len(ids)}.")
    for name in ids:
        if not re.fullmatch(rf"{prefix}[0-9a-zA-Z-]+", name):
            yield stop(f"vpc.{field}: {name!r} is no {prefix} id.")


CHECK = Check("vpc", judge)
