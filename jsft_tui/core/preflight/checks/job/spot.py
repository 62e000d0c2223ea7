"""Managed spot training: maximum wait and checkpoints."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.common.durations import format_duration
from jsft_tui.core.customization.method import ON_INSTANCES
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, nothing_to_tell, passed, unknown, warn
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.run.run import MAX_RUNTIME
from jsft_tui.core.storage.bucket import BucketFacts
from jsft_tui.core.storage.uri import S3Uri

CHECKPOINT = Requirement[BucketFacts]("checkpoint")

LONG_WITHOUT_CHECKPOINT = 2 * 3600


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block times that the service would refuse; warn where an interruption loses all progress."""
    yield from _times(plan)
    if plan.run.checkpoint:
        yield from _checkpoint(S3Uri.parse(plan.run.checkpoint), plan, inputs)


def _checkpoint(uri: S3Uri, plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    bucket = inputs[CHECKPOINT]
    if not bucket.exists:
        yield block(f"the checkpoint bucket {uri.bucket} does not exist.", "Check its name, or create it first.")
    elif bucket.region is None:
        yield unknown(f"the region of the checkpoint bucket {uri.bucket} could not be determined.")
    elif bucket.region != plan.place.region:
        yield block(f"the checkpoint bucket {uri.bucket} is in {bucket.region}.", f"Choose one in {plan.place.region}.")


def _times(plan: Plan) -> Iterator[CheckResult]:
    choice = plan.run.instance
    if choice.max_runtime > MAX_RUNTIME:
        yield block(f"max_runtime {format_duration(choice.max_runtime)} is more than 28 days.", "Shorten it.")
    if not choice.spot:
        if choice.max_wait:
            yield block("max_wait is for spot training only.", "Remove it, or set spot: true.")
        else:
            yield nothing_to_tell("on demand.")
        return
    if choice.max_wait and choice.max_wait < choice.max_runtime:
        yield block("max_wait is shorter than max_runtime.", "It includes the runtime.")
        return
    if choice.keep_alive:
        # Developer guide, train-warm-pools, "Considerations"; CreateTrainingJob would refuse it at no cost (not tried).
        yield warn("warm pools (keep_alive) cannot be used with spot training.", "Remove keep_alive, or spot.")
    if not plan.run.checkpoint and choice.max_runtime > LONG_WITHOUT_CHECKPOINT:
        yield warn("without a checkpoint, training starts over after an interruption.", "Set checkpoint: s3://...")
    yield passed("spot; the job can be interrupted at any time.")


CHECK = Check("spot", Subject.INSTANCE, 210, evaluate, (CHECKPOINT,), methods=ON_INSTANCES, label="Spot")
