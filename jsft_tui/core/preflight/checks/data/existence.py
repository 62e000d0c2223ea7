"""The training data: a location that exists and is not empty."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from jsft_tui.core.catalog.spec.hyperparameter import changed
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.common.text import plural
from jsft_tui.core.hyperparameters.values import resolved_values
from jsft_tui.core.preflight.base.check import (
    Check,
    CheckResult,
    Plan,
    block,
    not_checked,
    nothing_to_tell,
    passed,
    unknown,
    warn,
)
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.preflight.checks.data.size import SIZE
from jsft_tui.core.request.build import input_data
from jsft_tui.core.sizing.disk import SizeFacts
from jsft_tui.core.storage.archived import MOST_LOOKED_AT, TierFacts
from jsft_tui.core.storage.bucket import LocationFacts
from jsft_tui.core.storage.key_rules import MAX_PART_BYTES, SHOWN, KeyFault, fault_of_prefix
from jsft_tui.core.storage.uri import S3Uri

DATA = Requirement[Mapping[str, LocationFacts | Problem]]("data")

_WILDCARD = re.compile(r"[*?]")
_FRAMEWORK_CHANNELS = {"lightgbm": ("train",)}
"""Further names of the training channel that a framework's scripts read."""


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block locations that are invalid, do not exist, are empty, or hold what cannot be downloaded."""
    channels = input_data(plan.run, plan.spec, plan.place)
    wrong = [*_malformed(channels), *_channel_names(plan, channels)]
    yield from wrong
    yield from _default_text(plan)
    if not wrong:
        sizes = inputs.get(SIZE) or {}
        for channel in channels:  # first: they block also when nothing else is known
            yield from _judge_keys(channel, sizes.get(channel))
        for channel, uri in channels.items():
            yield from _judge_channel(channel, uri, inputs[DATA][channel])


def _malformed(channels: dict[str, str]) -> Iterator[CheckResult]:
    for channel, uri in channels.items():
        try:
            fault = fault_of_prefix(S3Uri.parse(uri).key)
        except Problem as problem:
            yield block(f"channel {channel}: {problem.message}", problem.remedy)
            continue
        if fault is not None:
            message, remedy = _KEY_FAULTS[fault]
            yield block(f"channel {channel}: {uri} is a place {message}.", remedy)


def _channel_names(plan: Plan, channels: dict[str, str]) -> Iterator[CheckResult]:
    """Block runs without a channel that the training script reads.

    Source: the notebooks and pages behind each family's data format (jumpstart-facts §2.3, §3.1).
    """
    if plan.run.customization is not None:
        known = {"train"}
    else:
        known = {*plan.spec.task.info.training_channels, *_FRAMEWORK_CHANNELS.get(plan.spec.framework, ())}
    if known.isdisjoint(channels):
        named = ", ".join(channels)
        yield block(f"no data channel is named training (only {named}); the script would find no data.", "Rename it.")


def _judge_channel(channel: str, uri: str, found: LocationFacts | Problem) -> Iterator[CheckResult]:
    if isinstance(found, Problem):
        yield not_checked(found)
    elif not found.bucket.exists:
        yield block(f"the bucket of {uri} does not exist.", Remedy("Check its name", RemedyCommand.BUCKETS))
    elif found.has_objects is False and _WILDCARD.search(uri):
        before = _WILDCARD.split(uri)[0]
        folder = before[: before.rfind("/") + 1]
        yield block(f"there is nothing under {uri}: a prefix has no wildcards.", f"Write {folder}")
    elif found.has_objects is False:
        yield block(
            f"there is nothing under {uri}.",
            Remedy("See what is there", RemedyCommand.LIST, str(S3Uri.parse(uri).parent)),
        )
    elif found.has_objects is None:
        yield unknown(f"{channel}: {uri} could not be listed.", "The execution role must be able to read it.")
    else:
        yield from _judge_start_of_names(channel, uri, found)


def _judge_start_of_names(channel: str, uri: str, found: LocationFacts) -> Iterator[CheckResult]:
    """Warn where a URI without a slash at its end takes more than one thing along.

    SageMaker API reference, S3DataSource: with S3Prefix, all objects whose keys start with the URI are used.
    """
    others = ", ".join(found.beside[:3]) + (", …" if len(found.beside) > 3 else "")
    if found.beside and found.is_folder:
        yield warn(f"{uri} has no trailing slash, so {others} is included too.", f"Write {uri}/")
    elif found.beside and (found.is_object or len(found.beside) > 1):
        yield warn(
            f"{uri} is taken as the start of names, so {others} is included too.",
            "Put the data into a folder of its own, and give that with a slash at its end.",
        )
    elif found.beside:
        yield passed(f"{channel}: {others}, whose name starts with {uri}")
    else:
        yield nothing_to_tell(f"{channel}: {uri}")  # the format tells what is there


def _judge_keys(channel: str, found: SizeFacts | Problem | None) -> Iterator[CheckResult]:
    """Block keys of which SageMaker cannot make files, and objects that cannot be read."""
    if not isinstance(found, SizeFacts):
        return  # the check of the size says why
    for finding in found.keys:
        message, remedy = _KEY_FAULTS[finding.fault]
        keys = ", ".join(finding.keys) + (", …" if finding.count > len(finding.keys) else "")
        what = message.format(storage_class=finding.storage_class)
        yield block(f"{channel}: {plural(finding.count, 'object')} {what}: {keys}.", remedy)
    yield from _judge_tiers(channel, found.tiers)


def _judge_tiers(channel: str, found: TierFacts) -> Iterator[CheckResult]:
    """Block objects in an archive tier; say that only a sample was looked at."""
    looked = f"{found.looked_at:,} looked at, of {plural(found.count, 'object')} in Intelligent-Tiering"
    if found.archived:
        message, remedy = _KEY_FAULTS[KeyFault.ARCHIVED]
        keys = ", ".join(uri.key for uri in found.archived[:SHOWN]) + (", …" if len(found.archived) > SHOWN else "")
        what = message.format(storage_class=found.tier)
        yield block(f"{channel}: {len(found.archived)} {what} ({looked}): {keys}.", remedy)
    elif found.looked_at < min(found.count, MOST_LOOKED_AT):
        yield unknown(f"{channel}: {plural(found.count, 'object')} may be in an archive tier, which could not be read.")
    elif found.count:
        yield nothing_to_tell(f"{channel}: none is in an archive tier ({looked}).")


_KEY_FAULTS = {
    KeyFault.ARCHIVED: (
        "archived ({storage_class}), which cannot be read",
        "Restore them (aws s3api restore-object), or copy them to another storage class.",
    ),
    KeyFault.EMPTY_PART: (
        "with an empty part (//) in the key: the job would end as Failed when it downloads it",
        "Copy them to keys without //, and give that prefix.",
    ),
    KeyFault.DOT_PART: (
        "with a part '.' or '..' in the key, which is no name of a file",
        "Copy them to other keys.",
    ),
    KeyFault.LONG_PART: (
        f"with a part of more than {MAX_PART_BYTES} bytes in the key, which a disk cannot hold",
        "Copy them to shorter names.",
    ),
    KeyFault.NUL: ("with a NUL character in the key, which a disk cannot hold", "Copy them to other keys."),
    KeyFault.FILE_AND_FOLDER: (
        "whose key is both a file and a folder, which a disk cannot hold",
        "Delete the object with the name of the folder, or copy the data to a prefix without it.",
    ),
    KeyFault.SAME_FILE: (
        "that would become the same file as another one",
        "Write the prefix with a slash at its end.",
    ),
}
"""What is said of each fault, and what to do."""


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


CHECK = Check("data", Subject.DATA, 50, evaluate, (DATA, SIZE))
