"""Any JumpStart job as a run, whatever created it; what a run cannot express is left out and reported."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from jsft_tui.core.catalog.content import ContentBuckets
from jsft_tui.core.catalog.job_tags import JUMPSTART_CHANNELS
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import usage
from jsft_tui.core.common.text import clean
from jsft_tui.core.hyperparameters.batch import batch_rule, plan_batch
from jsft_tui.core.instances.types import instance_type
from jsft_tui.core.request.parse import run_from_request
from jsft_tui.core.run.run import AUTO, InstanceChoice, Run

_TRAINING = ("training", "train")
_NOT_IN_A_RUN = (
    "ExperimentConfig",
    "InfraCheckConfig",
    "RemoteDebugConfig",
    "RetryStrategy",
    "SessionChainingConfig",
    "TensorBoardOutputConfig",
)
"""Members of CreateTrainingJob that change what a job does or where it is listed, and that a run cannot express.

The debugger's and the profiler's, which every job of the SDK has, are not among them (see `core.request`).
"""


@dataclass(frozen=True)
class ClonedRun:
    """A run made from a job.

    Attributes:
        run: the run.
        left_out: what the job has and the run lacks, a few words for each.
    """

    run: Run
    left_out: tuple[str, ...] = ()

    @property
    def note(self) -> str:
        """A sentence on what was left out; empty when nothing was."""
        return f"Left out: {'; '.join(self.left_out)}." if self.left_out else ""


def cloned_run(request: Mapping[str, Any], spec: ModelSpec, buckets: ContentBuckets) -> ClonedRun:
    """Return the run that comes closest to a job.

    Args:
        request: a DescribeTrainingJob answer with the job's tags as `Tags`.
        spec: the spec of the model that its tags name.
        buckets: the region's content buckets.

    Raises:
        Problem: no single instance type, or training data that is not an S3 prefix (code `CannotClone`): the clone
            would use other data.
    """
    channels = list(request.get("InputDataConfig") or ())
    foreign = [channel for channel in channels if not _is_prefix(channel)]
    kept = [channel for channel in channels if _is_prefix(channel)]
    _refuse_other_data(str(request.get("TrainingJobName")), foreign, kept)
    run = run_from_request({**request, "InputDataConfig": kept}, spec, buckets)
    unknown = [name for name in run.hyperparameters if spec.hyperparameter(name) is None]
    values = {name: value for name, value in run.hyperparameters.items() if name not in unknown}
    values |= _following(values, spec, run.instance)
    left_out = [*_hyperparameters(unknown, spec), *map(_channel, foreign), *_members(request)]
    return ClonedRun(replace(run, hyperparameters=values), tuple(map(clean, left_out)))


def _following(values: Mapping[str, str], spec: ModelSpec, choice: InstanceChoice) -> dict[str, str]:
    """Make the batch size automatic where the job's value is what the instance gives."""
    rule, instance = batch_rule(spec), instance_type(choice.type)
    if rule is None or instance is None or rule.parameter not in values:
        return {}
    own = plan_batch(rule, instance, choice.count).value
    return {rule.parameter: AUTO} if values[rule.parameter] == str(own) else {}


def _is_prefix(channel: Mapping[str, Any]) -> bool:
    source = (channel.get("DataSource") or {}).get("S3DataSource") or {}
    return bool(source.get("S3Uri")) and source.get("S3DataType", "S3Prefix") == "S3Prefix"


def _refuse_other_data(name: str, foreign: list[Mapping[str, Any]], kept: list[Mapping[str, Any]]) -> None:
    stays = any(channel["ChannelName"] not in JUMPSTART_CHANNELS for channel in kept)
    for channel in foreign:
        if channel["ChannelName"] in _TRAINING or not stays:
            why = f"channel {clean(channel['ChannelName'])!r} of {name} is not an S3 prefix."
            raise usage("CannotClone", why, "Copy its data to S3 and write a run file.")


def _hyperparameters(unknown: list[str], spec: ModelSpec) -> Iterator[str]:
    if unknown:
        yield f"{', '.join(unknown)} ({spec.model_id} {spec.version} has no such hyperparameters)"


def _channel(channel: Mapping[str, Any]) -> str:
    return f"channel {channel['ChannelName']} (not an S3 prefix)"


def _members(request: Mapping[str, Any]) -> Iterator[str]:
    algorithm = request.get("AlgorithmSpecification") or {}
    for name in ("ContainerEntrypoint", "ContainerArguments"):
        if algorithm.get(name):
            yield name
    for name in _NOT_IN_A_RUN:
        if any((request.get(name) or {}).values()):
            yield name
