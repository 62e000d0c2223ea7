"""Parse training jobs and their summaries, and derive times, instances and diagnosis."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from jsft_tui.core.catalog.encoding import decoded_hyperparameters
from jsft_tui.core.catalog.job_tags import JUMPSTART_CHANNELS, RECIPE_CHANNEL, RECIPE_HYPERPARAMETER, model_of
from jsft_tui.core.common.aws_status import EndingStatus
from jsft_tui.core.common.remedy import filled
from jsft_tui.core.common.text import clean, clean_block
from jsft_tui.core.customization.cost.price import SkuPrice
from jsft_tui.core.customization.log_metrics import LOG_METRICS
from jsft_tui.core.failures import Diagnosis, diagnose
from jsft_tui.core.jobs.members import MAX_SECONDS, mapping, number, rows, seconds_of, text, texts, whole


class JobStatus(EndingStatus):
    """TrainingJobStatus."""

    IN_PROGRESS = "InProgress"
    COMPLETED = "Completed"
    FAILED = "Failed"
    STOPPING = "Stopping"
    STOPPED = "Stopped"
    DELETING = "Deleting"
    UNKNOWN = "Unknown"


@dataclass(frozen=True)
class Transition:
    """A phase of a job (SecondaryStatusTransition). Times are epoch seconds; `end` is None for the current phase."""

    status: str
    start: float
    end: float | None
    message: str

    def seconds(self, now: float) -> float:
        """Return how long it lasted."""
        return max(0.0, (now if self.end is None else self.end) - self.start)


@dataclass(frozen=True)
class JobSummary:
    """A row of ListTrainingJobs. Times are epoch seconds; `ended` is set for every job that has ended."""

    name: str
    arn: str
    status: JobStatus
    created: float
    modified: float | None = None
    ended: float | None = None
    secondary_status: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> JobSummary:
        """Parse a TrainingJobSummary from boto3."""
        created = seconds_of(data.get("CreationTime"))
        return cls(
            name=clean(str(data["TrainingJobName"])),
            arn=text(data.get("TrainingJobArn")),
            status=JobStatus.parse(text(data.get("TrainingJobStatus"))),
            created=created or 0.0,
            modified=seconds_of(data.get("LastModifiedTime")),
            ended=_end(data),
            secondary_status=clean(text(data.get("SecondaryStatus"))),
        )

    def elapsed_seconds(self, now: float) -> float:
        """Return the seconds from creation to the end, or to now."""
        return max(0.0, (now if self.ended is None else self.ended) - self.created)


@dataclass(frozen=True)
class TrainingJob:
    """A job according to DescribeTrainingJob and ListTags. Times are epoch seconds.

    Attributes:
        ended: set for every job that has ended, also if it never had an instance.
        training_seconds: TrainingTimeInSeconds; billable_seconds: BillableTimeInSeconds of one instance.
        output_path: ModelArtifacts.S3ModelArtifacts, exactly as the service returned it.
        uncompressed: whether the output is a prefix instead of a model.tar.gz (CompressionType NONE).
        final_metrics: FinalMetricDataList, the last value of each metric.
        request: the response itself, for cloning and exporting.
        recipe_price: of a customization, where it is known: the service tells what is billed, not for how much.
    """

    name: str
    arn: str
    status: JobStatus
    secondary_status: str
    created: float
    started: float | None
    ended: float | None
    instance_type: str
    instance_count: int
    spot: bool
    max_runtime: int | None
    model_id: str | None
    model_version: str | None
    training_seconds: int | None
    billable_seconds: int | None
    output_path: str | None
    uncompressed: bool
    failure_reason: str
    hyperparameters: Mapping[str, str] = field(default_factory=dict)
    transitions: tuple[Transition, ...] = ()
    metric_definitions: tuple[tuple[str, str], ...] = ()
    final_metrics: Mapping[str, float] = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    request: Mapping[str, Any] = field(default_factory=dict)
    recipe_price: SkuPrice | None = None

    @classmethod
    def parse(cls, data: Mapping[str, Any], tags: Mapping[str, str]) -> TrainingJob:
        """Parse a DescribeTrainingJob response from boto3."""
        model_id, version = _base_model(data) or model_of(tags) or (None, None)
        return cls(
            name=clean(str(data["TrainingJobName"])),
            arn=text(data.get("TrainingJobArn")),
            status=JobStatus.parse(text(data.get("TrainingJobStatus"))),
            secondary_status=clean(text(data.get("SecondaryStatus"))),
            created=seconds_of(data.get("CreationTime")) or 0.0,
            started=seconds_of(data.get("TrainingStartTime")),
            ended=_end(data),
            model_id=model_id and clean(model_id),
            model_version=version and clean(version),
            hyperparameters=decoded_hyperparameters(texts(data.get("HyperParameters"))),
            failure_reason=clean_block(text(data.get("FailureReason"))),
            tags=dict(tags),
            request=data,
            **_resources(data),
            **_results(data),
        )

    @classmethod
    def from_summary(cls, row: JobSummary) -> TrainingJob:
        """Create a job from its list row, for callers that may not describe it."""
        return cls(
            name=row.name,
            arn=row.arn,
            status=row.status,
            secondary_status=row.secondary_status,
            created=row.created,
            started=None,
            ended=row.ended,
            instance_type="",
            instance_count=1,
            spot=False,
            max_runtime=None,
            model_id=None,
            model_version=None,
            training_seconds=None,
            billable_seconds=None,
            output_path=None,
            uncompressed=False,
            failure_reason="",
        )

    @property
    def parent_model(self) -> str | None:
        """Return the model it started from: JumpStart id and version, or the `model` channel's URI."""
        if self.model_id:
            return f"{self.model_id} {self.model_version}" if self.model_version not in (None, "*") else self.model_id
        model = next((uri for name, uri in _channels(self.request) if name == "model"), "")
        return clean(model) or None

    @property
    def is_serverless(self) -> bool:
        """Return whether SageMaker chose the instances, of which nothing is told."""
        return bool(self.request.get("ServerlessJobConfig"))

    @property
    def is_recipe_job(self) -> bool:
        """Return whether it is a customization on instances: a training job that is given a recipe."""
        return _has_recipe(self.request)

    @property
    def is_customization(self) -> bool:
        """Return whether a recipe trains it, serverless or on instances."""
        return self.is_serverless or self.is_recipe_job

    @property
    def instances(self) -> dict[str, int]:
        """Return the number of instances by type; heterogeneous clusters have several types."""
        groups = list(rows(mapping(self.request.get("ResourceConfig")).get("InstanceGroups")))
        if not groups:
            return {self.instance_type: self.instance_count} if self.instance_type else {}
        found: dict[str, int] = {}
        for group in groups:
            type_ = text(group.get("InstanceType"))
            found[type_] = found.get(type_, 0) + (whole(group.get("InstanceCount")) or 0)
        return found

    @property
    def data_uris(self) -> dict[str, str]:
        """Return the data channels: name -> S3 URI, without JumpStart's own channels."""
        others = (*JUMPSTART_CHANNELS, RECIPE_CHANNEL) if self.is_recipe_job else JUMPSTART_CHANNELS
        return {name: clean(uri) for name, uri in _channels(self.request) if name not in others}

    def channel_uri(self, name: str) -> str:
        """Return the S3 URI of a channel; empty without it."""
        return next((clean(uri) for found, uri in _channels(self.request) if found == name), "")

    @property
    def diagnosis(self) -> Diagnosis | None:
        """Return the diagnosis of a failure or stop, with the job's own names in the remedy; None if unknown."""
        if self.status not in (JobStatus.FAILED, JobStatus.STOPPED):
            return None
        known = diagnose(f"{self.failure_reason}\n{self.secondary_status}")
        if known is None:
            return None
        uri = self.data_uris.get("training") or next(iter(self.data_uris.values()), "URI")
        names = {"NAME": self.name, "MODEL": self.model_id or "MODEL", "URI": uri}

        def named(text: str) -> str:
            return re.sub(r"\b(NAME|MODEL|URI)\b", lambda found: names[found[0]], text)

        return replace(known, remedy=filled(known.remedy, named))

    def elapsed_seconds(self, now: float) -> float:
        """Return the seconds from creation to the end, or to now."""
        return max(0.0, (now if self.ended is None else self.ended) - self.created)

    def billed_seconds(self, now: float) -> float:
        """Return the billed seconds so far, of all instances.

        Billing runs from TrainingStartTime to TrainingEndTime (CreateTrainingJob, BillableTimeInSeconds); for
        a running spot job this is an upper bound.
        """
        if self.billable_seconds is not None and self.status.is_final:
            return float(self.billable_seconds * self.instance_count)
        if self.started is None:
            return 0.0
        return max(0.0, (now if self.ended is None else self.ended) - self.started) * self.instance_count


