"""What became of the jobs that trained one model."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jsft_tui.core.jobs.cost import cost_so_far
from jsft_tui.core.jobs.metrics.objective import short_name
from jsft_tui.core.jobs.metrics.objective_curve import final_value
from jsft_tui.core.jobs.phases.state import job_state
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.sizing.pricing import Price


@dataclass(frozen=True)
class PastRun:
    """One job of a model.

    Attributes:
        job: the job.
        metric: the objective's name; empty without a value.
        value: its last value, or why the job failed, or its phase.
        usd: what it cost so far; None if the price is unknown.
    """

    job: TrainingJob
    metric: str
    value: str
    usd: float | None


def runs_of(
    model_id: str, jobs: Iterable[TrainingJob], prices: Mapping[str, Price] | None, now: float
) -> tuple[PastRun, ...]:
    """Return the jobs of a model in the order of `jobs`; `now` in epoch seconds."""
    return tuple(_past(job, prices or {}, now) for job in jobs if job.model_id == model_id)


def models_of(jobs: Iterable[TrainingJob]) -> frozenset[str]:
    """Return the ids of the models that were trained."""
    return frozenset(job.model_id for job in jobs if job.model_id)


def _past(job: TrainingJob, prices: Mapping[str, Price], now: float) -> PastRun:
    usd = cost_so_far(job, prices, now)
    if (final := final_value(job)) is not None:
        return PastRun(job, short_name(final[0]), f"{final[1]:.4g}", usd)
    return PastRun(job, "", job_state(job, now).word or job.status.value.lower(), usd)
