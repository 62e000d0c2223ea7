"""Charts draw what they are given, and paint only what changed."""

from __future__ import annotations

import math
import random
from itertools import pairwise

import pytest
from rich.color import ColorSystem
from textual.strip import Strip

from jsft_tui.tui.terminal.frame_buffer import Picture
from jsft_tui.tui.widgets.chart import Chart, Look, Series, bounds, plot, short, spark
from tests.tui.stage import Stage, lines


def test_spark_goes_from_the_lowest_to_the_highest_block() -> None:
    assert spark([0, 1, 2, 3, 4, 5, 6, 7], 8) == "▁▂▃▄▅▆▇█"
    assert spark([5, 5, 5], 8) == "▄▄▄"
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
    async with Stage(chart).run_test(size=(50, 10)) as pilot:
        pilot.app.set_focus(None)
        await pilot.pause()
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


TRAIN = Series("train", [(0, 8.0), (1, 4.0), (2, 2.0), (10, 0.5)])
HELD_OUT = Series("val", [(0, 9.0), (10, 1.0)])


async def test_the_cursor_goes_from_value_to_value_while_the_chart_has_the_focus() -> None:
    chart = Chart(x_name="s")
    async with Stage(chart).run_test(size=(50, 8)) as pilot:
        pilot.app.set_focus(None)
        await pilot.pause()
        chart.set_series(TRAIN, HELD_OUT, x_text=lambda x: f"at {x:g}")
        await pilot.press("left")
        assert lines(chart)[0] == "  train 0.5  val 1"
        chart.focus()
        await pilot.pause()
        shown = lines(chart)
        assert shown[0] == "▸ train 0.5  val 1"
        assert shown[-1].split() == ["0", "at", "10", "10"]
        assert all(row.endswith(("│", "⢸", "⡀", "⣀", "⠤", "⠉", "⠒", "⠢", "⠑")) for row in shown[1:-1])

        await pilot.press("left")
        assert (lines(chart)[0], lines(chart)[-1].split()) == ("▸ train 2  val 9", ["0", "at", "2", "10"])
        await pilot.press("left", "left", "left", "left")
        assert lines(chart)[0] == "▸ train 8  val 9"
        await pilot.press("right")
        assert "at 1" in lines(chart)[-1]
        chart.set_series(Series("train", [*TRAIN.points, (20, 0.25)]), HELD_OUT)
        assert "at 1 " in lines(chart)[-1]
        await pilot.press("end")
        chart.set_series(Series("train", [*TRAIN.points, (20, 0.25), (30, 0.125)]), HELD_OUT)
        assert "at 30" in lines(chart)[-1]
        await pilot.press("home")
        assert "at 0" in lines(chart)[-1]
        chart.set_series(Series("other", [(0, 1)]))
        assert lines(chart)[0] == "▸ other 1"
        chart.set_series()
        await pilot.press("left", "right", "end")
        assert lines(chart)[0] == "▸"


async def test_a_logarithmic_scale_makes_a_halving_loss_a_straight_line_and_says_so() -> None:
    chart = Chart(x_name="s")
    points = [(float(n), 64 / 2**n) for n in range(8)]
    async with Stage(chart).run_test(size=(50, 8)) as pilot:
        pilot.app.set_focus(None)
        await pilot.pause()
        chart.set_series(Series("loss", points))
        chart.set_look(Look(is_logarithmic=True, smoothing=0.0))
        shown = lines(chart)
        assert shown[1].startswith("     64┤")
        assert shown[-2].startswith("    0.5┤")
        assert "s  log" in shown[-1]
        first = [row[8:].find(next(c for c in row[8:] if c != " ")) for row in shown[1:-1]]
        steps = [after - before for before, after in pairwise(first)]
        assert max(steps) - min(steps) <= 2  # half a cell at either end
        chart.set_series(Series("loss", [(0, 0.0), (1, -1.0)]))
        assert "no values above 0" in "".join(lines(chart))


async def test_smoothed_curves_are_drawn_and_the_values_stay_what_they_are() -> None:
    chart = Chart(x_name="s")
    points = [(float(n), float(n % 2)) for n in range(40)]
    async with Stage(chart).run_test(size=(50, 8)) as pilot:
        pilot.app.set_focus(None)
        await pilot.pause()
        chart.set_series(Series("loss", points))
        rough = lines(chart)
        chart.set_look(Look(smoothing=0.9))
        smooth = lines(chart)
        assert smooth[0] == rough[0] == "  loss 1"
        assert "s  smooth 0.9" in smooth[-1]
        dots = [sum(not row.isspace() for row in "".join(shown[1:-1])) for shown in (rough, smooth)]
        assert dots[1] < dots[0]


@pytest.mark.parametrize("size", [(48, 9), (38, 7)])
async def test_an_update_of_two_noisy_pairs_is_at_most_three_kilobytes(size: tuple[int, int]) -> None:
    """Two charts of this size stand side by side at 100x30, or at 80x24."""
    noise, chart, costs = random.Random(1), Chart(x_name="s"), []
    train, held_out = [], []
    picture = Picture(*size)
    async with Stage(chart, css="Chart { height: 1fr; }").run_test(size=size):
        for number in range(400):
            loss = 3 * math.exp(-number / 60) + noise.gauss(0, 0.15)
            train.append((float(number), loss))
            if number % 4 == 0:
                held_out.append((float(number), loss * 1.2 + noise.gauss(0, 0.1)))
            if number % 8:
                continue
            chart.set_series(Series("train-loss", train), Series("val-loss", held_out))
            for y in range(chart.size.height):
                picture.put(0, y, size[0], chart.render_line(y), ColorSystem.TRUECOLOR)
            costs.append(len(picture.difference().encode()))
        chart.focus()
        moves = []
        for _ in range(6):
            chart.action_move_cursor(-1)
            for y in range(chart.size.height):
                picture.put(0, y, size[0], chart.render_line(y), ColorSystem.TRUECOLOR)
            moves.append(len(picture.difference().encode()))
    print(size, "bytes of a cursor's move: most", max(moves))
    assert 0 < max(moves[1:]) <= 700  # the first one shows the cursor
    print(size, "bytes of an update of one chart: most", max(costs), "median", sorted(costs)[len(costs) // 2])
    assert 0 < 2 * max(costs[1:]) <= 3_000
