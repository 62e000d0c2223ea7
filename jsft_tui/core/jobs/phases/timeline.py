"""Arrange a job's phases: past, current and coming ones; estimate the remaining training time."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import Enum

from jsft_tui.core.common.durations import clock
from jsft_tui.core.jobs.metrics.log_metrics import EpochMark, LogLine, progress
from jsft_tui.core.jobs.training_job import TrainingJob, Transition

MAIN_PHASES = ("Starting", "Downloading", "Training", "Uploading")
"""The phases of every job (DescribeTrainingJob, SecondaryStatus)."""

ENDS = frozenset({"Completed", "Failed", "Stopped", "MaxRuntimeExceeded", "MaxWaitTimeExceeded"})
"""Final secondary statuses, which have no duration."""

MAX_STAGES = 7
"""An interrupted spot job restarts again and again; its oldest phases are left out."""


class Moment(Enum):
    """The position of a stage in time."""

    DONE = "done"
    NOW = "now"
    COMING = "coming"


@dataclass(frozen=True)
class Stage:
    """A phase to display; `seconds` is None if it has no duration or has not started."""

    name: str
    seconds: float | None
    moment: Moment

    @property
    def text(self) -> str:
        """Return `Starting 0:04`, `Training 3:20…`, `Uploading`."""
        if self.seconds is None:
            return self.name
        return f"{self.name} {clock(self.seconds)}{'…' if self.moment is Moment.NOW else ''}"


def stages(job: TrainingJob, now: float) -> list[Stage]:
    """Return the past phases, the current one, and those to come if the job succeeds."""
    past = list(job.transitions)
    left_out = max(0, len(past) - MAX_STAGES)
    found = [_stage(each, job, now) for each in past[left_out:]]
    if left_out:
        found.insert(0, Stage(f"{left_out} before", None, Moment.DONE))
    return [*found, *(Stage(name, None, Moment.COMING) for name in _coming(job))]


def _stage(transition: Transition, job: TrainingJob, now: float) -> Stage:
    if transition.status in ENDS:
        return Stage(transition.status, None, Moment.DONE)
    is_current = transition.end is None and not job.status.is_final
    end = job.ended if transition.end is None and job.status.is_final else transition.end
    seconds = max(0.0, (now if end is None else end) - transition.start)
    return Stage(transition.status, seconds, Moment.NOW if is_current else Moment.DONE)


def _coming(job: TrainingJob) -> Sequence[str]:
    if job.status.is_final or any(each.status == "Stopping" for each in job.transitions):
        return ()
    last = next((each.status for each in reversed(job.transitions) if each.status in MAIN_PHASES), None)
    return MAIN_PHASES[MAIN_PHASES.index(last) + 1 :] if last else MAIN_PHASES


def is_new_epoch(marks: Sequence[EpochMark], mark: EpochMark) -> bool:
    """Return whether a mark reports a new epoch; the first one of an epoch counts."""
    return not marks or marks[-1].progress != mark.progress


def noting_epochs(lines: Iterable[LogLine], marks: list[EpochMark]) -> Iterator[LogLine]:
    """Yield the lines of a log as they are, and add a mark for each new epoch that they report."""
    for line in lines:
        found = progress(line.text)
        if found is not None and is_new_epoch(marks, mark := EpochMark(line.time, found)):
            marks.append(mark)
        yield line


def eta_seconds(marks: Sequence[EpochMark], now: float) -> float | None:
    """Estimate the duration of the remaining epochs from the pace of the completed ones; None if unknown.

    Whether a line marks the start or the end of an epoch differs between training scripts. Keras, which most of
    JumpStart's older models use, prints it at the start, so the last reported epoch counts as remaining unless it is
    the last of all.
    """
    since = _since_restart(marks)
    if len(since) < 2:
        return None
    first, last = since[0], since[-1]
    completed = last.progress.epoch - first.progress.epoch
    if completed <= 0:
        return None
    pace = (last.time - first.time) / completed
    left = last.progress.epochs - last.progress.epoch
    return max(0.0, pace * (left + 1) - (now - last.time)) if left else 0.0


def _since_restart(marks: Sequence[EpochMark]) -> Sequence[EpochMark]:
    """Return the marks since training started, or restarted (a spot job after an interruption)."""
    start = 0
    for number in range(1, len(marks)):
        before, here = marks[number - 1].progress, marks[number].progress
        if here.epoch < before.epoch or here.epochs != before.epochs:
            start = number
    return marks[start:]


FEW_SECONDS = 10.0
"""Seconds below which they are not counted."""


def about_duration(seconds: float) -> str:
    """Format a remaining time with `about`, unless it says that already: `a few seconds`, `about 2 min`."""
    text = rough_duration(seconds)
    return text if seconds < FEW_SECONDS else f"about {text}"


def rough_duration(seconds: float) -> str:
    """Format a remaining time as precisely as it is known: `a few seconds`, `40 s`, `2 min`, `1 h 20 min`."""
    if seconds < FEW_SECONDS:
        return "a few seconds"
    if seconds < 90:
        return f"{round(seconds / 10) * 10} s"
    minutes = round(seconds / 60)
    if minutes < 90:
        return f"{minutes} min"
    minutes = round(minutes / 10) * 10
    return f"{minutes // 60} h" + (f" {minutes % 60} min" if minutes % 60 else "")
