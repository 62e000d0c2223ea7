"""A list of 200 jobs, 40 of which run, asks at most six times a minute: counted at the server, the clock is played."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import pytest
from textual.timer import Timer

from jsft_tui.core.jobs.metrics.spark import BLOCKS as SPARK_BLOCKS
from jsft_tui.sandbox.cloudwatch.metrics import MetricsService
from jsft_tui.sandbox.sagemaker.capacity import VARIABLE
from jsft_tui.sandbox.sagemaker.job_output import METRIC_NAMESPACE
from jsft_tui.sandbox.sagemaker.job_store import Job, JobStore, Phase
from jsft_tui.sandbox.state.job_status import JobStatus
from jsft_tui.services.jobs.listed.job_list import JobListStore
from jsft_tui.services.jobs.listed.objective_curves import JobCurves
from jsft_tui.services.jobs.listed.pace import CALLS_PER_MINUTE
from jsft_tui.tui.application.app import JsftApp
from jsft_tui.tui.screens.jobs.screen import JobsScreen
from tests.common.home import Home
from tests.tui.driver.pilot import at_work

REGION = "us-west-2"
BLOCKS = frozenset(SPARK_BLOCKS)
JOBS, RUNNING = 200, 40
RUNS = {f"job-{number:03}" for number in range(0, 2 * RUNNING, 2)}
METRIC = "x:val-accuracy"
REQUEST: dict[str, Any] = {
    "AlgorithmSpecification": {
        "TrainingInputMode": "File",
        "TrainingImage": "image",
        "MetricDefinitions": [{"Name": METRIC, "Regex": "acc: ([0-9.]+)"}, {"Name": "x:loss", "Regex": "l: ([0-9.]+)"}],
    },
    "OutputDataConfig": {"S3OutputPath": "s3://bucket/"},
    "ResourceConfig": {"InstanceType": "ml.g5.xlarge", "InstanceCount": 1, "VolumeSizeInGB": 30},
    # They are to run and to take no processor: each waits, whatever its phase says.
    "Environment": {VARIABLE: "1000000"},
}


def planted(number: int, now: float) -> Job:
    """A job: of the newest every second one trains."""
    created = now - 600.0 * (number + 1)
    job = Job(region=REGION, name=f"job-{number:03}", request=REQUEST, created=created, modified=created)
    if job.name in RUNS:
        # Not `training_started`: a sandbox that starts takes such jobs for lost.
        return replace(job.with_status(JobStatus.IN_PROGRESS, Phase.TRAINING), modified=created)
    trained = job.with_status(JobStatus.IN_PROGRESS, Phase.TRAINING, training_started=created + 60)
    return trained.with_status(JobStatus.COMPLETED, Phase.COMPLETED)


@pytest.fixture(scope="module")
def _session_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home whose sandbox has that list."""
    root, now = tmp_path_factory.mktemp("crowd") / "jsft", time.time()
    content = root / "state" / "sandbox" / "content"
    store = JobStore(content / "jobs")
    for number in range(JOBS):
        store.create(planted(number, now))
    store.close()
    metrics = MetricsService(content / "metrics.sqlite")
    for name in RUNS:
        metrics.put_values(
            METRIC_NAMESPACE, {"TrainingJobName": name}, [(METRIC, now - 60 * n, 0.9 - n / 10) for n in range(1, 9)]
        )
    metrics.close()
    home = Home(root)
    yield home
    home.sandbox.stop()


@pytest.fixture
def home(_session_home: Home) -> Home:
    """The same: its jobs go on running from test to test."""
    return _session_home


