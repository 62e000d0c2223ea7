"""Store training jobs on disk: tags and transitions with the state they belong to."""

from __future__ import annotations

import dataclasses
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from jsft_tui.sandbox.customization.recipe_job import is_recipe_job
from jsft_tui.sandbox.http.service import ACCOUNT_ID
from jsft_tui.sandbox.sagemaker.processes import ProcessIdentity, signal_group
from jsft_tui.sandbox.state.database import Database
from jsft_tui.sandbox.state.documents import Documents
from jsft_tui.sandbox.state.job_status import JobStatus

SHUT_DOWN_REASON = "InternalServerError: the sandbox was shut down while the job was running"
FAILURE_REASON_LIMIT = 1024
"""Characters of a FailureReason (DescribeTrainingJob, and "first 1024 of /opt/ml/output/failure")."""


class Phase(StrEnum):
    """The values of SecondaryStatus that the sandbox uses."""

    STARTING = "Starting"
    PENDING = "Pending"
    DOWNLOADING = "Downloading"
    TRAINING = "Training"
    UPLOADING = "Uploading"
    STOPPING = "Stopping"
    STOPPED = "Stopped"
    MAX_RUNTIME_EXCEEDED = "MaxRuntimeExceeded"
    COMPLETED = "Completed"
    FAILED = "Failed"


# The wording of StatusMessage: CreateTrainingJob's API reference and outputs printed in public issues.
MESSAGES: Mapping[Phase, str] = {
    Phase.STARTING: "Starting the training job",
    Phase.PENDING: "Training job waiting for capacity",
    Phase.DOWNLOADING: "Downloading input data",
    Phase.TRAINING: "Training image download completed. Training in progress.",
    Phase.UPLOADING: "Uploading generated training model",
    Phase.STOPPING: "Stopping the training job",
    Phase.STOPPED: "Training job stopped",
    Phase.MAX_RUNTIME_EXCEEDED: "Training job runtime exceeded MaxRuntimeInSeconds provided",
    Phase.COMPLETED: "Training job completed",
    Phase.FAILED: "Training job failed",
}


@dataclass(frozen=True)
class Transition:
    """A period in one phase, in epoch seconds; `end` is None while it lasts."""

    phase: Phase
    start: float
    message: str
    end: float | None = None


@dataclass(frozen=True)
class FinalMetric:
    """The last value of a metric, with its timestamp in epoch seconds."""

    name: str
    value: float
    timestamp: float


