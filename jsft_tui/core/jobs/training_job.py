"""Training jobs: what the service says of them, and what follows from it (times, phases, output)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import Enum
from math import isfinite
from typing import Any

from jsft_tui.core.catalog.encoding import decoded_hyperparameters
from jsft_tui.core.catalog.job_tags import JUMPSTART_CHANNELS, model_of
from jsft_tui.core.common.remedy import filled
from jsft_tui.core.common.text import clean, clean_block
from jsft_tui.core.jobs.failures import Diagnosis, diagnose


class JobStatus(Enum):
    """TrainingJobStatus. Values that this version does not know become `UNKNOWN` (AWS reserves the right)."""

    IN_PROGRESS = "InProgress"
    COMPLETED = "Completed"
    FAILED = "Failed"
    STOPPING = "Stopping"
    STOPPED = "Stopped"
    DELETING = "Deleting"
    UNKNOWN = "Unknown"

    @classmethod
    def parse(cls, text: str) -> JobStatus:
        """The status by its AWS name."""
        return next((status for status in cls if status.value == text), cls.UNKNOWN)

    @property
    def is_final(self) -> bool:
        """Whether the job will not change any more."""
        return self in (JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.STOPPED)

    @property
    def glyph(self) -> str:
        """A sign that goes with the word; never alone."""
        return _GLYPHS.get(self, "?")


_GLYPHS = {
    JobStatus.IN_PROGRESS: "●",
    JobStatus.COMPLETED: "✔",
    JobStatus.FAILED: "✖",
    JobStatus.STOPPING: "■",
    JobStatus.STOPPED: "■",
}


@dataclass(frozen=True)
class Transition:
    """A phase of a job (a SecondaryStatusTransition). Times are epoch seconds; `end` is None while it lasts."""

    status: str
    start: float
    end: float | None
    message: str

    def seconds(self, now: float) -> float:
        """How long it has lasted."""
        return max(0.0, (now if self.end is None else self.end) - self.start)


@dataclass(frozen=True)
class JobSummary:
    """A row of ListTrainingJobs. Times are epoch seconds; `ended` is known of every job that has ended."""

    name: str
    arn: str
    status: JobStatus
    created: float
    modified: float | None = None
    ended: float | None = None
    secondary_status: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> JobSummary:
        """Read a TrainingJobSummary as boto3 gives it."""
        created = seconds_of(data.get("CreationTime"))
        return cls(
            name=clean(str(data["TrainingJobName"])),
            arn=str(data.get("TrainingJobArn", "")),
            status=JobStatus.parse(str(data.get("TrainingJobStatus", ""))),
            created=created or 0.0,
            modified=seconds_of(data.get("LastModifiedTime")),
            ended=_end(data),
            secondary_status=clean(str(data.get("SecondaryStatus", ""))),
        )

    def elapsed_seconds(self, now: float) -> float:
        """From creation to the end, or to now."""
        return max(0.0, (now if self.ended is None else self.ended) - self.created)


@dataclass(frozen=True)
class TrainingJob:
    """What DescribeTrainingJob (and ListTags) say of a job. Times are epoch seconds.

    Attributes:
        ended: known of every job that has ended, also of one that never had a machine.
        training_seconds: TrainingTimeInSeconds; billable_seconds: BillableTimeInSeconds of one instance.
        output_path: ModelArtifacts.S3ModelArtifacts, exactly as the service returned it.
        uncompressed: whether the output is a prefix instead of a model.tar.gz (CompressionType NONE).
        final_metrics: FinalMetricDataList, the last value of each metric.
        request: the answer itself, for cloning and for export.
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

    @classmethod
    def parse(cls, data: Mapping[str, Any], tags: Mapping[str, str]) -> TrainingJob:
        """Read a DescribeTrainingJob answer as boto3 gives it."""
        model_id, version = model_of(tags) or (None, None)
        return cls(
            name=clean(str(data["TrainingJobName"])),
            arn=str(data.get("TrainingJobArn", "")),
            status=JobStatus.parse(str(data.get("TrainingJobStatus", ""))),
            secondary_status=clean(str(data.get("SecondaryStatus", ""))),
            created=seconds_of(data.get("CreationTime")) or 0.0,
            started=seconds_of(data.get("TrainingStartTime")),
            ended=_end(data),
            model_id=model_id and clean(model_id),
            model_version=version and clean(version),
            hyperparameters=decoded_hyperparameters(data.get("HyperParameters") or {}),
            failure_reason=clean_block(str(data.get("FailureReason") or "")),
            tags=dict(tags),
            request=data,
            **_resources(data),
            **_results(data),
        )

    @classmethod
    def from_summary(cls, row: JobSummary) -> TrainingJob:
        """What a row of a list tells of a job that may not be described."""
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
        """The model it started from: JumpStart id and version, else the `model` channel's URI."""
        if self.model_id:
            return f"{self.model_id} {self.model_version}" if self.model_version else self.model_id
        for channel in self.request.get("InputDataConfig") or ():
            if channel.get("ChannelName") == "model":
                return clean(channel.get("DataSource", {}).get("S3DataSource", {}).get("S3Uri", "")) or None
        return None

    @property
    def instances(self) -> dict[str, int]:
        """Instance type -> how many it holds; several types when the cluster is of several groups."""
        groups = (self.request.get("ResourceConfig") or {}).get("InstanceGroups") or ()
        if not groups:
            return {self.instance_type: self.instance_count} if self.instance_type else {}
        found: dict[str, int] = {}
        for group in groups:
            type_ = str(group.get("InstanceType", ""))
            found[type_] = found.get(type_, 0) + int(group.get("InstanceCount") or 0)
        return found

    @property
    def data_uris(self) -> dict[str, str]:
        """Its data channels: name -> S3 URI, without JumpStart's own channels."""
        channels = self.request.get("InputDataConfig") or ()
        found = {str(c.get("ChannelName")): c.get("DataSource", {}).get("S3DataSource", {}) for c in channels}
        return {
            name: clean(str(source.get("S3Uri", "")))
            for name, source in found.items()
            if name not in JUMPSTART_CHANNELS
        }

    @property
    def diagnosis(self) -> Diagnosis | None:
        """What a failure or a stop means, with the job's own names in the remedy; None when it is not known."""
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
        """From creation to the end, or to now."""
        return max(0.0, (now if self.ended is None else self.ended) - self.created)

    def billed_seconds(self, now: float) -> float:
        """What is billed so far, over all instances.

        Billing runs from TrainingStartTime to TrainingEndTime (CreateTrainingJob, BillableTimeInSeconds); for
        a spot job that is still running this is an upper bound.
        """
        if self.billable_seconds is not None and self.status.is_final:
            return float(self.billable_seconds * self.instance_count)
        if self.started is None:
            return 0.0
        return max(0.0, (now if self.ended is None else self.ended) - self.started) * self.instance_count


