"""Calls in threads: the latest of a group counts, and whoever is not waited for stops."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

import pytest

from jsft_tui.core.common.errors import Problem
from jsft_tui.services.background.tasks import MOST_UNHEARD, Answer, ExclusiveTasks, Reporter
from tests.effort import PATIENCE


class Session:
    """Collects answers as an event loop would."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self.tasks = ExclusiveTasks(self._waiting.put)
        self.got: list[object] = []

    def start(self, group: str, call: Callable[[Reporter[object]], object]) -> None:
        self.tasks.start(group, call, self.got.append, self.got.append, self.got.append)

    def settle(self, answers: int) -> None:
        for _ in range(answers):
            self.tasks.settle(self._waiting.get(timeout=PATIENCE))


@pytest.fixture
def session() -> Session:
    return Session()


def test_values_and_problems_come_back(session: Session) -> None:
    problem = Problem("Gone", "it is gone.")

    def fail(_: Reporter[object]) -> object:
        raise problem

    session.start("one", lambda _: 1)
    session.settle(1)
    session.start("two", fail)
    session.settle(1)

    assert session.got == [1, problem]
    assert not session.tasks.busy


def test_only_the_latest_of_a_group_counts(session: Session) -> None:
    go = threading.Event()
    session.start("one", lambda _: (go.wait(PATIENCE), "old")[1])
    session.start("one", lambda _: "new")
    session.start("other", lambda _: "other")
    go.set()
    session.settle(3)

    assert sorted(map(str, session.got)) == ["new", "other"]
    assert not session.tasks.busy


def test_a_forgotten_call_stops_at_its_next_word(session: Session) -> None:
    told, continue_from = threading.Event(), threading.Event()
    words = []

    def talk(wanted: Reporter[object]) -> object:
        for word in ("a", "b", "c"):
            wanted.tell(word)
            words.append(word)
            told.set()
            continue_from.wait(PATIENCE)
        return "done"

    session.start("talk", talk)
    assert told.wait(PATIENCE)
    session.settle(1)
    session.tasks.forget()
    continue_from.set()
    session.settle(1)  # what it came to: it was cancelled, and nobody hears of it

    assert session.got == words == ["a"]
    assert not session.tasks.busy


def test_a_group_is_busy_until_its_answer_was_handed_over(session: Session) -> None:
    session.start("one", lambda _: 1)
    assert session.tasks.busy == {"one"}
    session.settle(1)
    assert session.tasks.busy == frozenset()


def test_a_call_tells_no_faster_than_it_is_heard(session: Session) -> None:
    told: list[int] = []

    def talk(wanted: Reporter[object]) -> object:
        for number in range(50):
            wanted.tell(number)
            told.append(number)
        return "done"

    session.start("talk", talk)
    for heard in range(50):
        session.settle(1)
        assert len(told) <= heard + 1 + MOST_UNHEARD
    session.settle(1)
    assert session.got == [*range(50), "done"]
    session.start("talk", talk)
    session.settle(1)
    session.tasks.forget()  # it waits to be heard, and learns that it will not be
    session.settle(MOST_UNHEARD + 1)
    assert not session.tasks.busy
