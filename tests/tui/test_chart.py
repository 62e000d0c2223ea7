"""Charts draw what they are given, and paint only what changed."""

from __future__ import annotations

import pytest
from textual.strip import Strip

from jsft_tui.tui.widgets.chart import Chart, Series, bounds, plot, short, spark
from tests.tui.stage import Stage, lines


def test_spark_goes_from_the_lowest_to_the_highest_block() -> None:
    assert spark([0, 1, 2, 3, 4, 5, 6, 7], 8) == "▁▂▃▄▅▆▇█"
    assert spark([5, 5, 5], 8) == "▁▁▁"
    assert spark(list(range(100)), 4) == "▁▃▆█"
    assert spark([float("nan"), 1.0, float("inf"), 2.0], 8) == "▁█"
    assert spark([], 8) == spark([1.0], 0) == ""


def test_numbers_are_short() -> None:
    assert [short(value) for value in (0.91312, 12.5, 0.0000123456, -0.0491234, 123456.0)] == [
        "0.9131", "12.5", "1.2e-05", "-0.0491", "1.2e+05",
    ]  # fmt: skip


def test_a_rising_series_goes_from_the_left_bottom_to_the_right_top() -> None:
    series = Series("up", [(0, 0), (1, 1)])
    limits = bounds([series])
    assert limits is not None
    field = plot(series, limits, 4, 2)
    assert [field.row(0), field.row(1)] == ["  ⡠⠊", "⡠⠊  "]


def test_what_is_no_number_leaves_a_gap() -> None:
    series = Series("gap", [(0, 1), (1, float("nan")), (2, 1)])
    limits = bounds([series])
    assert limits is not None
    row = plot(series, limits, 5, 1).row(0)
    assert row[0] != " " != row[4]
    assert row[1:4] == "   "


async def test_a_chart_says_its_bounds_and_last_values() -> None:
    chart = Chart("accuracy", x_name="epoch")
    async with Stage(chart).run_test(size=(50, 10)):
        assert "no values yet" in "".join(lines(chart))
        chart.set_series(
            Series("train", [(1, 0.5), (2, 0.75), (10, 0.9375)]), Series("val\x1b[2J", [(1, 0.25), (10, 0.875)])
        )
        shown = lines(chart)
        assert shown[0] == "accuracy  train 0.9375  val 0.875"
        assert shown[1].startswith(" 0.9375┤")
        assert shown[6].startswith("   0.25┤")
        assert shown[7].split() == ["1", "epoch", "10"]


async def test_only_rows_that_changed_are_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    chart = Chart("loss")
    points = [(float(n), 1.0 - n / 100) for n in range(100)]
    async with Stage(chart).run_test(size=(60, 10)) as pilot:
        chart.set_series(Series("loss", points))
        await pilot.pause()
        before = lines(chart)
        painted: list[int] = []
        original = chart.render_line

        def watched(y: int) -> Strip:
            painted.append(y)
            return original(y)

        monkeypatch.setattr(chart, "render_line", watched)
        chart.set_series(Series("loss", [*points[:-1], (99.0, 0.011)]))
        await pilot.pause()
        changed = {y for y, line in enumerate(before) if line != original(y).text.rstrip()}
        assert changed
        assert set(painted) == changed
        painted.clear()
        chart.set_series(Series("loss", [*points[:-1], (99.0, 0.011)]))
        await pilot.pause()
        assert painted == []


async def test_six_series_are_told_apart_by_their_marks() -> None:
    chart = Chart("loss")
    series = [Series(name, [(0, 0), (10, number)], mark=name) for number, name in enumerate("ABCDEF")]
    async with Stage(chart).run_test(size=(60, 14)):
        chart.set_series(*series, Series("G", [(0, 0)], mark="G"))
        shown = lines(chart)
        assert "A 0  B 1  C 2  D 3  E 4  F 5" in shown[0]
        assert [line[-1] for line in shown[1:] if line[-1:].isalpha()] == list("FEDCBA")
        assert "G" not in "".join(shown)
