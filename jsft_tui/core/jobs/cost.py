"""Compute what training jobs cost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jsft_tui.core.common.text import dollars
from jsft_tui.core.jobs.customization.cost import customization_cost, most_customization_cost
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.core.sizing.pricing import Price


@dataclass(frozen=True)
class Spending:
    """The hourly cost of running jobs.

    Attributes:
        jobs: number of running jobs.
        usd_per_hour: USD, of jobs with a known price; spot jobs count at their on-demand price.
        unpriced: number of jobs without a known price.
        spot: number of spot jobs; with any, the amount is an upper bound.
        by_tokens: number of jobs that are billed by tokens, and cost nothing by the hour.
    """

    jobs: int = 0
    usd_per_hour: float = 0.0
    unpriced: int = 0
    spot: int = 0
    by_tokens: int = 0

    def __str__(self) -> str:
        """Return `2 running  $14.18/h`; an empty text if nothing runs."""
        return f"{self.jobs} running  {self.rate}" if self.jobs else ""

    @property
    def rate(self) -> str:
        """The cost of an hour: `$14.18/h`, `at most $2.00/h`, `$1.00/h + 1 unknown`, `by tokens`."""
        if self.by_tokens and self.by_tokens == self.jobs:
            return "by tokens"
        if self.unpriced >= self.jobs - self.by_tokens:
            return "unknown/h"
        more = f" + {self.unpriced} unknown" if self.unpriced else " + tokens" if self.by_tokens else ""
        return f"{'at most ' if self.spot else ''}{dollars(self.usd_per_hour)}/h{more}"


def spending(jobs: Iterable[TrainingJob], prices: Mapping[str, Price]) -> Spending:
    """Return the hourly cost of the running ones of these jobs, all their instances included."""
    running = [job for job in jobs if job.status in (JobStatus.IN_PROGRESS, JobStatus.STOPPING)]
    known = [job for job in running if job.instances and job.instances.keys() <= prices.keys()]
    rate = sum(prices[type_].usd_per_hour * count for job in known for type_, count in job.instances.items())
    recipes = [job.recipe_price for job in running if job.recipe_price is not None]
    hourly = [price.usd_per_hour for price in recipes if price.usd_per_hour is not None]
    by_tokens = sum(price.usd_per_token is not None for price in recipes)
    unpriced = len(running) - len(known) - len(hourly) - by_tokens
    return Spending(len(running), rate + sum(hourly), unpriced, sum(job.spot for job in running), by_tokens)


def cost_so_far(job: TrainingJob, prices: Mapping[str, Price], now: float) -> float | None:
    """Return the USD that a job has cost until now (or until it ended); None if the price is unknown."""
    if job.is_serverless:
        return customization_cost(job, now).usd
    price = prices.get(job.instance_type)
    return price.usd_per_hour * job.billed_seconds(now) / 3600 if price else None


def most_cost(job: TrainingJob, prices: Mapping[str, Price]) -> float | None:
    """Return the USD that a job costs if it runs until its limit; None if the price or the limit is unknown."""
    if job.is_serverless:
        return most_customization_cost(job)
    price = prices.get(job.instance_type)
    if price is None or not job.max_runtime:
        return None
    return price.usd_per_hour * job.max_runtime * job.instance_count / 3600
