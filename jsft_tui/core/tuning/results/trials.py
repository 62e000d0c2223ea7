"""The trials of a search: training jobs with the values that were tried, sorted by the objective."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from jsft_tui.core.common.text import clean, clean_block
from jsft_tui.core.failures import diagnose
from jsft_tui.core.jobs.members import mapping, number, seconds_of, text, texts
from jsft_tui.core.jobs.training_job import JobStatus
from jsft_tui.core.run.tuning import Direction

_NUMBERED = re.compile(r".+-(?P<number>\d{3,})-[0-9a-f]{8}")
"""How the service names trials: the search, a number, a mark."""


class TrialOrder(Enum):
    """What trials are sorted by; the value is the words for it."""

    OBJECTIVE = "objective"
    """The best one first."""
    NUMBER = "number"
    """The newest one first."""
    TIME = "time"
    """The longest one first."""


@dataclass(frozen=True)
class Trial:
    """One training job of a search. Times are epoch seconds.

    Attributes:
        values: the hyperparameters that were tried, as they were sent.
        objective: the final value of the objective; None while there is none.
    """

    name: str
    status: JobStatus
    created: float
    started: float | None = None
    ended: float | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    objective: float | None = None
    failure_reason: str = ""

    @classmethod
    def parse(cls, data: Mapping[str, Any]) -> Trial:
        """Parse a HyperParameterTrainingJobSummary from boto3."""
        metric = mapping(data.get("FinalHyperParameterTuningJobObjectiveMetric"))
        return cls(
            name=clean(text(data.get("TrainingJobName"))),
            status=JobStatus.parse(text(data.get("TrainingJobStatus"))),
            created=seconds_of(data.get("CreationTime")) or 0.0,
            started=seconds_of(data.get("TrainingStartTime")),
            ended=seconds_of(data.get("TrainingEndTime")),
            values={clean(name): clean(value) for name, value in texts(data.get("TunedHyperParameters")).items()},
            objective=number(metric.get("Value")),
            failure_reason=clean_block(text(data.get("FailureReason"))),
        )

    @property
    def short_name(self) -> str:
        """The number in the search: `t-07`; the name where it has none."""
        match = _NUMBERED.fullmatch(self.name)
        return f"t-{int(match['number']):02}" if match is not None else self.name

    @property
    def has_ended(self) -> bool:
        """Return whether the trial will not change any more."""
        return self.status.is_final

    def seconds(self, now: float) -> float:
        """Return how long it has been billed; 0 before it has an instance."""
        if self.started is None:
            return 0.0
        return max(0.0, (now if self.ended is None else self.ended) - self.started)

    @property
    def missing(self) -> str:
        """Return why there is no value, in a word or two; empty where there is one."""
        if self.objective is not None:
            return ""
        if self.status is JobStatus.FAILED:
            known = diagnose(self.failure_reason)
            return known.words if known is not None else "failed"
        words = {
            JobStatus.IN_PROGRESS: "running" if self.started is not None else "starting",
            JobStatus.STOPPING: "stopping",
            JobStatus.STOPPED: "stopped",
        }
        return words.get(self.status, "no value")


def by_objective(trials: Iterable[Trial], direction: Direction) -> list[Trial]:
    """Sort trials: the best first, then those without a value that run, then the others, older ones first."""
    sign = 1 if direction is Direction.MINIMIZE else -1

    def place(trial: Trial) -> tuple[int, float, float, str]:
        if trial.objective is not None:
            return 0, sign * trial.objective, trial.created, trial.name
        return (2 if trial.has_ended else 1), 0.0, trial.created, trial.name

    return sorted(trials, key=place)


def in_order(trials: Iterable[Trial], order: TrialOrder, direction: Direction, now: float) -> list[Trial]:
    """Sort trials; `now` in epoch seconds."""
    match order:
        case TrialOrder.OBJECTIVE:
            return by_objective(trials, direction)
        case TrialOrder.NUMBER:
            return sorted(trials, key=lambda trial: (trial.created, trial.name), reverse=True)
        case TrialOrder.TIME:
            return sorted(trials, key=lambda trial: (-trial.seconds(now), trial.name))


def best_trial(trials: Iterable[Trial], direction: Direction) -> Trial | None:
    """Return the completed or stopped trial with the best value; None without one.

    A running trial has no final value, and the service takes none that failed.
    """
    ended = [trial for trial in trials if trial.objective is not None and trial.status is not JobStatus.FAILED]
    return next(iter(by_objective(ended, direction)), None)


def best_so_far(trials: Iterable[Trial], direction: Direction) -> list[tuple[float, float]]:
    """Return (time of the end, best value until then) of the trials that have a value, oldest first."""
    ended = sorted((trial.ended or trial.created, trial.objective) for trial in trials if trial.objective is not None)
    better = min if direction is Direction.MINIMIZE else max
    found: list[tuple[float, float]] = []
    for time, value in ended:
        found.append((time, value if not found else better(value, found[-1][1])))
    return found


def short_number(value: str) -> str:
    """Return a tried value with four digits if it is a fraction; unchanged if it is anything else."""
    try:
        number = float(value)
    except ValueError:
        return value
    return value if value.lstrip("+-").isdigit() else f"{number:.4g}"
