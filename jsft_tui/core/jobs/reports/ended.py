"""The jobs that ended while nobody looked."""

from __future__ import annotations

from collections.abc import Iterable

from jsft_tui.core.jobs.training_job import TrainingJob


def ended_since(jobs: Iterable[TrainingJob], left: float | None) -> tuple[TrainingJob, ...]:
    """Return the jobs that ended after a moment, the last one first; none without a moment.

    Args:
        jobs: known jobs.
        left: when jsft was last open, in epoch seconds; None if it never was.
    """
    if left is None:
        return ()
    ended = [(job.ended, job) for job in jobs if job.status.is_final and job.ended is not None and job.ended > left]
    return tuple(job for _, job in sorted(ended, key=lambda pair: pair[0], reverse=True))
