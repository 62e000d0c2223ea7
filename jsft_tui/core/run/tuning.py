"""Define a search: the part of a run that makes it a hyperparameter tuning job."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum
from math import prod

DEFAULT_JOBS = 10
"""Training jobs of a search that does not say how many."""


class Direction(Enum):
    """Whether the best trial has the highest or the lowest value of the objective."""

    MAXIMIZE = "maximize"
    MINIMIZE = "minimize"


class Strategy(Enum):
    """How the next values to try are chosen (HyperParameterTuningJobStrategyType)."""

    BAYESIAN = "bayesian"
    RANDOM = "random"
    HYPERBAND = "hyperband"
    GRID = "grid"


class Scale(Enum):
    """The scale on which a range is searched (HyperParameterScalingType)."""

    AUTO = "auto"
    LINEAR = "linear"
    LOG = "log"
    REVERSE_LOG = "reverse_log"


class WarmStartKind(Enum):
    """What a search takes over from former ones (HyperParameterTuningJobWarmStartType)."""

    IDENTICAL = "identical"
    """The same data and algorithm."""
    TRANSFER = "transfer"
    """Other data, another image, or another algorithm of the same kind."""


@dataclass(frozen=True)
class Span:
    """All numbers from `minimum` to `maximum`, as they are sent."""

    minimum: str
    maximum: str
    scale: Scale = Scale.AUTO


@dataclass(frozen=True)
class Choices:
    """Values of a list, as they are sent."""

    values: tuple[str, ...]


Range = Span | Choices
"""What is tried for one hyperparameter."""


@dataclass(frozen=True)
class Objective:
    """The metric that tells which trial is best.

    Attributes:
        metric: its name, with or without the prefix of its family (`val-accuracy`).
        direction: None: its name tells.
        regex: finds it in the log (group 1 is the value), for a metric that the model's spec does not define.
    """

    metric: str
    direction: Direction | None = None
    regex: str | None = None


@dataclass(frozen=True)
class Completion:
    """When a search ends before it has tried everything.

    Attributes:
        target: the objective is at least as good as this.
        not_improving: so many trials in a row have not improved the best one.
        converged: the service does not expect an improvement any more.
    """

    target: float | None = None
    not_improving: int | None = None
    converged: bool | None = None


@dataclass(frozen=True)
class WarmStart:
    """Former searches whose trials a search learns from: their names, and what is the same."""

    parents: tuple[str, ...]
    kind: WarmStartKind = WarmStartKind.TRANSFER


@dataclass(frozen=True)
class Hyperband:
    """The least and the most epochs of a trial under Hyperband; None: the service decides."""

    min_resource: int | None = None
    max_resource: int | None = None


@dataclass(frozen=True)
class Autotune:
    """The service chooses ranges for the numbers that have none; `keep` names those that stay as they are."""

    keep: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tuning:
    """A search.

    Attributes:
        ranges: hyperparameter -> what is tried; every other one keeps the run's value.
        objective: None: the metric of the model's spec that tells how good the model is.
        strategy: how the next values are chosen.
        max_jobs: training jobs at most; None: `DEFAULT_JOBS`, for a grid all its combinations.
        parallel: training jobs at the same time.
        early_stopping: stop trials that are worse than the median of the others at the same epoch.
        max_runtime: seconds after which the whole search is stopped; None: no limit.
        completion: when the search ends earlier.
        warm_start: former searches to learn from.
        hyperband: limits of the strategy of that name.
        autotune: None: only `ranges` are searched.
        random_seed: makes the choice of values repeatable as far as the service can.
    """

    ranges: Mapping[str, Range] = field(default_factory=dict)
    objective: Objective | None = None
    strategy: Strategy = Strategy.BAYESIAN
    max_jobs: int | None = None
    parallel: int = 1
    early_stopping: bool = False
    max_runtime: int | None = None
    completion: Completion | None = None
    warm_start: WarmStart | None = None
    hyperband: Hyperband | None = None
    autotune: Autotune | None = None
    random_seed: int | None = None

    @property
    def combinations(self) -> int | None:
        """Return the number of combinations of the values; None if a range is not a list of them."""
        lists = [tried.values for tried in self.ranges.values() if isinstance(tried, Choices)]
        return prod(map(len, lists)) if lists and len(lists) == len(self.ranges) else None

    @property
    def jobs(self) -> int:
        """Return the number of training jobs at most."""
        every = self.combinations if self.strategy is Strategy.GRID else None
        return self.max_jobs or every or DEFAULT_JOBS
