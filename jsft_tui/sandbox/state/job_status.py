"""The status of a training, tuning or transform job."""

from __future__ import annotations

from enum import StrEnum


class JobStatus(StrEnum):
    """The values of TrainingJobStatus, HyperParameterTuningJobStatus and TransformJobStatus that the sandbox uses."""

    IN_PROGRESS = "InProgress"
    STOPPING = "Stopping"
    COMPLETED = "Completed"
    FAILED = "Failed"
    STOPPED = "Stopped"

    @property
    def is_final(self) -> bool:
        """Whether the job has ended."""
        return self in (JobStatus.COMPLETED, JobStatus.FAILED, JobStatus.STOPPED)
