"""Follow a job through throttling, an outage of a minute, and expired credentials, without losing anything."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from jsft_tui.aws.account import Account
from jsft_tui.core.account.target import Target
from jsft_tui.core.jobs.metrics.log_metrics import Point
from jsft_tui.core.jobs.training_job import JobStatus
from jsft_tui.metric_search.scraper import MetricScraper
from jsft_tui.services.background.polling import REMOTE, Cadence, Clock
from jsft_tui.services.jobs.follow import Current, Ended, Event, JobFollowers, Logged, Measured, Trouble
from jsft_tui.services.jobs.training_jobs import Jobs
from jsft_tui.services.settings.text_files import save_parts
from tests.cli.runs import run_file, unique_name
from tests.common.effort import at_most
from tests.common.home import Home, environment
from tests.common.servers.cable import Cable, SignIn
from tests.services.jobs.test_curves_of_jobs import log_events

OUTAGE = 60.0
"""Seconds."""


class QuickClock:
    """A clock whose waits are short in real time, while its own time advances fully."""

    def __init__(self) -> None:
        self._waited = 0.0

    def now(self) -> float:
        return time.time() + self._waited

    def ticks(self) -> float:
        return time.monotonic() + self._waited

    def wait(self, event: threading.Event, seconds: float) -> None:
        event.wait(0.02)
        self._waited += seconds

    @property
    def clock(self) -> Clock:
        return Clock(self.now, self.ticks, self.wait)


@dataclass
class Day:
    """A sequence of faults for a followed job, and the events reported meanwhile."""

    home: Home
    name: str
    cable: Cable
    sign_in: SignIn
    clock: Clock
    events: list[Event] = field(default_factory=list)
    troubles: dict[str, list[Trouble]] = field(default_factory=dict)
    recoveries: int = 0

    def live(self, watch: Iterator[Event]) -> None:
        """Apply events until the job has ended."""
        plan = self._plan()
        continued_run: Callable[[Event], bool] = next(plan)
        for event in watch:
            self.events.append(event)
            if isinstance(event, Trouble):
                self.troubles.setdefault(event.problem.code, []).append(event)
            if continued_run(event):
                continued_run = next(plan, lambda _: False)

    def _plan(self) -> Iterator[Callable[[Event], bool]]:
        """Yield the end condition of each step, after starting the step."""
        sandbox, lines = self.home.sandbox, itertools.count()
        yield lambda event: isinstance(event, Logged) and next(lines) > 2
        sandbox.set_faults({"do": "throttle", "service": "logs", "times": 5})
        yield lambda event: isinstance(event, Current)
        self.cable.cut()
        ends = self.clock.ticks() + OUTAGE

        def is_over(event: Event) -> bool:
            if isinstance(event, Trouble) and self.clock.ticks() + event.pause >= ends:
                # It comes back while the watch waits for the next question.
                self.cable.mend()
                return True
            return False

        yield is_over
        yield lambda event: isinstance(event, Current)
        self.cable.expire(self.sign_in.token)
        expired = itertools.count()
        yield lambda event: isinstance(event, Trouble) and next(expired) == 2
        self.sign_in.again()
        yield lambda event: isinstance(event, Current)
        sandbox.client("sagemaker").stop_training_job(TrainingJobName=self.name)


def watched_badly(home: Home, folder: Path, cadence: Cadence, clock: Clock) -> Day:
    """Launch a job that trains until it is stopped, and follow it through the faults."""
    name = unique_name("bad-day")
    path = run_file(folder, name, hyperparameters={"epochs": 1000, "augmentation": True})
    assert home.jsft("launch", path, "--yes").code == 0
    day = Day(home, name, Cable(home.sandbox), SignIn(home.sandbox, folder / "credentials"), clock)
    with environment(home.environment(**day.sign_in.environment, **day.cable.environment)):
        account = Account(Target(home.sandbox.info["region"]))
        day.live(JobFollowers(account.training, account.logs, cadence, clock).follow(name))
        saved = save_parts(folder / "saved.log", Jobs(account).log_text(name))
    day.cable.cut()
    server = list(log_events(home.sandbox, name))

    assert isinstance(day.events[-1], Ended)
    assert day.events[-1].job.status is JobStatus.STOPPED
    lines = [line for event in day.events if isinstance(event, Logged) for line in event.lines]
    assert [(line.time, line.raw) for line in lines] == [(e["timestamp"] / 1000, e["message"]) for e in server]
    assert saved.read_bytes() == "".join(f"{event['message']}\n" for event in server).encode()
    points = [point for event in day.events if isinstance(event, Measured) for point in event.points]
    scraper = MetricScraper(day.events[-1].job.metric_definitions)
    assert points == list(scraper.all_points(lines))
    assert len(points) > 3 and all(isinstance(point, Point) for point in points)
    return day


def test_throttling_an_outage_and_expired_credentials_lose_nothing(
    home: Home, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jsft_tui.aws.client.session.MAX_ATTEMPTS", 1)  # what boto3 does not bridge, the watch has to
    # boto3 itself slows down after throttling, by a clock of its own.
    monkeypatch.setattr("botocore.retries.bucket.TokenBucket.acquire", lambda *_: True)
    day = watched_badly(home, folder, REMOTE, QuickClock().clock)

    assert list(day.troubles) == ["Throttled", "NoConnection", "ExpiredToken"]
    throttled, offline, signed_out = day.troubles.values()
    assert len(throttled) == 5
    pauses = [trouble.pause for trouble in throttled]
    assert pauses == sorted(pauses)
    assert (pauses[0], pauses[-1]) == (2 * REMOTE.logs, REMOTE.patience)  # it backs off
    assert 1 < len(offline) <= 4  # nobody is asked again and again while nobody is there
    assert len({trouble.since for trouble in offline}) == 1
    assert offline[0].last_seen is not None
    assert 0 <= offline[0].since - offline[0].last_seen <= 2 * REMOTE.status
    since, seen = clock(offline[0].since), clock(offline[0].last_seen)
    assert offline[-1].text.startswith(f"Offline since {since}, last seen {seen}, trying again in ")
    assert [trouble.pause for trouble in signed_out] == [REMOTE.status] * 3


def clock(moment: float) -> str:
    """Format a time of day."""
    return time.strftime("%H:%M:%S", time.localtime(moment))


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_a_minute_without_a_network_causes_few_calls(home: Home, folder: Path) -> None:
    """In real time, with boto3's own retries."""
    with at_most(15, "a minute without a network"):
        day = watched_badly(home, folder, Cadence(logs=1.0, status=3.0), Clock())

    assert {"NoConnection", "ExpiredToken"} <= set(day.troubles) <= {"NoConnection", "ExpiredToken", "Throttled"}
    assert len(day.troubles["NoConnection"]) <= 6
