"""The output bucket: a real S3 URI, there, in the job's region."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.preflight.base.check import Check, Facts, Judgement, Need, Plan, good, stop, unknown
from jsft_tui.core.storage.uri import S3Uri


def judge(plan: Plan, facts: Facts) -> Iterator[Judgement]:
    """Blocks on outputs that would fail after the training, when all is paid (sagemaker-examples #3881)."""
    if not plan.run.output:
        yield stop("no output is named.", "Add output: s3://bucket to the run, or set it in jsft's config.yaml.")
        return
    uri = S3Uri.parse(plan.run.output)
    bucket = facts.output
    if not bucket.exists:
        yield stop(f"the output bucket {uri.bucket} does not exist.", "Check its name, or make it first.")
    elif bucket.region is None:
        yield unknown(f"the region of {uri.bucket} was not told.")
    elif bucket.region != plan.place.region:
        message = f"the output bucket {uri.bucket} is in {bucket.region}, the job would be in {plan.place.region}."
        yield stop(message, f"Choose a bucket in {plan.place.region}.")
    else:
        yield good(f"{plan.run.output.rstrip('/')}/{plan.run.name}/output/")


CHECK = Check("output_region", judge, (Need.OUTPUT,))