def _base_model(data: Mapping[str, Any]) -> tuple[str, str] | None:
    """Return the model and version in the ARN of a serverless job's base model (`.../Model/ID/VERSION`)."""
    arn = text(mapping(data.get("ServerlessJobConfig")).get("BaseModelArn"))
    model_id, _, version = arn.partition("/Model/")[2].partition("/")
    return (model_id, version or "*") if model_id else None


def _resources(data: Mapping[str, Any]) -> dict[str, Any]:
    resources = mapping(data.get("ResourceConfig"))
    return {
        # With InstancePreferences, the selected type and count are those that are billed.
        "instance_type": text(resources.get("SelectedInstanceType")) or text(resources.get("InstanceType")),
        "instance_count": whole(resources.get("SelectedInstanceCount")) or whole(resources.get("InstanceCount")) or 1,
        "spot": bool(data.get("EnableManagedSpotTraining")),
        "max_runtime": whole(mapping(data.get("StoppingCondition")).get("MaxRuntimeInSeconds")),
        # The output of a customization is a prefix (jumpstart-2026 §2.6), and its request does not say so.
        "uncompressed": mapping(data.get("OutputDataConfig")).get("CompressionType") == "NONE"
        or bool(data.get("ServerlessJobConfig")),
    }


def _results(data: Mapping[str, Any]) -> dict[str, Any]:
    definitions = rows(mapping(data.get("AlgorithmSpecification")).get("MetricDefinitions"))
    metrics = rows(data.get("FinalMetricDataList"))
    return {
        "training_seconds": whole(data.get("TrainingTimeInSeconds")),
        "billable_seconds": whole(data.get("BillableTimeInSeconds")),
        "output_path": text(mapping(data.get("ModelArtifacts")).get("S3ModelArtifacts")) or None,
        "transitions": tuple(map(_transition, rows(data.get("SecondaryStatusTransitions")))),
        "metric_definitions": tuple(
            (text(each.get("Name")), text(each.get("Regex"))) for each in definitions if each.get("Name")
        )
        or (LOG_METRICS if data.get("ServerlessJobConfig") or _has_recipe(data) else ()),
        "final_metrics": {
            clean(text(each.get("MetricName"))): value
            for each in metrics
            if (value := number(each.get("Value"))) is not None
        },
    }


