"""The output bucket: a valid S3 URI, existing, in the job's region."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, passed, unknown, warn
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.storage.bucket import BucketFacts
from jsft_tui.core.storage.key_rules import fault_of_prefix
from jsft_tui.core.storage.uri import S3Uri

OUTPUT = Requirement[BucketFacts]("output")


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block outputs that would fail after a paid training (sagemaker-examples #3881)."""
    if not plan.run.output:
        yield block("no output is set.", "Add output: s3://bucket to the run, or set it in jsft's config.yaml.")
        return
    uri = S3Uri.parse(plan.run.output)
    if fault_of_prefix(uri.key) is not None:
        # The failure text of a download, "illegal char sub-sequence '//'": the model would be in such a key.
        message = f"{plan.run.output} has an empty or a dot part: no later job could read the model there."
        yield warn(message, "Write it without // and dots.")
    yield from _inside_the_data(plan)
    bucket = inputs[OUTPUT]
    if not bucket.exists:
        yield block(f"the output bucket {uri.bucket} does not exist.", "Check its name, or create it first.")
    elif bucket.region is None:
        yield unknown(f"the region of {uri.bucket} could not be determined.")
    elif bucket.region != plan.place.region:
        message = f"the output bucket {uri.bucket} is in {bucket.region}, the job would be in {plan.place.region}."
        yield block(message, f"Choose a bucket in {plan.place.region}.")
    else:
        yield passed(
            f"{plan.run.output.rstrip('/')}/{plan.run.name}/output/", headline=f"s3://{uri.bucket}, same region"
        )


def _inside_the_data(plan: Plan) -> Iterator[CheckResult]:
    """Warn where the model would be written under a prefix of the data, which the next job downloads with it."""
    output = f"{plan.run.output.rstrip('/')}/"
    for channel, uri in plan.run.data.items():
        if uri and output.startswith(uri) and S3Uri.parse(uri).key:
            message = f"{plan.run.output} lies under the data of {channel}: the next job would download the model, too."
            yield warn(message, "Choose a prefix beside the data.")


CHECK = Check("output_region", Subject.OUTPUT, 90, evaluate, (OUTPUT,))
