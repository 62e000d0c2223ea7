"""What a customization job has cost so far: billed tokens, or hours, times the price of its recipe."""

from __future__ import annotations

from jsft_tui.core.customization.cost.estimate import HOUR, CostEstimate
from jsft_tui.core.jobs.members import whole
from jsft_tui.core.jobs.training_job import TrainingJob

NO_PRICE = "the price list has no price of this customization"


def customization_cost(job: TrainingJob, now: float) -> CostEstimate:
    """Return the cost of a serverless job until now; unknown, with the reason, without its price or its tokens."""
    price = job.recipe_price
    if price is None:
        return CostEstimate(None, NO_PRICE)
    each, hourly, tokens = price.usd_per_token, price.usd_per_hour, whole(job.request.get("BillableTokenCount"))
    if each is not None and tokens is not None:
        reasoning = f"{tokens:,} tokens, ${each * 10**6:g} per million ({price.source})"
        return CostEstimate(tokens * each, reasoning, is_bound=True)
    seconds = _seconds(job, now)
    if hourly is not None and seconds is not None:
        hours = seconds / HOUR
        return CostEstimate(hours * hourly, f"{hours:.2f} h, ${hourly:g} an hour ({price.source})", is_bound=True)
    return CostEstimate(None, "the job says neither tokens nor hours yet")


def most_customization_cost(job: TrainingJob) -> float | None:
    """Return the USD that a serverless job costs if it runs until its limit; None for one that is billed by tokens."""
    hourly = job.recipe_price.usd_per_hour if job.recipe_price is not None else None
    return None if hourly is None or not job.max_runtime else hourly * job.max_runtime / HOUR


def _seconds(job: TrainingJob, now: float) -> float | None:
    """Return the seconds of training so far; None before it has begun."""
    if job.training_seconds is not None:
        return float(job.training_seconds)
    return None if job.started is None else max(0.0, (now if job.ended is None else job.ended) - job.started)
