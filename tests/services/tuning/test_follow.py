"""Following a search: at most six calls a minute however many trials, and nothing is missed. The clock is played."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from jsft_tui.aws.jobs.tuning import TrialPage, TuningJobs
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.training_job import JobStatus
from jsft_tui.core.tuning.results.trials import Trial
from jsft_tui.core.tuning.results.tuning_job import TuningJob
from jsft_tui.services.background.polling import Clock
from jsft_tui.services.jobs.follow import Trouble
from jsft_tui.services.tuning.follow import Finished, SearchFollower, Seen

PAGE = 100


@dataclass
class PlayedSearch:
    """A search whose trials take five minutes each, ten at a time; every call is noted with its time."""

    trials: int
    now: float = 0.0
    calls: list[float] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    length: float = 300.0

    @property
    def clock(self) -> Clock:
        def wait(event: threading.Event, seconds: float) -> None:
            self.now += seconds

        return Clock(lambda: self.now, lambda: self.now, wait)

    def rows(self) -> list[Trial]:
        """The trials so far, the newest first."""
        found = []
        for number in range(self.trials):
            start = number // 10 * self.length
            if start > self.now:
                break
            is_over = self.now >= start + self.length
            status = JobStatus.COMPLETED if is_over else JobStatus.IN_PROGRESS
            value = number / self.trials if is_over else None
            end = start + self.length if is_over else None
            found.append(Trial(f"t-{number:03}", status, start, start, end, {}, value))
        return found[::-1]

    def describe(self, name: str, tags: Any = None) -> TuningJob:
        self._call()
        if tags is None:
            self._call()
        rows = self.rows()
        running = sum(not row.has_ended for row in rows)
        is_over = len(rows) == self.trials and not running
        config = {
            "Strategy": "Random",
            "HyperParameterTuningJobObjective": {"Type": "Maximize", "MetricName": "m"},
            "ResourceLimits": {"MaxNumberOfTrainingJobs": self.trials, "MaxParallelTrainingJobs": 10},
        }
        data = {
            "HyperParameterTuningJobName": name,
            "HyperParameterTuningJobStatus": "Completed" if is_over else "InProgress",
            "HyperParameterTuningJobConfig": config,
            "TrainingJobStatusCounters": {"Completed": len(rows) - running, "InProgress": running},
        }
        return TuningJob.parse(data, {})

    def page(self, name: str, token: str | None = None) -> TrialPage:
        self._call()
        start, rows = int(token or 0), self.rows()
        end = start + PAGE
        return TrialPage(tuple(rows[start:end]), str(end) if end < len(rows) else None)

    def _call(self) -> None:
        self.calls.append(self.now)
        if self.problems:
            raise self.problems.pop(0)

    def follower(self) -> SearchFollower:
        jobs: Any = self
        adapter = type("Adapter", (), {"describe": jobs.describe, "trials": jobs.page})()
        return SearchFollower(cast(TuningJobs, adapter), "sweep", self.clock)


def most_in_a_minute(calls: list[float]) -> int:
    return max(sum(start <= moment < start + 60 for moment in calls) for start in calls)


@pytest.mark.parametrize("trials", [1, 12, 100, 750])
def test_a_search_is_followed_with_at_most_six_calls_a_minute(trials: int) -> None:
    played = PlayedSearch(trials)

    events = list(played.follower().events())

    assert most_in_a_minute(played.calls) <= 6
    last = events[-1]
    assert isinstance(last, Finished)
    assert len(last.search.trials) == trials
    assert all(trial.objective is not None for trial in last.search.trials)
    assert last.search.best is not None
    assert last.search.best.name == f"t-{trials - 1:03}"


def test_a_search_that_began_long_ago_is_read_page_by_page_within_the_budget() -> None:
    played = PlayedSearch(750, now=300.0 * 73)

    seen = [event.search for event in played.follower().events() if isinstance(event, Seen)]

    assert [len(search.trials) for search in seen[:8]] == [100, 200, 300, 400, 500, 600, 700, 740]
    assert [search.is_complete for search in seen[:8]] == [False] * 7 + [True]
    assert most_in_a_minute(played.calls) <= 6


def test_a_search_goes_on_after_no_answer_and_ends_after_a_refusal() -> None:
    played = PlayedSearch(10)
    played.problems = [Problem("NoConnection", "could not.", retryable=True)] * 3

    events = list(played.follower().events())

    assert [isinstance(event, Trouble) for event in events[:3]] == [True] * 3
    assert isinstance(events[-1], Finished)
    assert most_in_a_minute(played.calls) <= 6
    played = PlayedSearch(10)
    played.problems = [Problem("AccessDenied", "could not.")]
    with pytest.raises(Problem):
        list(played.follower().events())


def test_a_stopped_follower_asks_no_more() -> None:
    played = PlayedSearch(50)
    follower = played.follower()
    for event in follower.events():
        if isinstance(event, Seen):
            follower.stop()

    assert len(played.calls) == 3


def test_progress_tells_what_is_left_and_what_it_has_cost() -> None:
    played = PlayedSearch(30, now=310.0)
    seen = next(event for event in played.follower().events() if isinstance(event, Seen))

    assert seen.search.seconds_left(310.0) == pytest.approx((10 * 300 + 10 * 290) / 10)
    assert seen.search.spent({}, 310.0) is None
    assert [value for _, value in seen.search.trend] == sorted(value for _, value in seen.search.trend)
    assert seen.search.without_gain == 0
