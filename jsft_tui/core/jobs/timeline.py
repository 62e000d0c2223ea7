"""A job's phases in a row: what is done, what goes on, what comes, and how long the training still takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from jsft_tui.core.common.durations import clock
from jsft_tui.core.jobs.metrics.log_metrics import Progress
from jsft_tui.core.jobs.training_job import TrainingJob, Transition

MAIN_PHASES = ("Starting", "Downloading", "Training", "Uploading")
"""What every job goes through (DescribeTrainingJob, SecondaryStatus)."""

ENDS = frozenset({"Completed", "Failed", "Stopped", "MaxRuntimeExceeded", "MaxWaitTimeExceeded"})
"""Secondary statuses that a job ends with; they last no time."""

MOST_STAGES = 7
"""An interrupted spot job starts again and again: older phases are left out."""


class Moment(Enum):
    """When a stage is."""

    DONE = "done"
    NOW = "now"
    COMING = "coming"


@dataclass(frozen=True)
class Stage:
    """A phase as it is shown; `seconds` is None for one that lasts no time or has not come yet."""

    name: str
    seconds: float | None
    moment: Moment

    @property
    def text(self) -> str:
        """`Starting 0:04`, `Training 3:20…`, `Uploading`."""
        if self.seconds is None:
            return self.name
        return f"{self.name} {clock(self.seconds)}{'…' if self.moment is Moment.NOW else ''}"


def stages(job: TrainingJob, now: float) -> list[Stage]:
    """The phases that were, the one that is, and those that will be if all goes well."""
    was = list(job.transitions)
    left_out = max(0, len(was) - MOST_STAGES)
    found = [_stage(each, job, now) for each in was[left_out:]]
    if left_out:
        found.insert(0, Stage(f"{left_out} before", None, Moment.DONE))
    return [*found, *(Stage(name, None, Moment.COMING) for name in _coming(job))]


def _stage(transition: Transition, job: TrainingJob, now: float) -> Stage:
    if transition.status in ENDS:
        return Stage(transition.status, None, Moment.DONE)
    goes_on = transition.end is None and not job.status.is_final
    end = job.ended if transition.end is None and job.status.is_final else transition.end
    seconds = max(0.0, (now if end is None else end) - transition.start)
    return Stage(transition.status, seconds, Moment.NOW if goes_on else Moment.DONE)


def _coming(job: TrainingJob) -> Sequence[str]:
    if job.status.is_final or any(each.status == "Stopping" for each in job.transitions):
        return ()
    last = next((each.status for each in reversed(job.transitions) if each.status in MAIN_PHASES), None)
    return MAIN_PHASES[MAIN_PHASES.index(last) + 1 :] if last else MAIN_PHASES


@dataclass(frozen=True)
class EpochMark:
    """A log line that told how far the training is; `time` is epoch seconds."""

    time: float
    progress: Progress


def is_new_epoch(marks: Sequence[EpochMark], mark: EpochMark) -> bool:
    """Whether a mark says something new; within an epoch the first one counts."""
    return not marks or marks[-1].progress != mark.progress


def eta_seconds(marks: Sequence[EpochMark], now: float) -> float | None:
    """How long the epochs that are left take, at the pace of those that went by; None while that is not known.

    Whether a line marks an epoch's begin or its end differs between training scripts. Keras, which most of
    JumpStart's older models use, prints it at the begin, so the epoch that was named last is counted as one to go
    unless it is the last of all.
    """
    since = _current_round(marks)
    if len(since) < 2:
        return None
    first, last = since[0], since[-1]
    went_by = last.progress.epoch - first.progress.epoch
    if went_by <= 0:
        return None
    pace = (last.time - first.time) / went_by
    left = last.progress.epochs - last.progress.epoch
    return max(0.0, pace * (left + 1) - (now - last.time)) if left else 0.0


def _current_round(marks: Sequence[EpochMark]) -> Sequence[EpochMark]:
    """The marks since the training began, or began again (a spot job after an interruption)."""
    start = 0
    for number in range(1, len(marks)):
        before, here = marks[number - 1].progress, marks[number].progress
        if here.epoch < before.epoch or here.epochs != before.epochs:
            start = number
    return marks[start:]


def roughly(seconds: float) -> str:
    """A time to come, as exactly as it can be known: `a few s`, `40 s`, `2 min`, `1 h 20 min`."""
    if seconds < 10:
        return "a few s"
    if seconds < 90:
        return f"{round(seconds / 10) * 10} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    minutes = round(minutes / 10) * 10
    return f"{minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 else "")
