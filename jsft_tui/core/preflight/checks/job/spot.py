"""Managed spot training: waiting time and checkpoints."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.common.durations import format_duration
from jsft_tui.core.preflight.base.check import Check, Facts, Judgement, Need, Plan, doubt, good, stop, unknown
from jsft_tui.core.run.run import MAX_RUNTIME
from jsft_tui.core.storage.uri import S3Uri

LONG_WITHOUT_CHECKPOINT = 2 * 3600


def judge(plan: Plan, facts: Facts) -> Iterator[Judgement]:
    """Blocks on times that the service would refuse; warns where an interruption starts from zero."""
    yield from _times(plan)
    if plan.run.checkpoint:
        yield from _checkpoint(S3Uri.parse(plan.run.checkpoint), plan, facts)


def _checkpoint(uri: S3Uri, plan: Plan, facts: Facts) -> Iterator[Judgement]:
    bucket = facts.checkpoint
    if not bucket.exists:
        yield stop(f"the checkpoint bucket {uri.bucket} does not exist.", "Check its name, or make it first.")
    elif bucket.region is None:
        yield unknown(f"the region of the checkpoint bucket {uri.bucket} was not told.")
    elif bucket.region != plan.place.region:
        yield stop(f"the checkpoint bucket {uri.bucket} is in {bucket.region}.", f"Choose one in {plan.place.region}.")


def _times(plan: Plan) -> Iterator[Judgement]:
    choice = plan.run.instance
    if choice.max_runtime > MAX_RUNTIME:
        yield stop(f"max_runtime {format_duration(choice.max_runtime)} is more than 28 days.", "Shorten it.")
    if not choice.spot:
        if choice.max_wait:
            yield stop("max_wait is for spot training only.", "Remove it, or set spot: true.")
        else:
            yield good("on demand.")
        return
    if choice.max_wait and choice.max_wait < choice.max_runtime:
        yield stop("max_wait is shorter than max_runtime.", "It counts waiting and running together.")
        return
    if choice.keep_alive:
        yield doubt("warm pools (keep_alive) do not go with spot training.", "Remove keep_alive, or spot.")
    if not plan.run.checkpoint and choice.max_runtime > LONG_WITHOUT_CHECKPOINT:
        yield doubt("without a checkpoint an interruption starts the training from zero.", "Set checkpoint: s3://...")
    yield good("spot; an interruption is possible at any time.")


CHECK = Check("spot", judge, (Need.CHECKPOINT,))