class Played:
    """A clock that goes on when it is told to, and what the server was asked meanwhile."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self.begin = self.now = float(math.ceil(time.monotonic()))  # whole seconds are added without rounding
        self.ticks: list[tuple[float, Counter[str]]] = []
        home.sandbox.forget_calls()

    def tick(self) -> None:
        """All that was asked since the last time was asked just now."""
        asked = Counter(operation for _, operation in self._home.sandbox.calls())
        self._home.sandbox.forget_calls()
        self.ticks.append((self.now, asked))

    @property
    def total(self) -> Counter[str]:
        """All calls."""
        return sum((asked for _, asked in self.ticks), Counter())

    def assert_within_budget(self) -> None:
        """In no minute, wherever it begins, were there too many."""
        for begin, _ in self.ticks:
            minute = [(at, asked) for at, asked in self.ticks if begin <= at < begin + 60]
            assert sum(asked.total() for _, asked in minute) <= CALLS_PER_MINUTE, minute


VISIBLE = [f"job-{number:03}" for number in range(30)]


def followed_list(home: Home, played: Played, *, is_local: bool) -> JobListStore:
    """A list that has each row on screen and each job that runs: each was described once."""
    account = home.account()
    curves = JobCurves(account.metrics, None, monotonic=lambda: played.now)
    job_list = JobListStore(account.training, is_local=is_local, curves=curves, monotonic=lambda: played.now)
    state = job_list.refresh(VISIBLE, curves=VISIBLE)
    while state.has_more:
        state = job_list.more()
    assert len(state.jobs) == JOBS
    assert set(VISIBLE[::2]) <= state.curves.keys()
    return job_list


def play(job_list: JobListStore, played: Played, seconds: float) -> None:
    """Read the list whenever that is due, as whoever shows it does."""
    while played.now - played.begin < seconds:
        played.now += job_list.pause(is_shown=True) or pytest.fail("jobs run: the list has to be read again")
        job_list.refresh(VISIBLE, curves=VISIBLE)
        played.tick()


@pytest.mark.parametrize("is_local", [True, False])
def test_a_list_of_many_jobs_keeps_to_its_six_calls(home: Home, is_local: bool) -> None:
    played = Played(home)
    job_list = followed_list(home, played, is_local=is_local)
    assert len(job_list.state.running) == RUNNING
    home.sandbox.forget_calls()

    play(job_list, played, 180)

    played.assert_within_budget()
    assert played.total == {"ListTrainingJobs": 9, "GetMetricData": 3}


def _has_curve(lines: Sequence[str], row: str) -> bool:
    return any(row in line and not BLOCKS.isdisjoint(line[:80]) for line in lines)


async def test_the_screen_with_all_that_it_does_keeps_to_them(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    played = Played(home)
    set_timer = JsftApp.set_timer

    def quicker(app: JsftApp, delay: float, *arguments: Any, **more: Any) -> Timer:
        """The pauses of the list are played; no other timer is."""
        if more.get("name") == "job list":
            played.tick()
            played.now += delay
            delay = 0.01
        return set_timer(app, delay, *arguments, **more)

    async with at_work(home, (140, 50)) as work:
        await work.press("6")
        await work.wait_for("OBJECTIVE")
        await work.wait_for(lambda: not any("● job-" in line and "…" in line[:80] for line in work.lines))
        shown = work.screen(JobsScreen).shown_jobs or ()
        assert len(shown) > 30
        rows = [f"● {name} " for name in shown if name in RUNS]
        await work.wait_for(lambda: all(_has_curve(work.lines, row) for row in rows))
        assert len(work.session.job_list.state.running) == RUNNING
        monkeypatch.setattr(work.session.job_list, "_monotonic", lambda: played.now)
        monkeypatch.setattr(JsftApp, "set_timer", quicker)
        # The row under the cursor is read again by the clock on the wall, while that of the list is played.
        monkeypatch.setattr("jsft_tui.tui.screens.jobs.glances.LOCAL_PERIOD", math.inf)
        home.sandbox.forget_calls()
        work.app.job_poller.ask_now()
        await work.wait_for(lambda: played.now - played.begin > 200)

    played.assert_within_budget()
    assert played.total["ListTrainingJobs"] >= 9
    assert played.total["GetMetricData"] >= 3


def test_jobs_that_end_are_described_again_within_the_budget(home: Home) -> None:
    played = Played(home)
    job_list = followed_list(home, played, is_local=False)
    for name in VISIBLE[:24:2]:
        home.sandbox.client("sagemaker").stop_training_job(TrainingJobName=name)
    home.sandbox.forget_calls()

    play(job_list, played, 240)

    played.assert_within_budget()
    assert len(job_list.state.running) == RUNNING - 12
    assert 0 < played.total["DescribeTrainingJob"] <= 12
