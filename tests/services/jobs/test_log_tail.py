"""Several log streams are merged in time order, without loading any of them completely."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.aws.jobs.logs import LogPage, TrainingLogs
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.metrics.log_metrics import LogLine
from jsft_tui.services.jobs.log_tail import PAGES_AT_ONCE, LogTail, whole_log


class Streams:
    """Log streams that can be written to; `size` lines on a page. Every `fails`-th call fails."""

    def __init__(self, streams: Mapping[str, Sequence[float]], size: int = 3, fails: int = 0) -> None:
        self.lines = {
            name: [LogLine(time, f"{name} {number}", name) for number, time in enumerate(times)]
            for name, times in streams.items()
        }
        self.size = size
        self.read_pages = 0
        self._fails = fails
        self._calls = 0

    def write(self, name: str, *times: float) -> None:
        here = self.lines.setdefault(name, [])
        here += [LogLine(time, f"{name} {len(here) + number}", name) for number, time in enumerate(times)]

    def _call(self) -> None:
        self._calls += 1
        if self._fails and self._calls % self._fails == 0:
            raise Problem("Throttled", "slow down", retryable=True)

    def streams(self, job: str) -> list[str]:
        self._call()
        return list(self.lines)

    def read(self, stream: str, token: str | None = None) -> LogPage:
        self._call()
        first = int(token or 0)
        found = self.lines[stream][first : first + self.size]
        self.read_pages += 1
        return LogPage(tuple(found), str(first + len(found)))

    @property
    def all(self) -> list[LogLine]:
        return [line for lines in self.lines.values() for line in lines]

    def tail(self) -> LogTail:
        return LogTail(cast(TrainingLogs, self), "job")


TIMES = st.lists(st.integers(0, 50).map(float), max_size=40).map(sorted)


@given(st.lists(TIMES, max_size=4), st.sampled_from([0, 3, 5]))
def test_all_lines_come_in_time_order_whatever_fails(hosts: list[list[float]], fails: int) -> None:
    logs = Streams({f"algo-{number}": times for number, times in enumerate(hosts, 1)}, fails=fails)
    tail, taken = logs.tail(), []
    for _ in range(200):
        try:
            tail.collect()
        except Problem:
            continue
        taken += tail.take()
        if not tail.is_behind:
            break
    taken += tail.take_all()

    assert not tail.is_behind
    assert sorted(taken, key=lambda line: line.text) == sorted(logs.all, key=lambda line: line.text)
    assert [line.time for line in taken] == sorted(line.time for line in taken)
    for name, lines in logs.lines.items():
        assert [line for line in taken if line.stream == name] == lines


def test_lines_are_ready_before_a_long_log_of_several_hosts_is_read() -> None:
    hosts, size, length = 4, 100, 20_000
    logs = Streams({f"algo-{host}": [n + host / 10 for n in range(length)] for host in range(hosts)}, size)
    held = most = taken = 0
    times: list[float] = []
    lines = whole_log(cast(TrainingLogs, logs), "job")
    for line in lines:
        if taken == 0:
            assert logs.read_pages <= PAGES_AT_ONCE + 2 * hosts
        taken += 1
        times.append(line.time)
        held = min(logs.read_pages * size, hosts * length) - taken
        most = max(most, held)
    assert taken == hosts * length
    assert times == sorted(times)
    assert most <= (PAGES_AT_ONCE + 2 * hosts) * size


def test_lines_written_while_hosts_are_read_in_turn_are_in_order() -> None:
    logs = Streams({"algo-1": [1.0], "algo-2": [1.5, 2.5]})
    tail = logs.tail()
    taken: list[float] = []

    def look() -> list[float]:
        tail.collect()
        taken.extend(line.time for line in tail.take())
        return taken

    assert look() == [1.0]  # algo-1 may have written something by 2.5
    logs.write("algo-1", 2.0)
    logs.write("algo-2", 3.5)
    assert look() == [1.0, 1.5, 2.0, 2.5]
    assert look() == [1.0, 1.5, 2.0, 2.5, 3.5]  # a silent host holds nothing up for long
    logs.write("algo-2", 4.5)
    look()
    assert [line.time for line in tail.take_all()] == [4.5]


def test_a_single_host_waits_for_no_other_and_keeps_its_order() -> None:
    logs = Streams({"algo-1": [2.0, 1.0, 3.0, 0.5]})
    tail = logs.tail()
    tail.collect()
    assert [line.time for line in tail.take()] == [2.0, 1.0, 3.0, 0.5]


def test_lines_out_of_order_in_a_stream_are_not_lost_and_block_nothing() -> None:
    logs = Streams({"algo-1": [5.0, 1.0, 9.0, 2.0] * 5, "algo-2": [3.0, 7.0, 1.0] * 7})
    assert len(list(whole_log(cast(TrainingLogs, logs), "job"))) == 41


def test_an_error_comes_before_any_line() -> None:
    with pytest.raises(Problem):
        next(whole_log(cast(TrainingLogs, Streams({"algo-1": [1.0]}, fails=2)), "job"))


def test_pages_that_go_in_circles_end_as_a_problem() -> None:
    class Circle(Streams):
        def read(self, stream: str, token: str | None = None) -> LogPage:
            return LogPage(tuple(self.lines[stream][:1]), {"1": "2", "2": "1"}.get(token or "", "1"))

    logs = Circle({"algo-1": [1.0, 2.0]})
    with pytest.raises(Problem, match="circles"):
        list(whole_log(cast(TrainingLogs, logs), "job"))