@dataclass(frozen=True)
class Job:
    """A training job: its request and its state. Times are epoch seconds.

    Attributes:
        request: CreateTrainingJob's parameters as received, without the tags.
        training_started: when its instances started and billing began; None while it waits.
        billable_seconds: set when the job is final.
        artifacts: S3 URI of the model, if any.
        platform_channels: names and S3 URIs of the channels that the platform adds to those of the request.
        progress: ProgressInfo of a serverless job.
        tokens: BillableTokenCount of a serverless job.
        package: ARN of the model package that it registered.
        process: the leader of its process group while it trains.
    """

    region: str
    name: str
    request: Mapping[str, Any]
    created: float
    modified: float
    status: JobStatus = JobStatus.IN_PROGRESS
    phase: Phase = Phase.STARTING
    transitions: tuple[Transition, ...] = ()
    tags: Mapping[str, str] = dataclasses.field(default_factory=dict)
    training_started: float | None = None
    training_ended: float | None = None
    billable_seconds: int | None = None
    failure_reason: str | None = None
    artifacts: str | None = None
    metrics: tuple[FinalMetric, ...] = ()
    process: ProcessIdentity | None = None
    platform_channels: Mapping[str, str] = dataclasses.field(default_factory=dict)
    progress: Mapping[str, int] | None = None
    tokens: int | None = None
    package: str | None = None

    @property
    def arn(self) -> str:
        """The job's ARN."""
        return f"arn:aws:sagemaker:{self.region}:{ACCOUNT_ID}:training-job/{self.name}"

    @property
    def is_spot(self) -> bool:
        """Whether managed spot training was requested."""
        return bool(self.request.get("EnableManagedSpotTraining"))

    @property
    def is_serverless(self) -> bool:
        """Whether it is a customization whose instances the platform chooses."""
        return "ServerlessJobConfig" in self.request

    @property
    def is_recipe_job(self) -> bool:
        """Whether it runs a recipe on instances."""
        return is_recipe_job(self.request)

    @property
    def max_runtime(self) -> int:
        """MaxRuntimeInSeconds; AWS's default is one day."""
        return int(self.request.get("StoppingCondition", {}).get("MaxRuntimeInSeconds", 86_400))

    @property
    def training_seconds(self) -> int | None:
        """TrainingTimeInSeconds; None until the job is final, or if it never trained."""
        if self.training_started is None or self.training_ended is None:
            return None
        return max(1, round(self.training_ended - self.training_started))

    def with_status(self, status: JobStatus, phase: Phase, message: str | None = None, **changes: Any) -> Job:
        """Return the job in its next phase, with the previous transition closed."""
        past = self.transitions
        # If the clock was set back, transitions must still be in order.
        now = max(time.time(), past[-1].start if past else 0.0)
        if past and past[-1].end is None:
            past = (*past[:-1], replace(past[-1], end=now))
        entered = Transition(phase, now, message or MESSAGES[phase], now if status.is_final else None)
        with_status = replace(self, status=status, phase=phase, transitions=(*past, entered), modified=now, **changes)
        return with_status._ended(now) if status.is_final else with_status

    def failed(self, reason: str) -> Job:
        """Return the job as `Failed`, with the reason truncated to the length that AWS returns."""
        return self.with_status(
            JobStatus.FAILED, Phase.FAILED, failure_reason=reason[:FAILURE_REASON_LIMIT], process=None
        )

    def _ended(self, now: float) -> Job:
        if self.training_started is None:
            return self
        ended = replace(self, training_ended=now, process=None)
        seconds = ended.training_seconds or 0
        if self.is_serverless:
            # Billed by tokens: a public issue shows BillableTimeInSeconds 0 for a job of 668 seconds.
            return replace(ended, billable_seconds=0)
        # Spot: simulated savings of 70 %, so that billable and training time differ as they do on AWS.
        return replace(ended, billable_seconds=max(1, round(seconds * 0.3)) if self.is_spot else seconds)


class JobStore(Documents[Job]):
    """All training jobs.

    Opening the store recovers from a killed sandbox: a job that was running becomes `Failed` with a reason, and its
    process group is killed if the process is still the same. A job that had not started is unaffected: `waiting()`
    returns it and the runner queues it again.
    """

    def __init__(self, root: Path) -> None:
        super().__init__(Database(root / "jobs.sqlite3"), "jobs", _read)
        for job in self.everywhere():
            self._recover(job)

    def waiting(self) -> list[Job]:
        """Return the jobs of all regions that have not started yet, oldest first."""
        jobs = self.everywhere()
        return [job for job in jobs if job.status is JobStatus.IN_PROGRESS and job.training_started is None]

    def _recover(self, job: Job) -> None:
        if job.status.is_final or (job.status is JobStatus.IN_PROGRESS and job.training_started is None):
            return
        if job.process is not None and job.process.is_alive():
            signal_group(job.process.pid, signal.SIGKILL)
        if job.training_started is None:
            self._save(job.with_status(JobStatus.STOPPED, Phase.STOPPED))
        else:
            self._save(job.failed(SHUT_DOWN_REASON))


def _read(document: dict[str, Any]) -> Job:
    process = document["process"]
    return Job(
        **{
            **document,
            "status": JobStatus(document["status"]),
            "phase": Phase(document["phase"]),
            "transitions": tuple(
                Transition(**{**entry, "phase": Phase(entry["phase"])}) for entry in document["transitions"]
            ),
            "metrics": tuple(FinalMetric(**entry) for entry in document["metrics"]),
            "process": None if process is None else ProcessIdentity(**process),
        }
    )
