"""A search of 100 trials is shown with three calls and followed with at most six a minute: counted at the server."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
from textual.timer import Timer

from jsft_tui.core.tuning.results.tuning_job import TuningStatus as Shown
from jsft_tui.sandbox.state.job_status import JobStatus
from jsft_tui.sandbox.tuning.tuning_store import Result, Trial, TuningJob, TuningStore
from jsft_tui.services.background.polling import Clock
from jsft_tui.services.jobs.listed.pace import CALLS_PER_MINUTE
from jsft_tui.services.tuning import follow
from jsft_tui.services.tuning.follow import SearchFollower
from jsft_tui.tui.application.app import JsftApp
from jsft_tui.tui.screens.tuning.screen import TuningScreen
from tests.common.home import Home
from tests.services.account import account_of
from tests.tui.driver.pilot import at_work

pytestmark = pytest.mark.sandbox

TRIALS = 100
REQUEST: dict[str, Any] = {
    "HyperParameterTuningJobName": "crowd",
    "HyperParameterTuningJobConfig": {
        "Strategy": "Random",
        "HyperParameterTuningJobObjective": {"Type": "Maximize", "MetricName": "x:accuracy"},
        "ResourceLimits": {"MaxNumberOfTrainingJobs": TRIALS, "MaxParallelTrainingJobs": 1},
        "ParameterRanges": {"ContinuousParameterRanges": [{"Name": "rate", "MinValue": "0.1", "MaxValue": "0.9"}]},
    },
    "TrainingJobDefinition": {
        "StaticHyperParameters": {},
        "AlgorithmSpecification": {"TrainingInputMode": "File", "TrainingImage": "image"},
        "RoleArn": "arn:aws:iam::123456789012:role/R",
        "OutputDataConfig": {"S3OutputPath": "s3://bucket/"},
        "StoppingCondition": {"MaxRuntimeInSeconds": 3600},
        "HyperParameterTuningResourceConfig": {
            "InstanceType": "ml.g4dn.xlarge",
            "InstanceCount": 1,
            "VolumeSizeInGB": 30,
        },
    },
}


def planted(now: float) -> TuningJob:
    """A search that has ended."""
    trials = []
    for number in range(TRIALS):
        ended = now - 60.0 * (TRIALS - number)
        result = Result(JobStatus.COMPLETED, ended - 50, ended - 40, ended, number / TRIALS)
        trials.append(Trial(f"crowd-{number:03}", {"rate": str(number / TRIALS)}, result))
    job = TuningJob("us-west-2", "crowd", REQUEST, now - 6000, now, trials=tuple(trials))
    return replace(job, status=JobStatus.COMPLETED, ending=JobStatus.COMPLETED, ended=now)


@pytest.fixture(scope="module")
def crowd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home whose sandbox has that search."""
    root = tmp_path_factory.mktemp("crowd") / "jsft"
    content = root / "state" / "sandbox" / "content"
    content.mkdir(parents=True)
    store = TuningStore(content / "tuning.sqlite")
    store.create(planted(time.time()))
    store.close()
    home = Home(root)
    yield home
    home.sandbox.stop()


@pytest.fixture
def home(crowd: Home) -> Home:
    """The same, for what is at work in it."""
    return crowd


def asked(home: Home) -> list[str]:
    return [operation for service, operation in home.sandbox.calls() if service == "sagemaker"]


def test_a_search_of_100_trials_is_shown_with_three_calls(crowd: Home) -> None:
    crowd.sandbox.forget_calls()

    document = crowd.json("tuning", "crowd")

    assert len(document["trials"]) == TRIALS
    assert document["best"] == "crowd-099"
    assert sorted(asked(crowd)) == [
        "DescribeHyperParameterTuningJob",
        "ListTags",
        "ListTrainingJobsForHyperParameterTuningJob",
    ]


def test_following_asks_no_more_than_six_times_a_minute(crowd: Home) -> None:
    moments: list[float] = []
    now = [0.0]

    def wait(event: threading.Event, seconds: float) -> None:
        moments.extend([now[0]] * (len(asked(crowd)) - len(moments)))
        now[0] += seconds

    crowd.sandbox.forget_calls()
    follower = SearchFollower(account_of(crowd).tuning, "crowd", Clock(lambda: now[0], lambda: now[0], wait))
    for _ in follower.events():
        pass
    wait(threading.Event(), 0.0)

    assert moments
    assert max(sum(start <= moment < start + 60 for moment in moments) for start in moments) <= 6


MINUTES = 3


async def test_a_hundred_trials_on_screen_keep_to_six_calls_a_minute(
    home: Home, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock is played: the follower waits on it, and the list of jobs beside it."""
    now = [0.0]
    rests_until = [0.0]
    due: list[tuple[float, Callable[[], None]]] = []
    set_timer = JsftApp.set_timer

    def wait(event: threading.Event, seconds: float) -> None:
        rests_until[0] = until = now[0] + seconds
        while now[0] < until and not event.is_set():
            time.sleep(0.001)

    def played(app: JsftApp, delay: float, *arguments: Any, **more: Any) -> Timer:
        if more.get("name") != "job list":
            return set_timer(app, delay, *arguments, **more)
        due.append((now[0] + delay, arguments[0]))
        return set_timer(app, 1e6, lambda: None)

    # The search of this home has ended; to the follower it goes on.
    monkeypatch.setattr(Shown, "is_final", property(lambda self: False))
    monkeypatch.setattr(follow, "Clock", lambda: Clock(lambda: now[0], lambda: now[0], wait))
    seen: list[tuple[float, Counter[str]]] = []
    async with at_work(home, (120, 36), settled=False) as work:
        await work.wait_for(lambda: work.app.session is not None)
        work.app.open_search("crowd")
        await work.wait_for("of 100 trials")
        await work.wait_for(lambda: len(asked(home)) > 0)
        monkeypatch.setattr(JsftApp, "set_timer", played)
        work.app.job_poller.ask_now()
        home.sandbox.forget_calls()
        while now[0] < 60 * MINUTES:
            now[0] += 1
            for entry in [entry for entry in due if entry[0] <= now[0]]:
                due.remove(entry)
                entry[1]()
            await work.wait_for(lambda: rests_until[0] > now[0])
            seen.append((now[0], Counter(asked(home))))
            home.sandbox.forget_calls()
        assert len(work.screen(TuningScreen)._table.source) == TRIALS

    total = sum((calls for _, calls in seen), Counter[str]())
    assert total["DescribeHyperParameterTuningJob"] >= 2 * MINUTES - 1
    for begin, _ in seen:
        minute = [calls for at, calls in seen if begin <= at < begin + 60]
        assert sum(calls.total() for calls in minute) <= CALLS_PER_MINUTE, (begin, total)
