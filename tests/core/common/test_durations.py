"""Durations as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.common.durations import clock, format_duration, parse_duration


@pytest.mark.parametrize(
    ("written", "seconds"),
    [
        ("6h", 21_600),
        ("90m", 5_400),
        ("1h30m", 5_400),
        ("1h 30m", 5_400),
        ("2d", 172_800),
        ("2D12H", 216_000),
        ("45s", 45),
        ("1m5s", 65),
        (3600, 3_600),
        (" 6h ", 21_600),
        ("25h", 90_000),
    ],
)
def test_a_span_of_time_is_read_as_seconds(written: str | int, seconds: int) -> None:
    assert parse_duration(written) == seconds


@pytest.mark.parametrize(
    "written", ["", " ", "h", "six hours", "6x", "1.5h", "-1h", "1m1h", "6h6h", "1:30", "∞", "1e3"]
)
def test_what_is_not_a_duration_is_refused_with_an_example(written: str) -> None:
    with pytest.raises(ValueError, match="1h30m"):
        parse_duration(written)


@pytest.mark.parametrize("written", ["1h30", "1d5", "2m10"])
def test_a_number_without_a_unit_behind_one_with_a_unit_is_not_guessed_at(written: str) -> None:
    with pytest.raises(ValueError, match="not a duration"):
        parse_duration(written)


@pytest.mark.parametrize("written", ["2", " 3600 "])
def test_a_number_alone_that_somebody_types_is_refused_with_what_to_write(written: str) -> None:
    with pytest.raises(ValueError, match=rf"has no unit; write {written.strip()}h for hours, "):
        parse_duration(written)


@pytest.mark.parametrize("written", ["0h", "0d0h0m0s", 0])
def test_nothing_is_not_a_duration(written: str | int) -> None:
    with pytest.raises(ValueError, match="not a positive duration"):
        parse_duration(written)


def test_a_number_of_thousands_of_digits_is_refused() -> None:
    with pytest.raises(ValueError, match="duration"):
        parse_duration("9" * 5_000 + "h")


@given(st.integers(1, 10**9))
def test_a_span_written_and_read_is_the_same(seconds: int) -> None:
    assert parse_duration(format_duration(seconds)) == seconds


@pytest.mark.parametrize(
    ("seconds", "written"),
    [(21_600, "6h"), (5_400, "1h30m"), (86_400, "1d"), (45, "45s"), (0, "0s"), (90_061, "1d1h1m1s")],
)
def test_a_span_is_written_in_the_shortest_way(seconds: int, written: str) -> None:
    assert format_duration(seconds) == written


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0:00"), (4.9, "0:04"), (200, "3:20"), (3_731, "1:02:11"), (-5, "0:00"), (360_000, "100:00:00")],
)
def test_a_clock_shows_hours_only_when_there_are_some(seconds: float, shown: str) -> None:
    assert clock(seconds) == shown
