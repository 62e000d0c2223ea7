"""Searches and their trials as plain values."""

from __future__ import annotations

from collections.abc import Mapping

from jsft_tui.core.jobs.training_job import iso
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.core.tuning.results.progress import Search
from jsft_tui.core.tuning.results.trials import Trial
from jsft_tui.core.tuning.results.tuning_job import TrialCounts, TuningSummary


def summary_document(row: TuningSummary) -> dict[str, object]:
    """Return a row of the list of searches."""
    return {
        "name": row.name,
        "arn": row.arn,
        "status": row.status.value,
        "strategy": row.strategy,
        "max_jobs": row.max_jobs,
        "counts": counts_document(row.counts),
        "created": iso(row.created),
        "ended": iso(row.ended),
    }


def counts_document(counts: TrialCounts) -> dict[str, int]:
    """Return the numbers of trials by status."""
    return {
        "completed": counts.completed,
        "running": counts.running,
        "retried": counts.retried,
        "failed": counts.failed,
        "stopped": counts.stopped,
    }


def search_document(search: Search, prices: Mapping[str, Price], now: float) -> dict[str, object]:
    """Return a search with its trials, the best first."""
    job, best = search.job, search.best
    spent, bound, left = search.spent(prices, now), search.bound(prices), search.seconds_left(now)
    return {
        "name": job.name,
        "arn": job.arn,
        "status": job.status.value,
        "strategy": job.strategy,
        "objective": {"metric": job.metric, "direction": job.direction.value},
        "model_id": job.model_id,
        "instance_type": job.instance_type,
        "instance_count": job.instance_count,
        "max_jobs": job.max_jobs,
        "parallel": job.parallel,
        "counts": counts_document(job.counts),
        "created": iso(job.created),
        "ended": iso(job.ended),
        "seconds_left": None if left is None else round(left),
        "spent_usd": None if spent is None else round(spent, 4),
        "max_cost_usd": None if bound is None else round(bound, 4),
        "failure_reason": job.failure_reason or None,
        "best": None if best is None else best.name,
        "complete": search.is_complete,
        "trials": [trial_document(trial, search, prices, now) for trial in search.ranked],
    }


def trial_document(trial: Trial, search: Search, prices: Mapping[str, Price], now: float) -> dict[str, object]:
    """Return a trial."""
    price = prices.get(search.job.instance_type)
    seconds = trial.seconds(now)
    usd = None if price is None else seconds / 3600 * price.usd_per_hour * search.job.instance_count
    return {
        "name": trial.name,
        "status": trial.status.value,
        "objective": trial.objective,
        "missing": trial.missing or None,
        "values": dict(trial.values),
        "created": iso(trial.created),
        "ended": iso(trial.ended),
        "billed_seconds": round(seconds),
        "cost_usd": None if usd is None else round(usd, 4),
        "failure_reason": trial.failure_reason or None,
    }
