"""Progress that is told now and then."""

from __future__ import annotations

import pytest

from jsft_tui.services.background.progress import ThrottledReporter
from jsft_tui.services.background.tasks import Cancelled, Reporter


def test_values_are_passed_on_now_and_then_and_each_learns_of_the_end() -> None:
    told: list[int] = []
    times = iter([0.0, 0.1, 0.16, 0.2, 5.0])
    wanted = True
    paced = ThrottledReporter(Reporter(lambda: wanted, told.append), 0.15, lambda: next(times))

    for value in range(5):
        paced.tell(value)
    assert told == [0, 2, 4]

    wanted = False
    with pytest.raises(Cancelled):
        paced.tell(5)
