"""The data lies in the job's region."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.preflight.base.check import Check, Facts, Judgement, Need, Plan, good, not_told, stop, unknown


def judge(plan: Plan, facts: Facts) -> Iterator[Judgement]:
    """Blocks on buckets of another region: SageMaker makes no cross-region requests."""
    for channel, found in facts.data.items():
        if isinstance(found, Problem):
            yield not_told(found)
        elif found.bucket.region is None:
            yield unknown(f"{channel}: the region of its bucket was not told.")
        elif found.bucket.region != plan.place.region:
            yield stop(
                f"{found.uri} is in {found.bucket.region}, the job would be in {plan.place.region}.",
                Remedy(
                    f"Copy the data to a bucket in {plan.place.region}, or work in {found.bucket.region}",
                    RemedyCommand.IN_REGION,
                    found.bucket.region,
                ),
            )
        else:
            yield good(f"{channel}: {found.bucket.region}")


CHECK = Check("data_region", judge, (Need.DATA,))
