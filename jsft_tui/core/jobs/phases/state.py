"""Describe the state of a job, or how it ended, in a few words."""

from __future__ import annotations

from dataclasses import dataclass

from jsft_tui.core.common.durations import clock
from jsft_tui.core.jobs.metrics.objective import short_name
from jsft_tui.core.jobs.metrics.objective_curve import final_value
from jsft_tui.core.jobs.phases.waiting import waiting
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob


@dataclass(frozen=True)
class JobState:
    """The state of a job.

    Attributes:
        word: a word or two beside the status: the phase, or the cause of a failure; empty if the status says it all.
        more: the same with details.
        needs_attention: whether it waits for something, or unusually long.
    """

    word: str
    more: str
    needs_attention: bool = False


def job_state(job: TrainingJob, now: float) -> JobState:
    """Return the state of a job at a time (epoch seconds)."""
    if not job.status.is_final:
        return _running(job, now)
    if (diagnosis := job.diagnosis) is not None:
        return JobState(diagnosis.words, diagnosis.words)
    if job.failure_reason:
        return JobState("", job.failure_reason.splitlines()[0])
    final = final_value(job)
    return JobState("", f"{final[1]:.4g} {short_name(final[0])}" if final is not None else "")


def _running(job: TrainingJob, now: float) -> JobState:
    phase = job.secondary_status if job.status in (JobStatus.IN_PROGRESS, JobStatus.STOPPING) else ""
    waits = waiting(job, now)
    if waits is None:
        return JobState(phase, phase)
    return JobState(waits.word, f"{waits.word} {clock(waits.seconds)}", needs_attention=True)
