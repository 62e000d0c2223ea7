"""Compare a search with the best job of the same model and data that was no search."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from jsft_tui.core.jobs.members import mapping
from jsft_tui.core.jobs.metrics.objective_curve import final_value
from jsft_tui.core.jobs.reports.gain import Gain, earlier_runs
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.tuning.results.listed import ListedSearch, as_row
from jsft_tui.core.tuning.results.progress import Search
from jsft_tui.core.tuning.results.trials import Trial
from jsft_tui.core.tuning.results.tuning_job import TuningSummary


def ordinary_run(search: Search, jobs: Iterable[TrainingJob]) -> TrainingJob | None:
    """Return the best earlier job of the same model, data and objective; None without one."""
    job = search.job
    summary = TuningSummary(
        job.name, job.arn, job.status, job.strategy, job.created, job.ended, job.counts, job.max_jobs
    )
    row = replace(
        as_row(ListedSearch(summary, search)),
        request=mapping(job.request.get("TrainingJobDefinition")),
        final_metrics={job.metric: 0.0},  # which metric is compared; its value is the trial's
    )
    return next(iter(earlier_runs(row, jobs)), None)


def trial_gain(search: Search, trial: Trial, run: TrainingJob | None) -> Gain | None:
    """Return how much better or worse a trial is than another run; None without a value of either."""
    before = final_value(run) if run is not None else None
    if run is None or before is None or trial.objective is None or before[0] != search.job.metric:
        return None
    return Gain(search.job.metric, trial.objective, run.name, before[1])
