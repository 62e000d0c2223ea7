"""The running jobs in one line, and those that ended meanwhile."""

from __future__ import annotations

import pytest

from jsft_tui.core.jobs.metrics.log_metrics import Progress
from jsft_tui.core.jobs.reports.ended import ended_since
from jsft_tui.core.jobs.reports.running import RunningJob, going_on, running_job, short_names, status_line
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.sizing.pricing import Price
from tests.core.jobs.examples import ENDED, STARTED, answer

NOW = 10_000.0
FLOWERS = RunningJob("flowers-lite0-b", "Training", NOW - 600, 6.54, Progress(4, 10), 0.96404, NOW + 18 * 60)
TICKETS = RunningJob("tickets-llama-8b", "Training", NOW - 3600, 4.96, Progress(1, 3), 1.207, NOW + 2 * 3600)


def test_the_line() -> None:
    assert status_line([FLOWERS, TICKETS], NOW) == "● flowers 4/10 0.964 ~18m $1.09 │ ● tickets 1/3 1.207 ~2h $4.96"
    assert status_line([], NOW) == ""


def test_before_training_the_phase_stands_for_the_progress() -> None:
    assert status_line([RunningJob("flowers-1", "Starting")], NOW) == "● flowers Starting $0.00"


def test_an_unknown_price_gives_no_cost() -> None:
    assert status_line([RunningJob("flowers-1", "Training", NOW - 60)], NOW) == "● flowers Training"


def test_more_than_four_jobs_are_counted() -> None:
    jobs = [RunningJob(f"job{number}", "Starting") for number in range(6)]
    assert status_line(jobs, NOW).endswith("● job3 Starting $0.00 │ 2 more")


@pytest.mark.parametrize(
    ("names", "short"),
    [
        (["flowers-lite0-b", "tickets-llama"], ["flowers", "tickets"]),
        (["flowers-lite0-a", "flowers-lite0-b"], ["flowers-lite0-a", "flowers-lite0-b"]),
        (["flowers-a", "flowers"], ["flowers-a", "flowers"]),
        (["a", "a"], ["a", "a"]),
    ],
)
def test_names_are_as_short_as_they_differ(names: list[str], short: list[str]) -> None:
    assert short_names(names) == short


@pytest.mark.parametrize(
    ("jobs", "text"),
    [
        ([], ""),
        ([FLOWERS], "1 job goes on ($6.54/h)"),
        ([FLOWERS, TICKETS], "2 jobs go on ($11.50/h)"),
        ([FLOWERS, RunningJob("a", "Starting")], "2 jobs go on (at least $6.54/h)"),
        ([RunningJob("a", "Starting")], "1 job goes on"),
    ],
)
def test_what_goes_on(jobs: list[RunningJob], text: str) -> None:
    assert going_on(jobs) == text


def test_a_job_has_the_rate_of_all_its_instances() -> None:
    resources = {"InstanceType": "ml.g5.2xlarge", "InstanceCount": 2}
    job = TrainingJob.parse({**answer(), "TrainingJobStatus": "InProgress", "ResourceConfig": resources}, {})
    found = running_job(job, {"ml.g5.2xlarge": Price(1.5, "a test")})
    assert (found.usd_per_hour, found.started) == (3.0, STARTED.timestamp())
    assert running_job(job, {}).usd_per_hour is None


def test_details_of_an_earlier_state_stay_until_they_are_read_again() -> None:
    now = RunningJob("flowers-lite0-b", "Training", NOW - 600, 6.54)
    assert now.with_details_of(FLOWERS) == FLOWERS
    assert now.with_details_of(None) == now


def test_jobs_that_ended_since_a_moment_are_found_the_last_one_first() -> None:
    def ended(name: str, **changes: object) -> TrainingJob:
        return TrainingJob.parse({**answer(), "TrainingJobName": name, **changes}, {})

    first = ended("first")
    last = ended("last", TrainingEndTime=ENDED.replace(hour=5), TrainingJobStatus="Failed")
    running = ended("running", TrainingJobStatus="InProgress", TrainingEndTime=None)
    jobs = (first, running, last)
    assert ended_since(jobs, ENDED.timestamp() - 1) == (last, first)
    assert ended_since(jobs, ENDED.timestamp()) == (last,)
    assert ended_since(jobs, None) == ()
