"""Where trials stand on their axes, what matters, and which jobs are trials."""

from __future__ import annotations

import random
from typing import Any

import pytest

from jsft_tui.core.jobs.training_job import JobStatus, JobSummary
from jsft_tui.core.tuning.results.axes import most_telling, objective_axis, tuned_axes
from jsft_tui.core.tuning.results.importance import LEAST_TRIALS, importance, importance_words
from jsft_tui.core.tuning.results.listed import ListedSearch, as_row, described_row, search_of_trial
from jsft_tui.core.tuning.results.progress import Search
from jsft_tui.core.tuning.results.trials import Trial, TrialOrder, in_order
from jsft_tui.core.tuning.results.tuning_job import TuningJob, TuningSummary
from tests.tui.driver.worlds import search, sweep_trials


def swept(**more: Any) -> Search:
    """The search of the ordinary world."""
    counts = {"Completed": 10, "NonRetryableError": 1, "Stopped": 1}
    job = TuningJob.parse(search("sweep", 400_000, counts, **more), {})
    return Search(job, tuple(map(Trial.parse, sweep_trials("sweep"))))


def test_numbers_stand_on_the_scale_of_their_range_and_choices_at_equal_distances() -> None:
    rate, batch, optimizer = tuned_axes(swept())
    assert rate.places["sweep-002-00000002"] == pytest.approx(1 / 3)  # 0.001 from 0.0001 to 0.1, logarithmic
    assert [label for _, label in rate.labels] == ["0.0001", "0.0032", "0.1"]
    assert batch.labels == ((0.0, "32"), (0.5, "64"), (1.0, "128"))
    assert optimizer.places["sweep-005-00000005"] == 1.0


def test_the_objective_has_no_place_for_what_has_no_value() -> None:
    axis = objective_axis(swept())
    assert axis.places["sweep-007-00000007"] == 0.0
    assert axis.places["sweep-005-00000005"] == 1.0
    assert "sweep-003-00000003" not in axis.places


def test_the_axes_that_matter_most_are_kept_in_their_order() -> None:
    axes = tuned_axes(swept())
    assert [axis.name for axis in most_telling(axes, {"optimizer": 0.5, "learning_rate": 0.6}, 2)] == [
        "learning_rate",
        "optimizer",
    ]


def test_nothing_is_said_of_few_trials() -> None:
    few = swept()
    some = Search(few.job, few.trials[: LEAST_TRIALS - 1])
    assert importance(some) == {}
    assert importance_words(some) == ""


def test_what_decides_is_told_from_what_does_not() -> None:
    draw = random.Random(7)
    trials = []
    for number in range(40):
        rate, batch = 10 ** draw.uniform(-4, -1), draw.choice(("32", "64", "128"))
        value = abs(rate - 0.003) ** 0.5 + draw.uniform(0, 0.001)
        values = {"learning_rate": str(rate), "batch_size": batch, "optimizer": draw.choice(("adam", "sgd"))}
        trials.append(Trial(f"t-{number}", JobStatus.COMPLETED, float(number), values=values, objective=value))
    shares = importance(Search(swept().job, tuple(trials)))
    assert next(iter(shares)) == "learning_rate"
    assert shares["learning_rate"] > 0.5
    assert max(shares["batch_size"], shares["optimizer"]) < 0.2
    assert "learning_rate matters most" in importance_words(Search(swept().job, tuple(trials)))


def test_a_training_job_is_a_trial_only_of_a_search_that_is_known() -> None:
    known = {"sweep": None, "sweep-2": None}
    assert search_of_trial("sweep-007-0000000a", known) == "sweep"
    assert search_of_trial("sweep-2-012-0000000a", known) == "sweep-2"
    assert search_of_trial("other-007-0000000a", known) is None
    assert search_of_trial("sweep-20261129-101500", known) is None


def test_a_trial_costs_what_its_search_runs_on() -> None:
    row = JobSummary("sweep-001-00000001", "arn", JobStatus.IN_PROGRESS, 5.0)
    assert described_row(row, swept().job).instance_type == "ml.g5.2xlarge"
    assert described_row(row, None).instance_type == ""


def test_a_search_is_a_row_with_its_best_value() -> None:
    found = swept()
    summary = TuningSummary.parse(found.job.request)
    listed = ListedSearch(summary, found)
    assert (listed.result_words, listed.best_value) == ("best of 12", 0.2871)
    row = as_row(listed)
    assert (row.name, row.status, row.final_metrics) == ("sweep", JobStatus.COMPLETED, {"train:loss": 0.2871})
    assert as_row(ListedSearch(summary)).final_metrics == {}


def test_trials_are_sorted_as_asked() -> None:
    trials = swept().trials
    order = in_order(trials, TrialOrder.NUMBER, swept().direction, 0.0)
    assert [trial.short_name for trial in order[:2]] == ["t-12", "t-11"]
    assert Trial("odd name", JobStatus.COMPLETED, 0.0).short_name == "odd name"
