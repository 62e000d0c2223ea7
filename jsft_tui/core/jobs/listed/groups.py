"""Group the jobs of a list: what ended while nobody looked, what runs, what waits, then by the day."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from jsft_tui.core.jobs.listed.words import ago
from jsft_tui.core.jobs.phases.waiting import NO_CAPACITY, waiting
from jsft_tui.core.jobs.reports.ended import ended_since
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob

LEAST_ABSENCE = timedelta(hours=1)


@dataclass(frozen=True)
class JobGroup:
    """Jobs under a heading; `note` follows the heading."""

    title: str
    note: str
    jobs: tuple[TrainingJob, ...]


def was_away(left: datetime | None, now: datetime) -> bool:
    """Return whether somebody comes back: on another day, or after an hour. `left` is None for a first visit."""
    return left is not None and (left.date() != now.date() or now - left >= LEAST_ABSENCE)


def job_groups(jobs: Sequence[TrainingJob], now: datetime, left: datetime | None = None) -> list[JobGroup]:
    """Group jobs; groups without jobs are left out.

    Args:
        jobs: newest first.
        now: local time.
        left: when jsft was last open, if what has ended since is to be told.
    """
    seconds = now.timestamp()
    ended = ended_since(jobs, left.timestamp()) if left is not None else ()
    told = {job.name for job in ended}
    rest = [job for job in jobs if job.name not in told]
    running = [job for job in rest if job.status in (JobStatus.IN_PROGRESS, JobStatus.STOPPING)]
    waits = {job.name for job in running if _waits(job, seconds)}
    groups = [
        JobGroup("Since you left", ago(left, now) if left is not None else "", ended),
        _counted("Running", (job for job in running if job.name not in waits)),
        _counted("Waiting for capacity", (job for job in running if job.name in waits)),
        *_by_day([job for job in rest if job not in running], now),
    ]
    return [group for group in groups if group.jobs]


def _by_day(jobs: Sequence[TrainingJob], now: datetime) -> list[JobGroup]:
    """Group jobs by the day of their end, the last one first."""
    today, yesterday = now.date(), now.date() - timedelta(days=1)
    days: dict[str, list[TrainingJob]] = {"Today": [], "Yesterday": [], "Earlier": []}
    for job in sorted(jobs, key=_moment, reverse=True):
        day = datetime.fromtimestamp(_moment(job), now.tzinfo).date()
        days["Today" if day >= today else "Yesterday" if day == yesterday else "Earlier"].append(job)
    return [_counted(title, found) for title, found in days.items()]


def _counted(title: str, jobs: Iterable[TrainingJob]) -> JobGroup:
    found = tuple(jobs)
    return JobGroup(title, f"{len(found):,}", found)


def _moment(job: TrainingJob) -> float:
    return job.created if job.ended is None else job.ended


def _waits(job: TrainingJob, now: float) -> bool:
    waits = waiting(job, now)
    return waits is not None and waits.word == NO_CAPACITY
