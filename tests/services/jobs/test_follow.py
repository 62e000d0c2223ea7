"""Follow a job: events in order, through errors and pauses."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest

from jsft_tui.aws.account import Account
from jsft_tui.aws.jobs.logs import TrainingLogs
from jsft_tui.aws.jobs.training import TrainingJobs
from jsft_tui.core.account.target import StaticCredentials, Target
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.services.background.polling import REMOTE, Cadence, Clock
from jsft_tui.services.jobs.follow import (
    MAX_LATE_READS,
    Current,
    Described,
    Ended,
    Event,
    JobFollowers,
    Logged,
    Measured,
    PhaseChanged,
    Trouble,
)
from jsft_tui.services.jobs.log_tail import PAGES_AT_ONCE
from jsft_tui.services.jobs.training_jobs import Jobs
from jsft_tui.services.settings.text_files import save_parts
from tests.cli.runs import run_file, unique_name
from tests.common.effort import PATIENCE
from tests.common.home import Home
from tests.core.jobs.examples import ENDED, STARTED, answer
from tests.sandbox.cloudwatch.writing import put_events
from tests.services.jobs.test_log_tail import Streams

QUICK = Cadence(logs=0.05, status=0.05, patience=0.2)


@pytest.fixture(scope="module")
def finished(_session_home: Home, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Run a job to its end."""
    name = unique_name("watched")
    path = run_file(tmp_path_factory.mktemp("watch"), name)
    assert _session_home.jsft("launch", path, "--yes", "--follow").code == 0
    return name


def events_of(home: Home, name: str) -> Iterator[Event]:
    """Return the events of a job."""
    return followers(home).follow(name)


def followers(home: Home, cadence: Cadence = QUICK) -> JobFollowers:
    """Return followers of a sandbox's jobs."""
    info = home.sandbox.info
    keys = StaticCredentials(info["access_key_id"], info["secret_access_key"])
    account = Account(Target(info["region"], endpoint=info["endpoint"], credentials=keys, sandbox=True))
    return JobFollowers(account.training, account.logs, cadence)


def texts(found: list[Event]) -> list[str]:
    """Return the texts of the log lines among events."""
    return [line.text for event in found if isinstance(event, Logged) for line in event.lines]


def test_a_finished_job_is_reported_completely_and_in_order(home: Home, finished: str) -> None:
    found = list(events_of(home, finished))

    assert isinstance(found[-1], Ended)
    assert found[-1].job.status is JobStatus.COMPLETED
    phases = [event.transition.status for event in found if isinstance(event, PhaseChanged)]
    assert phases == ["Starting", "Downloading", "Training", "Uploading", "Completed"]
    values = [point for event in found if isinstance(event, Measured) for point in event.points]
    assert len([point for point in values if point.metric.endswith("val-accuracy")]) == 2
    last = {point.metric: point.value for point in values}
    assert last == pytest.approx(found[-1].job.final_metrics)  # which the service found in the log by itself


