"""Each alert of a job is raised once, by the list or by the job screen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from jsft_tui.core.jobs.alerts import AlertKind, JobSnapshot
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.core.tuning.results.listed import ListedSearch
from jsft_tui.core.tuning.results.progress import Search
from jsft_tui.core.tuning.results.trials import Trial
from jsft_tui.core.tuning.results.tuning_job import TuningJob, TuningSummary
from jsft_tui.services.jobs.alerts import AlertTracker
from tests.core.jobs.examples import STARTED, answer
from tests.tui.driver.worlds import search, sweep_trials

DONE = TrainingJob.parse(answer(), {})
RUNNING = replace(DONE, status=JobStatus.IN_PROGRESS, secondary_status="Training", ended=None, billable_seconds=None)
START = STARTED.timestamp()
PRICES = {"ml.g5.2xlarge": Price(1.515, "test")}


def capped(cap: float | None) -> Callable[[str], float | None]:
    """Return the same cap for every job."""
    return lambda _: cap


def test_limits_and_the_end_are_raised_once_by_list_or_job() -> None:
    tracker = AlertTracker()
    assert tracker.listed([RUNNING], START + 60, PRICES, capped(10.0)) == []

    near = tracker.listed([RUNNING], START + 20_000, PRICES, capped(9.0))
    assert [found.alert.kind for found in near] == [AlertKind.TIME_LIMIT, AlertKind.COST_CAP]
    assert near[0].text.startswith("flowers-1: ")
    assert not near[0].is_end
    assert tracker.watched(JobSnapshot(RUNNING, START + 20_000, {}, last_line=START + 20_000)) == []

    assert [found.text for found in tracker.listed([DONE], START + 20_100, None, capped(None))] == [
        "flowers-1 is Completed."
    ]
    assert tracker.watched(JobSnapshot(DONE, START + 20_100, {})) == []
    assert tracker.listed([DONE], START + 20_200, PRICES, capped(9.0)) == []


def test_each_job_has_its_own_cap() -> None:
    other = replace(RUNNING, name="other")
    caps = {"flowers-1": 100.0, "other": 2.0}
    found = AlertTracker().listed([RUNNING, other], START + 3600 * 1.25, PRICES, caps.get)
    assert [(each.job.name, each.alert.kind) for each in found] == [("other", AlertKind.COST_CAP)]
    assert "$2.00" in found[0].text


def test_a_job_that_had_ended_before_startup_raises_no_alert() -> None:
    tracker = AlertTracker()
    assert tracker.listed([DONE], START, PRICES, capped(None)) == []
    assert tracker.watched(JobSnapshot(DONE, START, {})) == []


def test_a_followed_job_raises_alerts_of_its_log_and_then_its_end() -> None:
    tracker = AlertTracker()
    watched = JobSnapshot(RUNNING, START + 60, {}, last_line=START + 59, not_finite="loss")
    assert [found.alert.kind for found in tracker.watched(watched)] == [AlertKind.NOT_FINITE]
    assert tracker.watched(watched) == []
    assert [found.is_end for found in tracker.watched(replace(watched, job=DONE))] == [True]


def test_the_end_of_a_search_that_was_seen_running_is_raised_once() -> None:
    tracker, counts = AlertTracker(), {"Completed": 11, "InProgress": 1}
    running = TuningJob.parse(search("sweep", 1000, counts, HyperParameterTuningJobStatus="InProgress"), {})
    ended = TuningJob.parse(search("sweep", 1000, {"Completed": 12}), {})
    assert tracker.ended_searches([listed(ended)]) == []  # before startup
    assert tracker.ended_searches([listed(running)]) == []
    assert [found.text for found in tracker.ended_searches([listed(ended)])] == [
        "The search sweep is Completed: best of 12, loss 0.2871."
    ]
    assert tracker.ended_searches([listed(ended)]) == []


def listed(job: TuningJob) -> ListedSearch:
    """A search of the list, with trials."""
    return ListedSearch(TuningSummary.parse(job.request), Search(job, tuple(map(Trial.parse, sweep_trials("sweep")))))
