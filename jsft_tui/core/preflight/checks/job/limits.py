"""The limits of CreateTrainingJob on names, numbers and lengths.

Source: botocore's service model of SageMaker (2017-07-24), the shapes named beside each rule.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.account.limits import CHANNEL, KMS_KEY, MAX_CHANNELS, MAX_KEEP_ALIVE, TAG, VARIABLE
from jsft_tui.core.catalog.job_tags import JUMPSTART_CHANNELS
from jsft_tui.core.common.durations import format_duration
from jsft_tui.core.common.text import fit
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, nothing_to_tell, warn
from jsft_tui.core.preflight.base.inputs import Inputs
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.run.run import Run

MAX_TAGS, MAX_TAG_KEY, MAX_TAG_VALUE = 48, 128, 256
"""TagList takes 50; two identify the JumpStart model."""
MAX_VARIABLES, MAX_VARIABLE = 100, 512
SHORT_RUN = 300
"""Seconds; a limit under this stops most trainings before they learn anything (billing starts with the download)."""


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block values that CreateTrainingJob would refuse."""
    wrong = [*_channels(plan.run), *_tags(plan.run), *_variables(plan.run), *_rest(plan.run)]
    yield from wrong
    if not plan.sandbox and plan.run.instance.max_runtime < SHORT_RUN:
        limit = format_duration(plan.run.instance.max_runtime)
        yield warn(f"max_runtime is {limit}, which includes downloading the data and the weights.", "Raise it.")
    elif not wrong:
        yield nothing_to_tell("names, tags, variables, keys and times are valid for CreateTrainingJob.")


def _channels(run: Run) -> Iterator[CheckResult]:
    if len(run.data) > MAX_CHANNELS:
        yield block(f"{len(run.data)} data channels; the maximum is {MAX_CHANNELS} in addition to JumpStart's.")
    for name in run.data:
        if name in JUMPSTART_CHANNELS:
            yield block(f"the channel {name!r} is reserved by JumpStart.", "Name it training or validation.")
        elif not CHANNEL.fullmatch(name):
            yield block(f"{fit(name, 40)!r} is not a valid channel name: use letters, digits, '.', '-' and '_'.")


def _tags(run: Run) -> Iterator[CheckResult]:
    if len(run.tags) > MAX_TAGS:
        yield block(f"{len(run.tags)} tags; the maximum is {MAX_TAGS} in addition to JumpStart's.")
    for key, value in run.tags.items():
        if key.lower().startswith("aws:"):
            yield block(f"the tag {fit(key, 40)!r} begins with aws:, which is reserved by AWS.")
        elif not 1 <= len(key) <= MAX_TAG_KEY or len(value) > MAX_TAG_VALUE:
            limits = f"at most {MAX_TAG_KEY} characters, {MAX_TAG_VALUE} for its value"
            yield block(f"the tag {fit(key, 40)!r} is too long: {limits}.")
        elif not TAG.fullmatch(key) or not TAG.fullmatch(value):
            yield block(f"the tag {fit(key, 40)!r} has an invalid character.", "Use letters, digits, _.:/=+-@")


def _variables(run: Run) -> Iterator[CheckResult]:
    if len(run.environment) > MAX_VARIABLES:
        yield block(f"{len(run.environment)} environment variables; the maximum is {MAX_VARIABLES}.")
    for name, value in run.environment.items():
        if not VARIABLE.fullmatch(name) or len(name) > MAX_VARIABLE:
            yield block(f"{fit(name, 40)!r} is not a valid name of an environment variable.")
        elif len(value) > MAX_VARIABLE:
            yield block(f"the variable {fit(name, 40)} has {len(value)} characters; the maximum is {MAX_VARIABLE}.")


def _rest(run: Run) -> Iterator[CheckResult]:
    for field, key in (("kms.volume", run.kms.volume), ("kms.output", run.kms.output)):
        if key and not KMS_KEY.fullmatch(key):
            yield block(f"{field}: {fit(key, 40)!r} is not a KMS key id or ARN.")
    keep_alive = run.instance.keep_alive
    if keep_alive and keep_alive > MAX_KEEP_ALIVE:
        yield block(f"keep_alive {format_duration(keep_alive)} is more than {format_duration(MAX_KEEP_ALIVE)}.")


CHECK = Check("limits", Subject.VALUES, 240, evaluate)
