"""Calls in threads: the latest of a group counts, and whoever is not waited for stops."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

import pytest

from jsft_tui.core.common.errors import Problem
from jsft_tui.services.background.tasks import MOST_UNHEARD, Answer, LatestOnly, Reporter


class Desk:
    """Collects answers as an event loop would."""

    def __init__(self) -> None:
        self._waiting: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self.tasks = LatestOnly(self._waiting.put)
        self.got: list[object] = []

    def start(self, group: str, call: Callable[[Reporter[object]], object]) -> None:
        self.tasks.start(group, call, self.got.append, self.got.append, self.got.append)

    def settle(self, answers: int) -> None:
        for _ in range(answers):
            self.tasks.settle(self._waiting.get(timeout=5))


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_values_and_problems_come_back(desk: Desk) -> None:
    problem = Problem("Gone", "it is gone.")

    def fail(_: Reporter[object]) -> object:
        raise problem

    desk.start("one", lambda _: 1)
    desk.settle(1)
    desk.start("two", fail)
    desk.settle(1)

    assert desk.got == [1, problem]
    assert not desk.tasks.busy


def test_only_the_latest_of_a_group_counts(desk: Desk) -> None:
    go = threading.Event()
    desk.start("one", lambda _: (go.wait(5), "old")[1])
    desk.start("one", lambda _: "new")
    desk.start("other", lambda _: "other")
    go.set()
    desk.settle(3)

    assert sorted(map(str, desk.got)) == ["new", "other"]
    assert not desk.tasks.busy


def test_a_forgotten_call_stops_at_its_next_word(desk: Desk) -> None:
    told, go_on = threading.Event(), threading.Event()
    words = []

    def talk(wanted: Reporter[object]) -> object:
        for word in ("a", "b", "c"):
            wanted.tell(word)
            words.append(word)
            told.set()
            go_on.wait(5)
        return "done"

    desk.start("talk", talk)
    assert told.wait(5)
    desk.settle(1)
    desk.tasks.forget()
    go_on.set()
    desk.settle(1)  # what it came to: it was cancelled, and nobody hears of it

    assert desk.got == words == ["a"]
    assert not desk.tasks.busy


def test_a_group_is_busy_until_its_answer_was_handed_over(desk: Desk) -> None:
    desk.start("one", lambda _: 1)
    assert desk.tasks.busy == {"one"}
    desk.settle(1)
    assert desk.tasks.busy == frozenset()


def test_a_call_tells_no_faster_than_it_is_heard(desk: Desk) -> None:
    told: list[int] = []

    def talk(wanted: Reporter[object]) -> object:
        for number in range(50):
            wanted.tell(number)
            told.append(number)
        return "done"

    desk.start("talk", talk)
    for heard in range(50):
        desk.settle(1)
        assert len(told) <= heard + 1 + MOST_UNHEARD
    desk.settle(1)
    assert desk.got == [*range(50), "done"]
    desk.start("talk", talk)
    desk.settle(1)
    desk.tasks.forget()  # it waits to be heard, and learns that it will not be
    desk.settle(MOST_UNHEARD + 1)
    assert not desk.tasks.busy
