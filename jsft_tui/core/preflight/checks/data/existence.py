"""The training data: a location that exists and is not empty."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jsft_tui.core.catalog.hyperparameter import changed
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.hyperparameters.values import resolved_values
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, not_checked, passed, unknown, warn
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.request.build import input_data
from jsft_tui.core.storage.bucket import LocationFacts
from jsft_tui.core.storage.uri import S3Uri

DATA = Requirement[Mapping[str, LocationFacts | Problem]]("data")

_FRAMEWORK_CHANNELS = {"lightgbm": ("train",)}
"""Further names of the training channel that a framework's scripts read."""


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block locations that are invalid, do not exist, or are empty."""
    channels = input_data(plan.run, plan.spec, plan.place)
    wrong = [*_malformed(channels), *_channel_names(plan, channels)]
    yield from wrong
    yield from _default_text(plan)
    if not wrong:
        for channel, uri in channels.items():
            yield from _judge_channel(channel, uri, inputs[DATA][channel])


def _malformed(channels: dict[str, str]) -> Iterator[CheckResult]:
    for channel, uri in channels.items():
        try:
            S3Uri.parse(uri)
        except Problem as problem:
            yield block(f"channel {channel}: {problem.message}", problem.remedy)


def _channel_names(plan: Plan, channels: dict[str, str]) -> Iterator[CheckResult]:
    """Block runs without a channel that the training script reads.

    Source: the notebooks and pages behind each family's data format (jumpstart-facts §2.3, §3.1).
    """
    known = {*plan.spec.task.info.training_channels, *_FRAMEWORK_CHANNELS.get(plan.spec.framework, ())}
    if not any(name in channels for name in known):
        named = ", ".join(channels)
        yield block(f"no data channel is named training (only {named}); the script would find no data.", "Rename it.")


def _judge_channel(channel: str, uri: str, found: LocationFacts | Problem) -> Iterator[CheckResult]:
    if isinstance(found, Problem):
        yield not_checked(found)
    elif not found.bucket.exists:
        yield block(f"the bucket of {uri} does not exist.", Remedy("Check its name", RemedyCommand.PLACES))
    elif found.has_objects is False:
        yield block(
            f"there is nothing under {uri}.",
            Remedy("See what is there", RemedyCommand.PLACE, str(S3Uri.parse(uri).parent)),
        )
    elif found.has_objects is None:
        yield unknown(f"{channel}: {uri} could not be listed.", "The execution role must be able to read it.")
    else:
        if found.beside:
            others = ", ".join(found.beside[:3])
            yield block(f"{uri} has no trailing slash, so {others} is included too.", f"Write {uri}/")
            return
        yield passed(f"{channel}: {uri}")


def _default_text(plan: Plan) -> Iterator[CheckResult]:
    # Developer guide, jumpstart-fine-tune: a text model, its default data and default values give "nearly
    # identical" weights.
    if not plan.spec.task.info.default_data_changes_little or not plan.run.uses_default_data:
        return
    if not changed(plan.spec.algorithm_hyperparameters, resolved_values(plan.run, plan.spec)):
        yield warn(
            "the default dataset with unchanged hyperparameters gives nearly the model you start from.",
            "Use your own data, or change hyperparameters.",
        )


CHECK = Check("data", 50, evaluate, (DATA,))
