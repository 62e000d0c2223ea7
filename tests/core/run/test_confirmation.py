"""Confirmation of launches."""

from __future__ import annotations

import pytest

from jsft_tui.core.run.confirmation import Confirmation, confirmation


@pytest.mark.parametrize(
    ("bound", "expected"), [(None, None), (0.0, None), (49.99, None), (50.0, None), (50.01, 50), (709.9, 709)]
)
def test_above_the_threshold_the_whole_dollars_are_typed(bound: float | None, expected: int | None) -> None:
    assert confirmation(bound, 50.0) == Confirmation(bound, expected)
    assert confirmation(bound, 50.0).is_typed is (expected is not None)


@pytest.mark.parametrize("answer", ["1709", " $1709 ", "1,709", "$1,709"])
def test_the_whole_dollars_confirm(answer: str) -> None:
    assert confirmation(1709.99, 50.0).accepts(answer)


@pytest.mark.parametrize("answer", ["", "y", "yes", "1710", "1709.99", "$$1709", "17"])
def test_anything_else_does_not(answer: str) -> None:
    assert not confirmation(1709.99, 50.0).accepts(answer)


def test_below_a_yes_will_do_and_nothing_else() -> None:
    plain = confirmation(3.0, 50.0)
    assert plain.accepts("y") and plain.accepts(" YES ")
    assert not plain.accepts("") and not plain.accepts("n") and not plain.accepts("3")