def _has_recipe(data: Mapping[str, Any]) -> bool:
    return RECIPE_HYPERPARAMETER in mapping(data.get("HyperParameters"))


def _channels(data: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield the name and the S3 URI of each input channel."""
    for channel in rows(data.get("InputDataConfig")):
        source = mapping(mapping(channel.get("DataSource")).get("S3DataSource"))
        yield text(channel.get("ChannelName")), text(source.get("S3Uri"))


def _end(data: Mapping[str, Any]) -> float | None:
    """Return when a job ended; None before.

    A job that never had an instance (it was stopped or failed while starting) may have no TrainingEndTime; its last
    phase or LastModifiedTime is used instead.
    """
    ended = seconds_of(data.get("TrainingEndTime"))
    if ended is not None or not JobStatus.parse(text(data.get("TrainingJobStatus"))).is_final:
        return ended
    last: Mapping[str, Any] = ([{}, *rows(data.get("SecondaryStatusTransitions"))])[-1]
    moments = (last.get("EndTime"), last.get("StartTime"), data.get("LastModifiedTime"))
    return next((seconds for seconds in map(seconds_of, moments) if seconds is not None), None)


def _transition(data: Mapping[str, Any]) -> Transition:
    return Transition(
        clean(text(data.get("Status"))),
        seconds_of(data.get("StartTime")) or 0.0,
        seconds_of(data.get("EndTime")),
        clean(text(data.get("StatusMessage"))),
    )


def iso(seconds: float | None) -> str | None:
    """Format epoch seconds as ISO 8601 in UTC; None for None, and for a time that is no date."""
    if seconds is None or not 0 <= seconds <= MAX_SECONDS:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
