"""The output bucket: a valid S3 URI, existing, in the job's region."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, passed, unknown
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.storage.bucket import BucketFacts
from jsft_tui.core.storage.uri import S3Uri

OUTPUT = Requirement[BucketFacts]("output")


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block outputs that would fail after a paid training (sagemaker-examples #3881)."""
    if not plan.run.output:
        yield block("no output is set.", "Add output: s3://bucket to the run, or set it in jsft's config.yaml.")
        return
    uri = S3Uri.parse(plan.run.output)
    bucket = inputs[OUTPUT]
    if not bucket.exists:
        yield block(f"the output bucket {uri.bucket} does not exist.", "Check its name, or create it first.")
    elif bucket.region is None:
        yield unknown(f"the region of {uri.bucket} could not be determined.")
    elif bucket.region != plan.place.region:
        message = f"the output bucket {uri.bucket} is in {bucket.region}, the job would be in {plan.place.region}."
        yield block(message, f"Choose a bucket in {plan.place.region}.")
    else:
        yield passed(f"{plan.run.output.rstrip('/')}/{plan.run.name}/output/")


CHECK = Check("output_region", 90, evaluate, (OUTPUT,))