@pytest.mark.parametrize("fault", ["throttle", "reset", "500", "lost"])
def test_transient_errors_lose_and_repeat_no_line(
    home: Home, finished: str, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("jsft_tui.aws.client.session.MAX_ATTEMPTS", 1)
    # What is said no to slows all later calls of a client down (botocore's adaptive retry mode): for seconds, here.
    monkeypatch.setattr("botocore.retries.bucket.TokenBucket.acquire", lambda *_: True)
    expected = texts(list(events_of(home, finished)))
    home.sandbox.set_faults({"do": fault, "service": "logs", "probability": 0.4, "times": 8})

    assert texts(list(events_of(home, finished))) == expected


def test_without_permission_for_logs_the_phases_are_reported(home: Home, finished: str) -> None:
    home.sandbox.set_faults({"do": "denied", "service": "logs", "times": None})

    found = list(events_of(home, finished))

    assert [event.problem.code for event in found if isinstance(event, Trouble)] == ["AccessDenied"]
    assert isinstance(found[-1], Ended)
    assert texts(found) == []


def test_expired_credentials_end_it_with_a_remedy(home: Home, finished: str) -> None:
    home.sandbox.set_faults({"do": "expired", "times": None})

    with pytest.raises(Problem) as caught:
        list(followers(home).follow(finished, sign_in_within=0.0))

    assert caught.value.code == "ExpiredToken"
    assert "aws sso login" in caught.value.remedy


def test_a_paused_follower_ends_at_once_and_continues_where_it_was(home: Home, folder: Path) -> None:
    name = unique_name("paused")
    path = run_file(folder, name, hyperparameters={"epochs": 1000, "augmentation": True})
    assert home.jsft("launch", path, "--yes").code == 0
    slow = followers(home, Cadence(logs=60.0, status=60.0)).watch(name)
    begun = threading.Event()

    def follow() -> None:
        for _ in slow.events():
            begun.set()

    thread = threading.Thread(target=follow, daemon=True)

    thread.start()
    assert begun.wait(PATIENCE)
    slow.pause()
    thread.join(PATIENCE)

    assert not thread.is_alive()  # though it would have waited for a minute
    watch = followers(home).watch(name)
    found: list[Event] = []
    for event in watch.events():
        found.append(event)
        if len(texts(found)) > 5:
            watch.pause()
    assert not isinstance(found[-1], Ended)
    home.jsft("stop", name, "--yes")
    watch.resume()
    found += watch.events()

    assert isinstance(found[-1], Ended)
    assert texts(found) == [line["message"] for line in home.json("logs", name)]
    phases = [event.transition.status for event in found if isinstance(event, PhaseChanged)]
    assert phases[-2:] == ["Stopping", "Stopped"] or phases[-3:] == ["Stopping", "Uploading", "Stopped"]
    assert len(phases) == len(set(phases))


def test_a_long_log_is_reported_in_batches_and_completely(
    home: Home, finished: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    expected = texts(list(events_of(home, finished)))
    monkeypatch.setattr("jsft_tui.services.jobs.follow.LINES_AT_ONCE", 3)
    monkeypatch.setattr("jsft_tui.services.jobs.log_tail.PAGES_AT_ONCE", 1)

    found = list(events_of(home, finished))

    assert texts(found) == expected
    assert max(len(event.lines) for event in found if isinstance(event, Logged)) == 3
    assert isinstance(found[-1], Ended)


def test_a_saved_log_equals_the_stored_one_byte_for_byte(home: Home, finished: str, folder: Path) -> None:
    client, group = home.sandbox.client("logs"), "/aws/sagemaker/TrainingJobs"
    streams = client.describe_log_streams(logGroupName=group, logStreamNamePrefix=f"{finished}/")["logStreams"]
    stream, now = streams[0]["logStreamName"], int(time.time() * 1000)
    hostile = ["\x1b[31mred\x1b[0m\t|", " 5%\r 50%\r100% loss: 0.5 \r", "dos\r", "a\nb", " naïve 😀 \u202e ", "\x07"]
    put_events(home.sandbox, stream, [(now, message) for message in hostile])
    server, token = [], None
    while True:
        more: dict[str, str] = {"nextToken": token} if token else {}
        page = client.get_log_events(logGroupName=group, logStreamName=stream, startFromHead=True, **more)
        server += [event["message"] for event in page["events"]]
        if page["nextForwardToken"] == token:
            break
        token = page["nextForwardToken"]

    path = save_parts(folder / "saved.log", Jobs(home.account()).log_text(finished))

    assert server[-6:] == hostile
    assert path.read_bytes() == "".join(f"{message}\n" for message in server).encode()
    assert texts(list(events_of(home, finished)))[-6:] == [
        "red    |", "100% loss: 0.5 ", "dos", "a\nb", " naïve 😀  ", "",
    ]  # fmt: skip


def test_a_quiet_log_is_polled_less_often() -> None:
    pauses = [REMOTE.after(quiet) for quiet in range(200)]
    assert pauses[0] == REMOTE.logs
    assert pauses == sorted(pauses)
    assert pauses[-1] == REMOTE.status
    assert Cadence(60.0, 1.0).after(9) == 60.0


class EndedJobs:
    """A job that has ended."""

    def describe(self, name: str, tags: object = None) -> TrainingJob:
        return TrainingJob.parse(answer(), {})


def test_late_lines_are_read_as_long_as_some_arrive() -> None:
    logs = Streams({"algo-1": [1.0], "algo-2": [2.0]})
    late = iter([3.0, 4.0, 5.0])

    def wait(_: threading.Event, __: float) -> None:
        for moment in itertools.islice(late, 1):
            logs.write("algo-2", moment)

    jobs = cast(TrainingJobs, EndedJobs())
    found = list(JobFollowers(jobs, cast(TrainingLogs, logs), REMOTE, Clock(wait=wait)).follow("flowers-1"))

    assert [line.time for event in found if isinstance(event, Logged) for line in event.lines] == [1, 2, 3, 4, 5]
    assert isinstance(found[-1], Ended)


def test_a_pause_within_the_log_of_an_ended_job_loses_and_reorders_nothing() -> None:
    length, size = 60, 2
    logs = Streams({"algo-1": [float(n) for n in range(length)], "algo-2": [n + 0.5 for n in range(length)]}, size)
    clock = Clock(wait=lambda _, __: None)
    jobs = cast(TrainingJobs, EndedJobs())
    watch = JobFollowers(jobs, cast(TrainingLogs, logs), REMOTE, clock).watch("flowers-1")
    found: list[Event] = []
    for rounds in itertools.count():
        assert rounds < 100
        watch.resume()
        read = None
        for event in watch.events():
            found.append(event)
            if isinstance(event, Logged) and read is None and rounds < 20:
                watch.pause()
                read = logs.read_pages
        if isinstance(found[-1], Ended):
            break
        assert read is not None
        assert logs.read_pages - read <= 2 * PAGES_AT_ONCE  # the part that was under way

    assert rounds > 3
    assert [line.time for event in found if isinstance(event, Logged) for line in event.lines] == [
        n / 2 for n in range(2 * length)
    ]
    phases = [event.transition.status for event in found if isinstance(event, PhaseChanged)]
    assert phases == ["Starting", "Training"]


def test_phases_and_lines_are_in_time_order() -> None:
    logs = Streams({"algo-1": [STARTED.timestamp() - 1, STARTED.timestamp() + 1]})
    clock = Clock(wait=lambda _, __: None)
    follower = JobFollowers(cast(TrainingJobs, EndedJobs()), cast(TrainingLogs, logs), REMOTE, clock).watch("flowers-1")

    found = [event for event in follower.events() if not isinstance(event, Described)]

    assert [type(event) for event in found] == [PhaseChanged, Logged, PhaseChanged, Logged, Ended]


def test_late_lines_without_end_do_not_keep_the_follower_running() -> None:
    logs = Streams({"algo-1": [1.0]})
    late = itertools.count(2)
    clock = Clock(wait=lambda _, __: logs.write("algo-1", float(next(late))))

    found = list(JobFollowers(cast(TrainingJobs, EndedJobs()), cast(TrainingLogs, logs), REMOTE, clock).follow("any"))

    assert isinstance(found[-1], Ended)
    assert len([line for event in found if isinstance(event, Logged) for line in event.lines]) == MAX_LATE_READS


def test_a_poll_describes_the_job_only_when_that_is_due() -> None:
    logs, ticks = Streams({"algo-1": [1.0]}), [0.0]

    class Running:
        def describe(self, name: str, tags: object = None) -> TrainingJob:
            return TrainingJob.parse({**answer(), "TrainingJobStatus": "InProgress", "SecondaryStatus": "Training"}, {})

    clock = Clock(ticks=lambda: ticks[0])
    follower = JobFollowers(cast(TrainingJobs, Running()), cast(TrainingLogs, logs), REMOTE, clock).watch("flowers-1")

    assert [type(event) for event in follower.poll()] == [Described, Logged, PhaseChanged, PhaseChanged, Current]
    logs.write("algo-1", ENDED.timestamp())
    assert [type(event) for event in follower.poll()] == [Logged]
    ticks[0] = REMOTE.status
    assert [type(event) for event in follower.poll()] == [Described]
