"""The running jobs in one line, for a terminal's last line or a tmux status line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import dollars, fit, plural
from jsft_tui.core.jobs.metrics.log_metrics import Progress
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.sizing.pricing import Price

MOST_JOBS = 4
"""Jobs in the line; the others are counted."""
NAME_CELLS = 20
SEPARATOR = " │ "


@dataclass(frozen=True)
class RunningJob:
    """A running job, as far as a line needs it. Times are epoch seconds.

    Attributes:
        name: its name.
        phase: secondary status, in SageMaker's words.
        started: when billing began; None before.
        usd_per_hour: of all its instances; None if unknown.
        progress: epochs; None if unknown.
        value: the last value of its objective; None without one.
        ends: when training is expected to end; None if unknown.
        read: when progress and value were last read; 0 before.
    """

    name: str
    phase: str
    started: float | None = None
    usd_per_hour: float | None = None
    progress: Progress | None = None
    value: float | None = None
    ends: float | None = None
    read: float = 0.0

    def cost(self, now: float) -> float | None:
        """Return USD so far; None if unknown."""
        if self.started is None:
            return 0.0
        return None if self.usd_per_hour is None else max(0.0, now - self.started) * self.usd_per_hour / 3600

    def with_details_of(self, known: RunningJob | None) -> RunningJob:
        """Return it with the progress, value, and end of an earlier state."""
        if known is None:
            return self
        value = known.value if self.value is None else self.value
        return replace(self, progress=known.progress, value=value, ends=known.ends, read=known.read)


def running_job(job: TrainingJob, prices: Mapping[str, Price]) -> RunningJob:
    """Return a job as the line needs it; one that was not described has neither start nor price."""
    known = job.instances and job.instances.keys() <= prices.keys()
    rate = sum(prices[type_].usd_per_hour * count for type_, count in job.instances.items()) if known else None
    return RunningJob(job.name, job.secondary_status, job.started, rate)


@dataclass(frozen=True)
class RunningReport:
    """The running jobs of a target at one time.

    Attributes:
        asked: when they were last asked for, in epoch seconds.
        jobs: the running ones, newest first.
        ended: those of the report before that have ended, with the words of their status.
        problem: code of the Problem of the last call; empty if it succeeded.
        flags: options of the command line that lead to the target; empty for the usual one.
    """

    asked: float
    jobs: tuple[RunningJob, ...] = ()
    ended: tuple[tuple[str, str], ...] = ()
    problem: str = ""
    flags: str = ""


def status_line(jobs: Sequence[RunningJob], now: float) -> str:
    """Return `● flowers 4/10 0.964 ~18m $1.09 │ ● tickets 1/3 1.207 ~2h $4.96`; empty if nothing runs."""
    names = short_names(job.name for job in jobs)
    parts = [_part(job, name, now) for job, name in zip(jobs[:MOST_JOBS], names, strict=False)]
    if len(jobs) > MOST_JOBS:
        parts.append(f"{len(jobs) - MOST_JOBS} more")
    return SEPARATOR.join(parts)


def _part(job: RunningJob, name: str, now: float) -> str:
    words = [Status.RUNNING.glyph, fit(name, NAME_CELLS)]
    words.append(f"{job.progress.epoch}/{job.progress.epochs}" if job.progress else job.phase)
    if job.value is not None:
        words.append(f"{job.value:.3g}" if abs(job.value) < 0.1 else f"{job.value:.3f}")
    if job.ends is not None and job.phase == "Training":
        words.append(f"~{_short_duration(max(0.0, job.ends - now))}")
    if (cost := job.cost(now)) is not None:
        words.append(dollars(cost))
    return " ".join(word for word in words if word)


def _short_duration(seconds: float) -> str:
    """Return a rough duration in one unit: `40s`, `18m`, `2h`."""
    if seconds < 60:
        return f"{round(seconds)}s"
    return f"{round(seconds / 60)}m" if seconds < 90 * 60 else f"{round(seconds / 3600)}h"


def short_names(names: Iterable[str]) -> list[str]:
    """Shorten names to the first words (between hyphens) that tell them apart."""
    parts = [name.split("-") for name in names]
    return ["-".join(own[: _words_needed(own, parts)]) for own in parts]


def _words_needed(own: Sequence[str], all_names: Sequence[Sequence[str]]) -> int:
    for count in range(1, len(own)):
        if sum(other[:count] == own[:count] for other in all_names) == 1:
            return count
    return len(own)


def going_on(jobs: Sequence[RunningJob]) -> str:
    """Return `2 jobs go on ($11.98/h)`; empty if nothing runs."""
    if not jobs:
        return ""
    verb = "goes" if len(jobs) == 1 else "go"
    rates = [job.usd_per_hour for job in jobs if job.usd_per_hour is not None]
    least = "at least " if len(rates) < len(jobs) else ""
    rate = f" ({least}{dollars(sum(rates))}/h)" if rates else ""
    return f"{plural(len(jobs), 'job')} {verb} on{rate}"
