"""What a search costs: at most, and likely, from earlier runs of the model. Unknown is None, never zero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from jsft_tui.core.instances.types import instance_type
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.core.run.run import InstanceChoice, Run
from jsft_tui.core.sizing.pricing import Price, max_cost
from jsft_tui.core.tuning.results.tuning_job import TuningJob


def search_bound(job: TuningJob, prices: Mapping[str, Price]) -> float | None:
    """Return the most that a described search can cost; None if a limit or the price is unknown."""
    if job.max_jobs is None or job.max_runtime is None:
        return None
    choice = InstanceChoice(job.instance_type, count=job.instance_count, max_runtime=job.max_runtime)
    one = max_cost(choice, prices)
    return None if one is None else one * job.max_jobs


@dataclass(frozen=True)
class LikelyCost:
    """What a search is likely to cost.

    Attributes:
        usd: all trials together.
        seconds: the usual time of one trial.
        runs: number of earlier runs that this is taken from.
        type: their instance type.
    """

    usd: float
    seconds: float
    runs: int
    type: str


def likely_cost(run: Run, past: Iterable[TrainingJob], prices: Mapping[str, Price]) -> LikelyCost | None:
    """Return the likely cost of a search from completed runs of its model; None without any, or without a price.

    Runs on the same instance type tell most; others tell the time if theirs is a known type with as many GPUs.
    """
    price = prices.get(run.instance.type)
    if run.tuning is None or price is None:
        return None
    own = [job for job in past if job.status is JobStatus.COMPLETED and job.model_id == run.model.id and _time(job)]
    same = [job for job in own if job.instance_type == run.instance.type]
    used = same or _alike(own, run.instance.type)
    if not used:
        return None
    seconds = median(_time(job) for job in used)
    usd = seconds / 3600 * price.usd_per_hour * run.instance.count * run.tuning.jobs
    return LikelyCost(usd, seconds, len(used), used[0].instance_type)


def _time(job: TrainingJob) -> float:
    return float(job.training_seconds or 0)


def _alike(jobs: Sequence[TrainingJob], type_: str) -> list[TrainingJob]:
    """Return the jobs on the type of the newest one that has as many GPUs of the same model."""
    wanted = instance_type(type_)
    for job in jobs:
        found = instance_type(job.instance_type)
        if wanted and found and (found.gpus, found.gpu_model) == (wanted.gpus, wanted.gpu_model):
            return [other for other in jobs if other.instance_type == job.instance_type]
    return []
