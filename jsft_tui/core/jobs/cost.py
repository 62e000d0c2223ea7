"""What training jobs cost so far."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jsft_tui.core.common.text import dollars
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.core.sizing.pricing import Price


@dataclass(frozen=True)
class Spending:
    """What running jobs cost by the hour.

    Attributes:
        jobs: how many run.
        usd_per_hour: USD, of those whose price is known; spot jobs count at their on-demand price.
        unpriced: how many of them have no known price.
        spot: how many of them are spot jobs, so that the amount is a bound.
    """

    jobs: int = 0
    usd_per_hour: float = 0.0
    unpriced: int = 0
    spot: int = 0

    def __str__(self) -> str:
        """`2 running  $14.18/h`; empty when nothing runs."""
        if not self.jobs:
            return ""
        rate = "unknown/h"
        if self.unpriced < self.jobs:
            rate = f"{'at most ' if self.spot else ''}{dollars(self.usd_per_hour)}/h"
            rate += f" + {self.unpriced} unknown" if self.unpriced else ""
        return f"{self.jobs} running  {rate}"


def spending(jobs: Iterable[TrainingJob], prices: Mapping[str, Price]) -> Spending:
    """What the running ones of these jobs cost by the hour, all their instances together."""
    running = [job for job in jobs if job.status in (JobStatus.IN_PROGRESS, JobStatus.STOPPING)]
    known = [job for job in running if job.instances and job.instances.keys() <= prices.keys()]
    rate = sum(prices[type_].usd_per_hour * count for job in known for type_, count in job.instances.items())
    return Spending(len(running), rate, len(running) - len(known), sum(job.spot for job in running))


def cost_so_far(job: TrainingJob, prices: Mapping[str, Price], now: float) -> float | None:
    """USD that a job has cost until now (its end, when it has one); None when the price is unknown."""
    price = prices.get(job.instance_type)
    return price.usd_per_hour * job.billed_seconds(now) / 3600 if price else None
