"""An answer that is good for a while."""

from __future__ import annotations

import pytest

from jsft_tui.core.common.errors import Problem
from jsft_tui.services.background.tasks import TtlCache, map_parallel


class Clock:
    now = 100.0

    def __call__(self) -> float:
        return self.now


def test_it_is_asked_for_once_until_it_is_old_or_forgotten() -> None:
    clock, answers = Clock(), iter(range(10))
    kept = TtlCache(lambda: next(answers), 5.0, clock)

    assert [kept.value(), kept.value()] == [0, 0]
    clock.now += 5.0
    assert kept.value() == 0
    clock.now += 0.1
    assert [kept.value(), kept.value()] == [1, 1]
    kept.forget()
    assert kept.value() == 2


def test_a_problem_is_not_kept() -> None:
    answers = iter([Problem("Timeout", "no answer."), "here"])

    def ask() -> object:
        answer = next(answers)
        if isinstance(answer, Problem):
            raise answer
        return answer

    kept = TtlCache(ask, 5.0)
    with pytest.raises(Problem):
        kept.value()
    assert kept.value() == "here"


def test_threads_that_want_it_together_ask_once() -> None:
    asked: list[int] = []
    kept = TtlCache(lambda: asked.append(1) or len(asked), 5.0)  # type: ignore[func-returns-value]

    found = [value for _, value in map_parallel(lambda _: kept.value(), range(20), workers=8)]

    assert found == [1] * 20
