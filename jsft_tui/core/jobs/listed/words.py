"""Say of a job in a row: how its objective is or why it has none, how far it is or when it ended."""

from __future__ import annotations

from datetime import datetime

from jsft_tui.core.common.durations import clock
from jsft_tui.core.jobs.customization.customization_job import customization_job
from jsft_tui.core.jobs.metrics.log_metrics import Progress
from jsft_tui.core.jobs.phases.state import job_state
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob

PROGRESS_CELLS = 10
_UNKNOWN_END = "failed"


def ago(moment: datetime, now: datetime) -> str:
    """Return when something was, in at most ten characters: `38 min ago`, `3 h ago`, `26 Nov`, `Nov 2025`."""
    seconds = (now - moment).total_seconds()
    if seconds < 60:
        return "just now"
    if seconds < 3600:
        return f"{int(seconds // 60)} min ago"
    if seconds < 86_400:
        return f"{int(seconds // 3600)} h ago"
    if moment.year == now.year:
        return f"{moment.day} {moment:%b}"
    return f"{moment:%b %Y}"


def cause_words(job: TrainingJob, now: float) -> str:
    """Return why a job failed or stopped, or its phase; empty of one that completed.

    Args:
        job: the job.
        now: epoch seconds.
    """
    state = job_state(job, now)
    match job.status:
        case JobStatus.COMPLETED:
            return ""
        case JobStatus.FAILED:
            kind = job.failure_reason.partition(":")[0].strip()
            return state.word or (kind if kind.isalnum() else _UNKNOWN_END)
        case JobStatus.STOPPED:
            return state.word or "stopped"
        case _:
            return state.word or job.secondary_status or job.status.value


def progress_words(job: TrainingJob, progress: Progress | None, now: datetime) -> str:
    """Return how far a running job is, or when another one ended.

    Args:
        job: the job.
        progress: its epochs; None if unknown.
        now: local time.
    """
    if job.ended is not None:
        return ago(datetime.fromtimestamp(job.ended, now.tzinfo), now)
    if job.status not in (JobStatus.IN_PROGRESS, JobStatus.STOPPING):
        return ""
    progress = progress or told_by_service(job)
    if progress is not None and job.secondary_status == "Training":
        short = f"{progress.epoch}/{progress.epochs}"
        return f"epoch {short}" if len(short) <= PROGRESS_CELLS - len("epoch ") else short
    current = job.transitions[-1] if job.transitions and job.transitions[-1].end is None else None
    return clock(current.seconds(now.timestamp())) if current is not None else job.secondary_status


def told_by_service(job: TrainingJob) -> Progress | None:
    """Return the epochs of a customization job (ProgressInfo); None for any other."""
    found = customization_job(job)
    if found is None or found.epoch is None or found.epochs is None:
        return None
    return Progress(found.epoch, found.epochs)
