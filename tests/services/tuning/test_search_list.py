"""The searches of the list of jobs: one call at a time, and their trials among no jobs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import cast

from jsft_tui.aws.jobs.training import TrainingJobs
from jsft_tui.aws.jobs.tuning import TrialPage, TuningJobs, TuningPage
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.tuning.results.trials import Trial
from jsft_tui.core.tuning.results.tuning_job import TuningJob, TuningStatus, TuningSummary
from jsft_tui.services.jobs.listed.job_list import JobListStore
from jsft_tui.services.tuning.search_list import SearchList
from tests.tui.driver.still import StillJobs
from tests.tui.driver.worlds import ORDINARY, job, search, sweep_trials

COUNTS = {"Completed": 11, "InProgress": 1}
PERIOD = 60.0


class CountedTuning:
    """A search that runs; its calls are counted."""

    def __init__(self, problem: Problem | None = None) -> None:
        self.answer = search("sweep", 1000, COUNTS, HyperParameterTuningJobStatus="InProgress")
        self.calls: Counter[str] = Counter()
        self._problem = problem
        self.is_gone = False

    def describe(self, name: str, tags: Mapping[str, str] | None = None) -> TuningJob:
        self.calls["describe"] += 1
        return TuningJob.parse(self.answer, tags or {})

    def page(self, status: TuningStatus | None = None, token: str | None = None, size: int = 100) -> TuningPage:
        self.calls["list"] += 1
        if self._problem is not None:
            raise self._problem
        return TuningPage(() if self.is_gone else (TuningSummary.parse(self.answer),), None)

    def trials(self, name: str, token: str | None = None) -> TrialPage:
        self.calls["trials"] += 1
        return TrialPage(tuple(map(Trial.parse, sweep_trials("sweep"))), None)


def searches_of(tuning: CountedTuning) -> SearchList:
    return SearchList(cast(TuningJobs, tuning))


def test_what_is_on_screen_is_read_once_then_one_call_a_period() -> None:
    tuning = CountedTuning()
    listed = searches_of(tuning)
    listed.refresh(["sweep"], 0.0, PERIOD)
    assert tuning.calls == {"list": 1, "describe": 1, "trials": 1}
    for second in range(1, 301):
        listed.refresh(["sweep"], float(second), PERIOD)
    assert tuning.calls.total() == 3 + 5
    assert listed.searches["sweep"].best_value == 0.2871


def test_a_search_that_has_ended_is_not_asked_for_again() -> None:
    tuning = CountedTuning()
    listed = searches_of(tuning)
    listed.refresh(["sweep"], 0.0, PERIOD)
    tuning.answer["HyperParameterTuningJobStatus"] = "Completed"
    for minute in range(1, 13):
        listed.refresh(["sweep"], PERIOD * minute, PERIOD)
    described = tuning.calls["describe"]
    for minute in range(13, 20):
        listed.refresh(["sweep"], PERIOD * minute, PERIOD)
    assert tuning.calls["describe"] == described
    assert not listed.searches["sweep"].is_running


def test_who_may_not_list_searches_sees_none_and_is_not_asked_again() -> None:
    tuning = CountedTuning(Problem("AccessDenied", "not allowed."))
    listed = searches_of(tuning)
    for minute in range(5):
        listed.refresh([], PERIOD * minute, PERIOD)
    assert tuning.calls == {"list": 1}
    assert listed.searches == {}
    listed.forget()
    listed.refresh([], 0.0, PERIOD)
    assert tuning.calls == {"list": 2}


def test_one_search_that_is_refused_leaves_the_others_current() -> None:
    class Refusing(CountedTuning):
        def describe(self, name: str, tags: Mapping[str, str] | None = None) -> TuningJob:
            found = super().describe(name, tags)
            if self.calls["describe"] > 1:
                raise Problem("AccessDenied", "not allowed.")
            return found

    tuning = Refusing()
    listed = searches_of(tuning)
    listed.refresh(["sweep"], 0.0, PERIOD)
    for minute in range(1, 8):
        listed.refresh(["sweep"], PERIOD * minute, PERIOD)
    assert tuning.calls["describe"] == 2
    assert tuning.calls["list"] > 3


def test_a_search_that_is_gone_while_its_calls_are_due_is_left_out() -> None:
    tuning = CountedTuning()
    listed = searches_of(tuning)
    listed.refresh(["sweep"], 0.0, PERIOD)
    tuning.is_gone = True
    for minute in range(1, 5):  # the list, what was due of the search, the list again
        listed.refresh(["sweep"], PERIOD * minute, PERIOD)
    assert listed.searches == {}
    assert tuning.calls == {"list": 3, "describe": 1, "trials": 1}


def test_trials_stand_inside_their_search_and_none_is_described() -> None:
    described: list[str] = []

    class Watched(StillJobs):
        def describe(self, name: str, tags: Mapping[str, str] | None = None):  # type: ignore[no-untyped-def]
            described.append(name)
            return super().describe(name, tags)

    trial = job("sweep-012-0000000c", "InProgress", 100)
    world = type(ORDINARY)(**{**vars(ORDINARY), "jobs": [trial, *ORDINARY.jobs]})
    jobs = JobListStore(cast(TrainingJobs, Watched(world)), is_local=False, now=lambda: 0.0)
    jobs.add_searches(searches_of(CountedTuning()))

    state = jobs.refresh(["sweep", "sweep-012-0000000c", "flowers-running"])

    assert [found.name for found in state.trials] == ["sweep-012-0000000c"]
    assert "sweep-012-0000000c" not in [found.name for found in state.jobs]
    assert "sweep-012-0000000c" in [found.name for found in state.running]
    assert state.trials[0].instance_type == "ml.g5.2xlarge"
    assert "sweep-012-0000000c" not in described
    assert list(state.searches) == ["sweep"]
