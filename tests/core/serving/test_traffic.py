"""How often an endpoint was called, and since when nobody has."""

from __future__ import annotations

import pytest

from jsft_tui.core.serving.traffic import DAY, HOUR, Calls

NOW = 100 * DAY + 0.5 * HOUR
"""In the middle of an hour."""


def called(*hours_ago: float) -> Calls:
    """Three calls in the hour that began that many hours before the current one."""
    return Calls(NOW - 14 * DAY, tuple(sorted((100 * DAY - ago * HOUR, 3.0) for ago in hours_ago)))


def test_the_hour_that_is_partly_within_the_day_counts() -> None:
    assert called(0, 23, 24, 25).within(DAY, NOW) == 9


def test_days_are_counted_back_from_now() -> None:
    assert called(0, 1, 25, 71).by_day(3, NOW) == [3, 3, 6]


@pytest.mark.parametrize(
    ("calls", "created", "quiet", "idle"),
    [
        (called(0), 0.0, 0.0, False),
        (called(30), 0.0, 29.5 * HOUR, True),
        (called(), NOW - HOUR, HOUR, False),
        (called(), NOW - 3 * DAY, 3 * DAY, True),
        (called(), 0.0, 14 * DAY, True),
        (Calls(NOW - DAY, ((NOW - HOUR, 0.0),)), 0.0, DAY, True),
    ],
    ids=["just now", "yesterday", "new", "never", "longer than known", "an hour of none"],
)
def test_quiet_is_the_time_since_the_last_call_or_the_creation(
    calls: Calls, created: float, quiet: float, idle: bool
) -> None:
    assert calls.quiet(created, NOW) == pytest.approx(quiet)
    assert calls.is_idle(created, NOW) is idle
