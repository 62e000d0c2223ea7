"""What there is to say in a few words of where a job stands, or of how it ended."""

from __future__ import annotations

from dataclasses import dataclass

from jsft_tui.core.common.durations import clock
from jsft_tui.core.jobs.metrics.objective import short_name
from jsft_tui.core.jobs.objective_curve import final_value
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.core.jobs.waiting import waiting


@dataclass(frozen=True)
class JobState:
    """Where a job stands.

    Attributes:
        word: a word or two that go with its status: the phase, or why it failed; empty when the status says all.
        more: the same with what else is worth to be known.
        needs_look: whether it waits for something, or waits for long.
    """

    word: str
    more: str
    needs_look: bool = False


def job_state(job: TrainingJob, now: float) -> JobState:
    """The state of a job at a time (epoch seconds)."""
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
    return JobState(waits.word, f"{waits.word} {clock(waits.seconds)}", needs_look=True)
