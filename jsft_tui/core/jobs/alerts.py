"""Decide which alerts a running job raises; each kind is raised once per job."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from jsft_tui.core.common.durations import clock
from jsft_tui.core.common.text import dollars
from jsft_tui.core.jobs.metrics.log_metrics import Progress
from jsft_tui.core.jobs.metrics.objective import Points, is_plateau, lower_is_better, short_name
from jsft_tui.core.jobs.phases.waiting import waiting
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob

SILENCE = 600.0
"""Seconds without a log line, while training, after which an alert is raised."""
PLATEAU_POINTS, PLATEAU_GAIN = 5, 0.01
"""Alert if the last values of a held-out metric, so many, gained less than this part of the total gain."""
IDLE_PERCENT, IDLE_MINUTES = 5.0, 10
"""Alert if the GPUs were used less than so many percent in each of so many minutes."""
NEAR = 0.9
"""Part of the maximum runtime, or of the cost cap, at which an alert is raised."""

# `loss: nan`, `'loss': inf`, `train_loss=NaN`
_NOT_FINITE = re.compile(r"(?i)\b(\w*loss)['\"]?\s*[:=]\s*(?:tensor\()?(-?(?:nan|inf(?:inity)?))\b")


class AlertKind(Enum):
    """The subject of an alert."""

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
    """An alert: its subject, and one sentence with what to do."""

    kind: AlertKind
    text: str


@dataclass(frozen=True)
class JobSnapshot:
    """The state of a job at one time.

    Attributes:
        job: the job.
        now: epoch seconds.
        metrics: metric -> its values.
        last_line: time of its latest log line (epoch seconds); None before the first.
        not_finite: name of a loss that was NaN or infinite; empty if there was none.
        gpu: (time, percent of all GPUs), oldest first, one value per minute.
        cost: USD so far; None if the price is unknown.
        cap: USD that the run may cost; None without a cap.
        reads_log: whether its log was read completely; if not, silence means nothing.
        progress: progress of the training; None if unknown.
        knows_metrics: whether the metrics are complete; if not, a plateau means nothing.
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
    """Return the name of a loss that a log line reports as NaN or infinite; empty for none."""
    small = text.lower()
    if "loss" not in small or ("nan" not in small and "inf" not in small):
        return ""  # a quick test for nearly every line: the expression is slow
    match = _NOT_FINITE.search(text)
    return match[1] if match else ""


def alerts(watched: JobSnapshot, raised: Iterable[AlertKind] = ()) -> list[Alert]:
    """Return the alerts that apply now, without the kinds that were raised before."""
    known = set(raised)
    return [alert for alert in _all_alerts(watched) if alert.kind not in known]


def listed_alerts(watched: JobSnapshot, raised: Iterable[AlertKind] = ()) -> list[Alert]:
    """Return the alerts of a job in a list, whose log and metrics are not read: its end, limits, and long waits."""
    known = set(raised)
    found = _end(watched.job) if watched.job.status.is_final else _limits(watched)
    return [alert for alert in found if alert.kind not in known]


def _end(job: TrainingJob) -> Iterator[Alert]:
    yield Alert(AlertKind.ENDED, f"{job.name} is {job.status.value}.")


def _all_alerts(watched: JobSnapshot) -> Iterator[Alert]:
    job = watched.job
    if job.status.is_final:
        yield from _end(job)
        return
    if watched.not_finite:
        text = f"{watched.not_finite} is NaN or infinite: training has diverged. Stop it and lower the learning rate."
        yield Alert(AlertKind.NOT_FINITE, text)
    yield from _limits(watched)
    if job.status is JobStatus.IN_PROGRESS and job.secondary_status == "Training":
        yield from _while_training(watched)


def _limits(watched: JobSnapshot) -> Iterator[Alert]:
    job = watched.job
    waits = waiting(job, watched.now)
    if waits is not None and waits.is_long:
        yield Alert(AlertKind.WAITING, waits.text)
    if job.started is not None and job.max_runtime:
        spent = watched.now - job.started
        if spent >= NEAR * job.max_runtime:
            left = clock(max(0.0, job.max_runtime - spent))
            text = f"{left} left of the maximum runtime of {clock(job.max_runtime)}; then the job is stopped."
            yield Alert(AlertKind.TIME_LIMIT, text)
    if watched.cost is not None and watched.cap is not None and watched.cost >= NEAR * watched.cap:
        yield Alert(AlertKind.COST_CAP, f"{dollars(watched.cost)} of the cost cap of {dollars(watched.cap)} is spent.")


def _while_training(watched: JobSnapshot) -> Iterator[Alert]:
    since = watched.last_line if watched.last_line is not None else _training_since(watched.job)
    if watched.reads_log and since is not None and watched.now - since >= SILENCE:
        text = f"no log line for {clock(watched.now - since)}: the job may hang. Check its log and GPU utilization."
        yield Alert(AlertKind.SILENCE, text)
    recent = watched.gpu[-IDLE_MINUTES:]
    if len(recent) == IDLE_MINUTES and all(percent < IDLE_PERCENT for _, percent in recent):
        text = (
            f"the GPUs were idle for {IDLE_MINUTES} minutes: data loading may be slow, or training does not use them."
        )
        yield Alert(AlertKind.GPU_IDLE, text)
    yield from _plateau(watched)


def _plateau(watched: JobSnapshot) -> Iterator[Alert]:
    """Alert while stopping saves something: not in the last epoch, and not if only a part of the values is known."""
    is_last = watched.progress is not None and watched.progress.epoch >= watched.progress.epochs
    if is_last or not watched.knows_metrics:
        return
    for name, series in watched.metrics.items():
        if is_plateau(name, series, PLATEAU_POINTS, PLATEAU_GAIN):
            change = "fell" if lower_is_better(name) else "rose"
            yield Alert(AlertKind.PLATEAU, f"{short_name(name)} hardly {change} over its last {PLATEAU_POINTS} values.")
            return


def _training_since(job: TrainingJob) -> float | None:
    return next((phase.start for phase in reversed(job.transitions) if phase.status == "Training"), None)
