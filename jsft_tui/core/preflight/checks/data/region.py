"""The data is in the job's region."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, not_checked, passed, unknown
from jsft_tui.core.preflight.base.inputs import Inputs
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.preflight.checks.data.existence import DATA


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block buckets in another region: SageMaker makes no cross-region requests."""
    for channel, found in inputs[DATA].items():
        if isinstance(found, Problem):
            yield not_checked(found)
        elif found.bucket.region is None:
            yield unknown(f"{channel}: the region of its bucket could not be determined.")
        elif found.bucket.region != plan.place.region:
            yield block(
                f"{found.uri} is in {found.bucket.region}, the job would be in {plan.place.region}.",
                Remedy(
                    f"Copy the data to a bucket in {plan.place.region}, or work in {found.bucket.region}",
                    RemedyCommand.IN_REGION,
                    found.bucket.region,
                ),
            )
        else:
            yield passed(f"{channel}: {found.bucket.region}", detail="same region")


CHECK = Check("data_region", Subject.DATA, 60, evaluate, (DATA,))
