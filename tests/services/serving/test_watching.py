"""Watching something that changes and writes a log, with a played clock."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import cast

import pytest

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.metrics.log_metrics import LogLine
from jsft_tui.services.background.polling import Cadence, Clock
from jsft_tui.services.jobs.follow import Logged, Trouble
from jsft_tui.services.jobs.log_tail import LogTail
from jsft_tui.services.serving.watching import Seen, Watcher


class Played:
    """A clock whose waits pass at once."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def wait(self, event: threading.Event, seconds: float) -> None:
        del event
        self.seconds += seconds

    @property
    def clock(self) -> Clock:
        return Clock(lambda: self.seconds, lambda: self.seconds, self.wait)


class Tail:
    """A log of which each read brings a part."""

    is_behind = False

    def __init__(self, *parts: list[str] | Problem) -> None:
        self.parts = iter(parts)
        self.ready: list[LogLine] = []

    def collect(self) -> None:
        part = next(self.parts, [])
        if isinstance(part, Problem):
            raise part
        self.ready += [LogLine(0.0, text, "a", "") for text in part]

    def take(self) -> list[LogLine]:
        taken, self.ready = self.ready, []
        return taken

    take_all = take


def watched(states: Iterator[str | Problem], tail: Tail | None) -> list[str]:
    """What is told of something that has these states, one each time that it is asked."""

    def describe() -> str:
        found = next(states)
        if isinstance(found, Problem):
            raise found
        return found

    told = []
    watcher = Watcher(describe, lambda state: state == "over", cast(LogTail, tail), Cadence(1.0, 1.0), Played().clock)
    for event in watcher.events():
        if isinstance(event, Seen):
            told.append(event.state)
        elif isinstance(event, Logged):
            told += [line.text for line in event.lines]
        else:
            assert isinstance(event, Trouble)
            told.append(event.problem.code)
    return told


def always(*states: str | Problem) -> Iterator[str | Problem]:
    """These states, the last of them for ever."""
    yield from states
    while True:
        yield states[-1]


def test_states_are_told_when_they_change_and_lines_when_they_come() -> None:
    tail = Tail(["one"], [], ["two"], ["late"])

    assert watched(always("begun", "begun", "over"), tail) == ["begun", "one", "over", "two", "late"]


def test_without_a_log_the_end_is_the_end() -> None:
    assert watched(always("begun", "over"), None) == ["begun", "over"]


def test_a_failure_that_passes_is_told_and_repeated() -> None:
    lost = Problem("NoConnection", "offline", retryable=True)

    assert watched(always("begun", lost, "over"), None) == ["begun", "NoConnection", "over"]


def test_a_log_that_may_not_be_read_does_not_end_it() -> None:
    denied = Problem("AccessDenied", "no")

    assert watched(always("begun", "begun", "over"), Tail(denied)) == ["begun", "AccessDenied", "over"]


def test_what_is_gone_is_an_error() -> None:
    with pytest.raises(Problem, match="gone"):
        watched(always("begun", Problem("NoSuchEndpoint", "gone")), None)
