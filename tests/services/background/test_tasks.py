"""Calls in threads that coroutines await: values, errors, progress, and cancellation."""

from __future__ import annotations

import asyncio
import threading

import pytest

from jsft_tui.core.common.errors import Problem
from jsft_tui.services.background.tasks import MAX_UNREAD, AwaitedCalls, Cancelled, Reporter
from tests.common.effort import PATIENCE


@pytest.fixture
def calls() -> AwaitedCalls:
    return AwaitedCalls()


def nothing(_: object) -> None:
    pass


async def test_values_and_errors_come_back(calls: AwaitedCalls) -> None:
    def fail(_: Reporter[object]) -> object:
        raise Problem("Gone", "it is gone.")

    assert await calls.run("one", lambda _: 1, nothing) == 1
    with pytest.raises(Problem, match="it is gone"):
        await calls.run("two", fail, nothing)
    assert not calls.busy


async def test_a_call_is_busy_while_it_is_awaited(calls: AwaitedCalls) -> None:
    go = threading.Event()
    first = asyncio.create_task(calls.run("one", lambda _: go.wait(PATIENCE), nothing))
    second = asyncio.create_task(calls.run("one", lambda _: go.wait(PATIENCE), nothing))
    await asyncio.sleep(0)
    assert calls.busy == {"one"}
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    assert calls.busy == {"one"}
    go.set()
    assert await second
    assert calls.busy == frozenset()


async def test_a_cancelled_call_ends_at_its_next_report(calls: AwaitedCalls) -> None:
    reported, go, ended = threading.Event(), threading.Event(), threading.Event()
    values: list[str] = []

    def talk(reporter: Reporter[str]) -> str:
        try:
            for value in ("a", "b", "c"):
                reporter.tell(value)
                reported.set()
                go.wait(PATIENCE)
        except Cancelled:
            ended.set()
            raise
        return "done"

    task = asyncio.create_task(calls.run("talk", talk, values.append))
    assert await asyncio.to_thread(reported.wait, PATIENCE)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    go.set()
    assert await asyncio.to_thread(ended.wait, PATIENCE)
    assert values in ([], ["a"])
    assert not calls.busy


async def test_a_call_reports_no_faster_than_it_is_read(calls: AwaitedCalls) -> None:
    reported: list[int] = []
    read: list[int] = []

    def talk(reporter: Reporter[int]) -> str:
        for number in range(50):
            reporter.tell(number)
            reported.append(number)
        return "done"

    def take(number: int) -> None:
        assert len(reported) <= len(read) + MAX_UNREAD
        read.append(number)

    assert await calls.run("talk", talk, take) == "done"
    assert read == reported == [*range(50)]


async def test_a_call_whose_reports_are_not_read_learns_that_it_is_cancelled(calls: AwaitedCalls) -> None:
    is_full, ended = threading.Event(), threading.Event()

    def talk(reporter: Reporter[int]) -> None:
        try:
            for number in range(MAX_UNREAD + 1):
                if number == MAX_UNREAD:
                    is_full.set()
                reporter.tell(number)
        except Cancelled:
            ended.set()
            raise

    def hold(_: int) -> None:
        assert is_full.wait(PATIENCE)
        raise Problem("Stop", "stop.")

    with pytest.raises(Problem, match="stop"):
        await calls.run("talk", talk, hold)
    assert await asyncio.to_thread(ended.wait, PATIENCE)
