"""Parse tuning jobs and their summaries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod
from typing import Any

from jsft_tui.core.catalog.job_tags import model_of
from jsft_tui.core.common.aws_status import EndingStatus
from jsft_tui.core.common.text import clean, clean_block
from jsft_tui.core.jobs.members import mapping, rows, seconds_of, text, whole
from jsft_tui.core.run.tuning import Direction
from jsft_tui.core.tuning.results.trials import Trial


class TuningStatus(EndingStatus):
    """HyperParameterTuningJobStatus."""

    IN_PROGRESS = "InProgress"
    COMPLETED = "Completed"
    FAILED = "Failed"
    STOPPING = "Stopping"
    STOPPED = "Stopped"
    DELETING = "Deleting"
    DELETE_FAILED = "DeleteFailed"
    UNKNOWN = "Unknown"


@dataclass(frozen=True)
class TrialCounts:
    """The number of trials by status (TrainingJobStatusCounters); `failed` are those that are not retried."""

    completed: int = 0
    running: int = 0
    retried: int = 0
    failed: int = 0
    stopped: int = 0

    @classmethod
    def parse(cls, data: Any) -> TrialCounts:
        """Parse the counters."""
        given = mapping(data)
        names = ("Completed", "InProgress", "RetryableError", "NonRetryableError", "Stopped")
        return cls(*(whole(given.get(name)) or 0 for name in names))

    @property
    def launched(self) -> int:
        """Return the number of trials so far."""
        return self.completed + self.running + self.retried + self.failed + self.stopped

    @property
    def ended(self) -> int:
        """Return the number of trials that have ended."""
        return self.completed + self.failed + self.stopped

    @property
    def words(self) -> str:
        """Return the counts that are not 0, in words: `7 completed, 2 running, 1 failed`."""
        counts = (
            (self.completed, "completed"),
            (self.running, "running"),
            (self.retried, "tried again"),
            (self.stopped, "stopped"),
            (self.failed, "failed"),
        )
        return ", ".join(f"{count} {word}" for count, word in counts if count) or "none yet"


@dataclass(frozen=True)
class TuningSummary:
    """A row of ListHyperParameterTuningJobs. Times are epoch seconds."""

    name: str
    arn: str
    status: TuningStatus
    strategy: str
    created: float
    ended: float | None
    counts: TrialCounts
    max_jobs: int | None

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> TuningSummary:
        """Parse a HyperParameterTuningJobSummary from boto3."""
        return cls(
            name=clean(text(data.get("HyperParameterTuningJobName"))),
            arn=text(data.get("HyperParameterTuningJobArn")),
            status=TuningStatus.parse(text(data.get("HyperParameterTuningJobStatus"))),
            strategy=clean(text(data.get("Strategy"))),
            created=seconds_of(data.get("CreationTime")) or 0.0,
            ended=seconds_of(data.get("HyperParameterTuningEndTime")),
            counts=TrialCounts.parse(data.get("TrainingJobStatusCounters")),
            max_jobs=whole(mapping(data.get("ResourceLimits")).get("MaxNumberOfTrainingJobs")),
        )


@dataclass(frozen=True)
class TuningJob:
    """A tuning job according to DescribeHyperParameterTuningJob and ListTags. Times are epoch seconds.

    Attributes:
        metric: the objective's name; empty when the service chose it.
        max_jobs: trials at most; None where the description does not tell.
        best: the best trial of this search; `overall_best` includes those of its parents.
        max_runtime: of one trial, in seconds.
        request: the response itself, for cloning and exporting.
    """

    name: str
    arn: str
    status: TuningStatus
    created: float
    ended: float | None
    strategy: str
    metric: str
    direction: Direction
    max_jobs: int | None
    parallel: int
    counts: TrialCounts
    best: Trial | None
    overall_best: Trial | None
    instance_type: str
    instance_count: int
    spot: bool
    max_runtime: int | None
    failure_reason: str
    model_id: str | None
    model_version: str | None
    tags: Mapping[str, str] = field(default_factory=dict)
    request: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def parse(cls, data: Mapping[str, Any], tags: Mapping[str, str]) -> TuningJob:
        """Parse a DescribeHyperParameterTuningJob response from boto3."""
        model_id, version = model_of(tags) or (None, None)
        return cls(
            name=clean(text(data.get("HyperParameterTuningJobName"))),
            arn=text(data.get("HyperParameterTuningJobArn")),
            status=TuningStatus.parse(text(data.get("HyperParameterTuningJobStatus"))),
            created=seconds_of(data.get("CreationTime")) or 0.0,
            ended=seconds_of(data.get("HyperParameterTuningEndTime")),
            counts=TrialCounts.parse(data.get("TrainingJobStatusCounters")),
            best=_trial(data.get("BestTrainingJob")),
            overall_best=_trial(data.get("OverallBestTrainingJob")),
            failure_reason=clean_block(text(data.get("FailureReason"))),
            model_id=model_id and clean(model_id),
            model_version=version and clean(version),
            tags=dict(tags),
            request=data,
            **_search(data),
            **_resources(_definition(data)),
        )

    @property
    def tuned(self) -> tuple[str, ...]:
        """Return the names of the hyperparameters that are searched, in the order of the request."""
        ranges = mapping(mapping(self.request.get("HyperParameterTuningJobConfig")).get("ParameterRanges"))
        kinds = ("ContinuousParameterRanges", "IntegerParameterRanges", "CategoricalParameterRanges", "AutoParameters")
        return tuple(clean(text(each.get("Name"))) for kind in kinds for each in rows(ranges.get(kind)))

    @property
    def static(self) -> tuple[str, ...]:
        """Return the names of the hyperparameters that all trials share."""
        given = mapping(_definition(self.request).get("StaticHyperParameters"))
        return tuple(name for name in given if not name.startswith("_tuning_"))

    @property
    def has_parents(self) -> bool:
        """Return whether the search learned from former ones."""
        return bool(self.request.get("WarmStartConfig"))


def _definition(data: Mapping[str, Any]) -> Mapping[str, Any]:
    several = list(rows(data.get("TrainingJobDefinitions")))
    return mapping(data.get("TrainingJobDefinition")) or (several[0] if several else {})


def _trial(data: Any) -> Trial | None:
    return Trial.parse(data) if mapping(data) else None


def _search(data: Mapping[str, Any]) -> dict[str, Any]:
    config = mapping(data.get("HyperParameterTuningJobConfig"))
    objective = mapping(config.get("HyperParameterTuningJobObjective"))
    limits = mapping(config.get("ResourceLimits"))
    minimized = text(objective.get("Type")) == "Minimize"
    return {
        "strategy": clean(text(config.get("Strategy"))),
        "metric": clean(text(objective.get("MetricName"))),
        "direction": Direction.MINIMIZE if minimized else Direction.MAXIMIZE,
        "max_jobs": whole(limits.get("MaxNumberOfTrainingJobs")) or _combinations(config),
        "parallel": whole(limits.get("MaxParallelTrainingJobs")) or 1,
    }


def _combinations(config: Mapping[str, Any]) -> int | None:
    """Return the number of trials of a grid, which the request need not say; None for other strategies."""
    if text(config.get("Strategy")) != "Grid":
        return None
    lists = rows(mapping(config.get("ParameterRanges")).get("CategoricalParameterRanges"))
    counts = [len(values) for each in lists if isinstance(values := each.get("Values"), list)]
    return prod(counts) if counts else None


def _resources(definition: Mapping[str, Any]) -> dict[str, Any]:
    resources = mapping(definition.get("HyperParameterTuningResourceConfig")) or mapping(
        definition.get("ResourceConfig")
    )
    return {
        "instance_type": text(resources.get("InstanceType")),
        "instance_count": whole(resources.get("InstanceCount")) or 1,
        "spot": bool(definition.get("EnableManagedSpotTraining")),
        "max_runtime": whole(mapping(definition.get("StoppingCondition")).get("MaxRuntimeInSeconds")),
    }
