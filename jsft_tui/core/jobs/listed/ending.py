"""Say in words how a job went wrong: as a headline, and where it stopped."""

from __future__ import annotations

from jsft_tui.core.common.durations import clock
from jsft_tui.core.jobs.metrics.log_metrics import Progress
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob


def cause_headline(job: TrainingJob) -> str:
    """Return the cause in words: `The GPU ran out of memory`."""
    if job.diagnosis is not None:
        return job.diagnosis.cause.rstrip(".")
    return "It was stopped" if job.status is JobStatus.STOPPED else "The training script failed"


def where_it_stopped(job: TrainingJob, progress: Progress | None) -> str:
    """Return where the training was when it stopped: `It stopped in epoch 2 of 10, 3:01 after training began.`"""
    training = next((phase for phase in reversed(job.transitions) if phase.status == "Training"), None)
    if training is None or job.ended is None:
        last = next((phase.status for phase in job.transitions if phase.end is None), "")
        return f"It stopped while {last}." if last and last != job.secondary_status else "It stopped before training."
    after = f"{clock(training.seconds(job.ended))} after training began"
    return (
        f"It stopped in epoch {progress.epoch} of {progress.epochs}, {after}." if progress else f"It stopped {after}."
    )