def _resources(data: Mapping[str, Any]) -> dict[str, Any]:
    resources = data.get("ResourceConfig") or {}
    return {
        "instance_type": str(resources.get("InstanceType") or ""),
        "instance_count": int(resources.get("InstanceCount") or 1),
        "spot": bool(data.get("EnableManagedSpotTraining")),
        "max_runtime": (data.get("StoppingCondition") or {}).get("MaxRuntimeInSeconds"),
        "uncompressed": (data.get("OutputDataConfig") or {}).get("CompressionType") == "NONE",
    }


def _results(data: Mapping[str, Any]) -> dict[str, Any]:
    definitions = (data.get("AlgorithmSpecification") or {}).get("MetricDefinitions") or ()
    metrics = data.get("FinalMetricDataList") or ()
    return {
        "training_seconds": data.get("TrainingTimeInSeconds"),
        "billable_seconds": data.get("BillableTimeInSeconds"),
        "output_path": (data.get("ModelArtifacts") or {}).get("S3ModelArtifacts"),
        "transitions": tuple(map(_transition, data.get("SecondaryStatusTransitions") or ())),
        "metric_definitions": tuple((str(d["Name"]), str(d["Regex"])) for d in definitions),
        "final_metrics": {clean(str(m["MetricName"])): float(m["Value"]) for m in metrics if isfinite(m["Value"])},
    }


def _end(data: Mapping[str, Any]) -> float | None:
    """When a job ended; None while it has not.

    TrainingEndTime is when it ended on its machines, so one that never had a machine (stopped or failed while it was
    starting) may have none: then its last phase tells, or the time when its status changed last.
    """
    ended = seconds_of(data.get("TrainingEndTime"))
    if ended is not None or not JobStatus.parse(str(data.get("TrainingJobStatus", ""))).is_final:
        return ended
    last: Mapping[str, Any] = next(reversed(data.get("SecondaryStatusTransitions") or ()), {})
    moments = (last.get("EndTime"), last.get("StartTime"), data.get("LastModifiedTime"))
    return next((seconds for seconds in map(seconds_of, moments) if seconds is not None), None)


def _transition(data: Mapping[str, Any]) -> Transition:
    return Transition(
        clean(str(data.get("Status", ""))),
        seconds_of(data.get("StartTime")) or 0.0,
        seconds_of(data.get("EndTime")),
        clean(str(data.get("StatusMessage") or "")),
    )


def seconds_of(moment: Any) -> float | None:
    """Epoch seconds of what boto3 gives as a time (datetime or number); None for none."""
    if isinstance(moment, datetime):
        return moment.timestamp()
    return float(moment) if isinstance(moment, (int, float)) else None


def iso(seconds: float | None) -> str | None:
    """Epoch seconds as ISO 8601 in UTC; None for none."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
