"""Each alert is told once for a job, by whoever sees it first."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from jsft_tui.core.jobs.alerts import AlertKind, Watched
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.services.jobs.alerts import AlertTracker
from tests.core.jobs.examples import STARTED, answer

DONE = TrainingJob.parse(answer(), {})
RUNNING = replace(DONE, status=JobStatus.IN_PROGRESS, secondary_status="Training", ended=None, billable_seconds=None)
START = STARTED.timestamp()
PRICES = {"ml.g5.2xlarge": Price(1.515, "test")}


def capped(cap: float | None) -> Callable[[str], float | None]:
    """The same cap for every job."""
    return lambda _: cap


def test_limits_and_the_end_are_told_once_whoever_looks() -> None:
    book = AlertTracker()
    assert book.listed([RUNNING], START + 60, PRICES, capped(10.0)) == []

    near = book.listed([RUNNING], START + 20_000, PRICES, capped(9.0))
    assert [told.alert.kind for told in near] == [AlertKind.TIME_LIMIT, AlertKind.COST_CAP]
    assert near[0].text.startswith("flowers-1: ")
    assert not near[0].is_end
    assert book.watched(Watched(RUNNING, START + 20_000, {}, last_line=START + 20_000)) == []

    assert [told.text for told in book.listed([DONE], START + 20_100, None, capped(None))] == [
        "flowers-1 is Completed."
    ]
    assert book.watched(Watched(DONE, START + 20_100, {})) == []
    assert book.listed([DONE], START + 20_200, PRICES, capped(9.0)) == []


def test_each_job_is_held_against_its_own_cap() -> None:
    other = replace(RUNNING, name="other")
    caps = {"flowers-1": 100.0, "other": 2.0}
    told = AlertTracker().listed([RUNNING, other], START + 3600 * 1.25, PRICES, caps.get)
    assert [(each.job.name, each.alert.kind) for each in told] == [("other", AlertKind.COST_CAP)]
    assert "the cap of $2.00" in told[0].text


def test_a_job_that_had_ended_before_anybody_looked_rings_no_bell() -> None:
    book = AlertTracker()
    assert book.listed([DONE], START, PRICES, capped(None)) == []
    assert book.watched(Watched(DONE, START, {})) == []


def test_a_watched_job_tells_what_its_log_says_and_then_its_end() -> None:
    book = AlertTracker()
    watched = Watched(RUNNING, START + 60, {}, last_line=START + 59, not_finite="loss")
    assert [told.alert.kind for told in book.watched(watched)] == [AlertKind.NOT_FINITE]
    assert book.watched(watched) == []
    assert [told.is_end for told in book.watched(replace(watched, job=DONE))] == [True]
