"""A call has a time in all: what never comes to an end is cut."""

from __future__ import annotations

import socket
import threading

import pytest

from jsft_tui.aws.client.http.deadline import (
    Patience,
    TooSlow,
    Watch,
    Watchdog,
    begin_call,
    seconds_left,
    tell_when_waiting,
    watching,
)
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.background.slow_answers import say_when_waiting
from tests.common.effort import PATIENCE
from tests.common.home import BUCKET, Home

BRIEF = Patience(seconds=0.4, slowest=1e9)


@pytest.fixture
def brief(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jsft_tui.aws.client.http.deadline.PATIENCE", BRIEF)


@pytest.mark.parametrize("fault", ["half-open", "drip", "slow", "slow-body"])
@pytest.mark.usefixtures("brief")
def test_a_call_that_does_not_end_is_ended(home: Home, fault: str) -> None:
    home.sandbox.set_faults({"do": fault, "seconds": 0.2 if fault == "drip" else 10 * PATIENCE})
    account = home.account()
    for call in (account.iam.identity, account.s3.buckets, account.training.page):
        with pytest.raises(Problem) as error:
            call()
        assert error.value.code == "Timeout"
        assert "within 0.4 s" in error.value.message


@pytest.mark.parametrize("fault", ["drip", "slow-body"])
@pytest.mark.usefixtures("brief")
def test_the_body_of_an_object_has_its_time_too(home: Home, fault: str) -> None:
    uri = S3Uri(BUCKET, "deadline/x")
    home.sandbox.client("s3").put_object(Bucket=uri.bucket, Key=uri.key, Body=b"x" * 1000)
    home.sandbox.set_faults({"do": fault, "seconds": 0.2 if fault == "drip" else 10 * PATIENCE})
    with pytest.raises(Problem) as error:
        home.account().s3.read(uri)
    assert error.value.code == "Timeout"


def test_a_call_that_was_cut_leaves_the_next_one_alone(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jsft_tui.aws.client.http.deadline.PATIENCE", Patience(seconds=5.0))
    account = home.account()
    good = account.s3.buckets()
    home.sandbox.set_faults({"do": "half-open", "seconds": 10 * PATIENCE, "times": 1})
    with pytest.raises(Problem, match="within 5 s"):
        account.s3.buckets()
    assert account.s3.buckets() == good


def test_a_call_that_takes_long_says_so_once(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jsft_tui.aws.client.http.deadline.NOTICE_AFTER", 0.1)
    said: list[str] = []
    say_when_waiting(said.append)
    try:
        account = home.account()
        account.s3.buckets()
        home.sandbox.set_faults({"do": "slow", "seconds": 0.5})
        account.s3.buckets()
        account.s3.buckets()
    finally:
        tell_when_waiting(None)
    assert said == ["No answer from AWS yet; each call is given 60 s."]


def test_attempts_share_their_time_and_bytes_add_to_it() -> None:
    patience = Patience(seconds=100.0, slowest=10.0)
    begin_call(patience)
    first = seconds_left(patience, 0)
    assert seconds_left(patience, 50) <= first + 5.0
    assert 0 < seconds_left(patience, 0) <= first <= 100.0
    assert patience.for_bytes(50) == 105.0


def test_what_has_no_time_left_does_not_begin() -> None:
    with pytest.raises(TooSlow, match="60 s"), watching(0.0, 60.0):
        raise AssertionError("begun")


def test_a_thread_that_waits_for_a_socket_wakes_up() -> None:
    near, far = socket.socketpair()
    with far, near, pytest.raises(TooSlow), watching(0.05, 0.05, near):
        near.recv(1)


def test_a_watch_that_is_over_cuts_nothing() -> None:
    near, far = socket.socketpair()
    with near, far:
        watch = Watch(1.0)
        watch.use(near)
        watch.end()
        watch.expire()
        far.sendall(b"x")
        assert near.recv(1) == b"x"
        assert not watch.has_expired


def test_the_watchdog_ends_watches_in_the_order_of_their_times() -> None:
    ended: list[float] = []
    done = threading.Event()

    class Noted(Watch):
        def expire(self) -> None:
            ended.append(self.seconds)
            if len(ended) == 3:
                done.set()

    watchdog = Watchdog()
    for seconds in (0.3, 0.1, 0.2):
        watchdog.add(Noted(seconds))
    assert done.wait(PATIENCE)
    assert ended == [0.1, 0.2, 0.3]
