"""What a person who looks away wants to be told of a running job, once each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from jsft_tui.core.common.durations import clock
from jsft_tui.core.common.text import dollars
from jsft_tui.core.jobs.metrics.log_metrics import Progress
from jsft_tui.core.jobs.metrics.objective import Points, is_plateau, lower_is_better, short_name
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.core.jobs.waiting import waiting

SILENCE = 600.0
"""Seconds without a log line, while training, that are told."""
PLATEAU_POINTS, PLATEAU_GAIN = 5, 0.01
"""A held-out metric whose last so many values gained less than this part of the whole way."""
IDLE_PERCENT, IDLE_MINUTES = 5.0, 10
"""A GPU that was busy for less than so many percent in each of so many minutes."""
NEAR = 0.9
"""Part of the longest run time, or of the cost cap, from which on it is told."""

# A loss that is no number any more: `loss: nan`, `'loss': inf`, `train_loss=NaN`.
_NOT_FINITE = re.compile(r"(?i)\b(\w*loss)['\"]?\s*[:=]\s*(?:tensor\()?(-?(?:nan|inf(?:inity)?))\b")


class AlertKind(Enum):
    """What an alert is about; each is told once for a job."""

    NOT_FINITE = "not_finite"
    PLATEAU = "plateau"
    SILENCE = "silence"
    GPU_IDLE = "gpu_idle"
    WAITING = "waiting"
    TIME_LIMIT = "time_limit"
    COST_CAP = "cost_cap"
    ENDED = "ended"


@dataclass(frozen=True)
class Alert:
    """Something to be told: what about, and one sentence with what to do."""

    kind: AlertKind
    text: str


@dataclass(frozen=True)
class Watched:
    """What is known of a job at a moment.

    Attributes:
        job: the job.
        now: epoch seconds.
        metrics: metric -> its values.
        last_line: when it wrote last (epoch seconds); None when it has not written anything.
        not_finite: name of a loss that was no number any more; empty when all were.
        gpu: (time, percent of all GPUs), oldest first, a value a minute.
        cost: USD so far; None when the price is not known.
        cap: USD that the run may cost; None without a cap.
        reads_log: whether all that it wrote until now is known; else its silence says nothing.
        progress: how far the training is; None while that is not known.
        knows_metrics: whether the metrics go up to now; else that they do not get better says nothing.
    """

    job: TrainingJob
    now: float
    metrics: Mapping[str, Points]
    last_line: float | None = None
    not_finite: str = ""
    gpu: Sequence[tuple[float, float]] = ()
    cost: float | None = None
    cap: float | None = None
    reads_log: bool = True
    progress: Progress | None = None
    knows_metrics: bool = True


def non_finite_loss(text: str) -> str:
    """The name of a loss that a log line says to be no number any more; empty for none."""
    small = text.lower()
    if "loss" not in small or ("nan" not in small and "inf" not in small):
        return ""  # nearly every line: the expression is slow
    match = _NOT_FINITE.search(text)
    return match[1] if match else ""


def alerts(watched: Watched, told: Iterable[AlertKind] = ()) -> list[Alert]:
    """What is to be told now and was not told yet."""
    known = set(told)
    return [alert for alert in _all_alerts(watched) if alert.kind not in known]


def listed_alerts(watched: Watched, told: Iterable[AlertKind] = ()) -> list[Alert]:
    """The same of a job in a list, whose log and metrics nobody reads: its end, its limits, and a long wait."""
    known = set(told)
    found = _ended(watched.job) if watched.job.status.is_final else _limits(watched)
    return [alert for alert in found if alert.kind not in known]


def _ended(job: TrainingJob) -> Iterator[Alert]:
    yield Alert(AlertKind.ENDED, f"{job.name} is {job.status.value}.")


def _all_alerts(watched: Watched) -> Iterator[Alert]:
    job = watched.job
    if job.status.is_final:
        yield from _ended(job)
        return
    if watched.not_finite:
        text = (
            f"{watched.not_finite} is no finite number any more: the model is lost. Stop it, lower the learning rate."
        )
        yield Alert(AlertKind.NOT_FINITE, text)
    yield from _limits(watched)
    if job.status is JobStatus.IN_PROGRESS and job.secondary_status == "Training":
        yield from _while_training(watched)


def _limits(watched: Watched) -> Iterator[Alert]:
    job = watched.job
    waits = waiting(job, watched.now)
    if waits is not None and waits.is_long:
        yield Alert(AlertKind.WAITING, waits.text)
    if job.started is not None and job.max_runtime:
        spent = watched.now - job.started
        if spent >= NEAR * job.max_runtime:
            left = clock(max(0.0, job.max_runtime - spent))
            text = f"{left} until the longest run time of {clock(job.max_runtime)}: then it is stopped."
            yield Alert(AlertKind.TIME_LIMIT, text)
    if watched.cost is not None and watched.cap is not None and watched.cost >= NEAR * watched.cap:
        yield Alert(AlertKind.COST_CAP, f"{dollars(watched.cost)} of the cap of {dollars(watched.cap)} are spent.")


def _while_training(watched: Watched) -> Iterator[Alert]:
    since = watched.last_line if watched.last_line is not None else _training_since(watched.job)
    if watched.reads_log and since is not None and watched.now - since >= SILENCE:
        text = f"no log line for {clock(watched.now - since)}: it may hang. Look at its log and at the GPUs."
        yield Alert(AlertKind.SILENCE, text)
    recent = watched.gpu[-IDLE_MINUTES:]
    if len(recent) == IDLE_MINUTES and all(percent < IDLE_PERCENT for _, percent in recent):
        text = f"the GPUs were idle for {IDLE_MINUTES} minutes: data loading may be too slow, or nothing runs on them."
        yield Alert(AlertKind.GPU_IDLE, text)
    yield from _plateau(watched)


def _plateau(watched: Watched) -> Iterator[Alert]:
    """Told while stopping would save something: not in the last epoch, and not of a part of the values only."""
    is_last = watched.progress is not None and watched.progress.epoch >= watched.progress.epochs
    if is_last or not watched.knows_metrics:
        return
    for name, series in watched.metrics.items():
        if is_plateau(name, series, PLATEAU_POINTS, PLATEAU_GAIN):
            way = "fell" if lower_is_better(name) else "rose"
            yield Alert(AlertKind.PLATEAU, f"{short_name(name)} hardly {way} over its last {PLATEAU_POINTS} values.")
            return


def _training_since(job: TrainingJob) -> float | None:
    return next((phase.start for phase in reversed(job.transitions) if phase.status == "Training"), None)
