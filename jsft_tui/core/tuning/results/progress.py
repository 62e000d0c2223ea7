"""How far a search is: its best trial, what it has cost, and when it will end."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jsft_tui.core.jobs.training_job import JobStatus
from jsft_tui.core.run.tuning import Direction
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.core.tuning.results.cost import search_bound
from jsft_tui.core.tuning.results.trials import Trial, best_so_far, best_trial, by_objective
from jsft_tui.core.tuning.results.tuning_job import TuningJob


@dataclass(frozen=True)
class Search:
    """A tuning job with its trials.

    Attributes:
        job: the tuning job.
        trials: those that are known, in the order of the service.
        is_complete: whether all of them are known.
    """

    job: TuningJob
    trials: tuple[Trial, ...] = ()
    is_complete: bool = True

    @property
    def direction(self) -> Direction:
        """Return whether the highest or the lowest value is best."""
        return self.job.direction

    @property
    def ranked(self) -> list[Trial]:
        """Return the trials, the best first."""
        return by_objective(self.trials, self.direction)

    @property
    def best(self) -> Trial | None:
        """Return the best trial so far, as the service says it or as the known trials show; None without any."""
        return best_trial(self.trials, self.direction) or self.job.best

    @property
    def trend(self) -> list[tuple[float, float]]:
        """Return (time, best value until then)."""
        return best_so_far(self.trials, self.direction)

    @property
    def without_gain(self) -> int:
        """Return the number of trials that have ended with a value since the best one."""
        values = [value for _, value in self.trend]
        return len(values) - 1 - values.index(values[-1]) if values else 0

    def spent(self, prices: Mapping[str, Price], now: float) -> float | None:
        """Return the USD that the known trials have cost until now (spot: at most); None without a price."""
        price = prices.get(self.job.instance_type)
        if price is None:
            return None
        seconds = sum(trial.seconds(now) for trial in self.trials)
        return seconds / 3600 * price.usd_per_hour * self.job.instance_count

    def bound(self, prices: Mapping[str, Price]) -> float | None:
        """Return the most that the search can cost; None if it is not known."""
        return search_bound(self.job, prices)

    def seconds_left(self, now: float) -> float | None:
        """Return about how long the search goes on, from the trials that have completed; None without any."""
        times = [trial.seconds(now) for trial in self.trials if trial.status is JobStatus.COMPLETED]
        if self.job.status.is_final or not times or self.job.max_jobs is None:
            return None
        usual = sum(times) / len(times)
        running = [trial.seconds(now) for trial in self.trials if not trial.has_ended]
        waiting = max(0, self.job.max_jobs - self.job.counts.launched)
        work = usual * waiting + sum(max(0.0, usual - elapsed) for elapsed in running)
        return work / max(1, min(self.job.parallel, waiting + len(running)))
