"""Values stand over epochs if the log tells them, over the whole planned range; else over the time."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.jobs.metrics.log_metrics import EpochMark, Progress
from jsft_tui.core.jobs.metrics.training_axis import training_axis


def marks(*epochs: int, of: int = 10, seconds: float = 100.0) -> list[EpochMark]:
    """Build marks at even times."""
    return [EpochMark(seconds * number, Progress(epoch, of)) for number, epoch in enumerate(epochs)]


def test_one_value_of_an_epoch_stands_at_its_number() -> None:
    points = [(90.0, 0.5), (190.0, 0.7), (200.0, 0.8)]
    axis = training_axis([points], marks(1, 2, 3))
    assert (axis.first, axis.last, axis.unit) == (1, 10, "epoch")
    assert axis.over(points) == [(1, 0.5), (2, 0.7), (3, 0.8)]
    assert axis.text(3) == "3"


def test_several_values_of_an_epoch_lie_before_its_end() -> None:
    points = [(10.0, 4.0), (20.0, 3.0), (30.0, 2.5), (40.0, 2.0), (110.0, 1.0)]
    axis = training_axis([points], marks(1, 2))
    assert axis.first == 0
    assert axis.over(points) == [(0.25, 4.0), (0.5, 3.0), (0.75, 2.5), (1, 2.0), (1.25, 1.0)]


def test_a_restarted_training_replaces_what_it_measures_anew() -> None:
    points = [(10.0, 0.1), (110.0, 0.2), (210.0, 0.3), (310.0, 0.25), (410.0, 0.35)]
    axis = training_axis([points], marks(1, 2, 3, 2, 3))
    assert axis.over(points) == [(1, 0.1), (2, 0.25), (3, 0.35)]


def test_without_epochs_the_axis_is_the_time_since_the_first_value() -> None:
    axis = training_axis([[(1000.0, 1.0), (1200.0, 0.5)], [(1100.0, 2.0)], []], [])
    assert (axis.first, axis.last, axis.unit) == (0, 200, "")
    assert axis.over([(1100.0, 2.0)]) == [(100, 2.0)]
    assert axis.text(200) == "3:20"
    assert training_axis([], []).last == 0


@given(st.lists(st.floats(0, 1000), max_size=40), st.lists(st.integers(1, 9), max_size=9))
def test_places_only_grow(times: list[float], epochs: list[int]) -> None:
    points = [(time, 1.0) for time in sorted(times)]
    axis = training_axis([points], marks(*epochs))
    places = [place for place, _ in axis.over(points)]
    assert places == sorted(places)
    assert not epochs or len(places) == len(set(places))
