"""Charts draw what they are given, and paint only what changed."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence
from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import ColorSystem
from textual.strip import Strip

from jsft_tui.core.jobs.metrics.spark import spark
from jsft_tui.tui.terminal.drawing.frame_buffer import FrameBuffer
from jsft_tui.tui.theme.tokens import CURVES, Ink
from jsft_tui.tui.widgets.chart import Axis, Chart, ChartOptions, Rank, Series, short
from jsft_tui.tui.widgets.chart.bars import bar, spark_cell
from jsft_tui.tui.widgets.chart.canvas import is_dots
from jsft_tui.tui.widgets.chart.labels import Label, LabelSpace, Wish
from jsft_tui.tui.widgets.chart.plot import Look, Plot
from jsft_tui.tui.widgets.chart.ticks import logarithmic_ticks, place_ticks, value_ticks
from jsft_tui.tui.widgets.text.cell_text import Piece
from tests.tui.driver.stage import Stage, lines

EPOCHS = Axis(1, 10, "epoch", lambda x: f"{x:g}")


def text(rows: Sequence[Sequence[Piece]]) -> list[str]:
    return ["".join(piece.text for piece in row) for row in rows]


def plot(*series: Series, axis: Axis = EPOCHS, size: tuple[int, int] = (40, 12), look: Look = Look()) -> Plot:  # noqa: B008
    return Plot(series, axis, *size, look)


def inks(drawn: Plot) -> dict[tuple[int, int], str]:
    """Return the ink of each cell that has a character, by column and row of the box."""
    found = {}
    for y, row in enumerate(drawn.rows()):
        x = 0
        for piece in row:
            for character in piece.text:
                if character != " ":
                    found[x, y] = piece.style
                x += 1
    return found


def test_spark_goes_from_the_lowest_to_the_highest_block() -> None:
    assert spark([0, 1, 2, 3, 4, 5, 6, 7], 8) == "▁▂▃▄▅▆▇█"
    assert spark([5, 5, 5], 8) == "▄▄▄"
    assert spark(list(range(100)), 4) == "▁▃▆█"
    assert spark([float("nan"), 1.0, float("inf"), 2.0], 8) == "▁█"
    assert spark([], 8) == spark([1.0], 0) == ""


@pytest.mark.parametrize(
    ("values", "shown", "shorter"),
    [
        ([0.1 * n for n in range(20)], "▁▂▃▅▆▇█ 1.9000", "1.9000"),
        ([1.0, 12.3456], "     ▁█ 12.346", "12.346"),
        ([1234567.0], "      ▄ 1.2e+06", "1.2e+06"),
        ([math.nan], "", None),
    ],
)
def test_a_spark_has_its_last_value_beside_it(values: list[float], shown: str, shorter: str | None) -> None:
    cell = spark_cell(values, is_alive=True)
    assert "".join(piece.text for piece in cell.pieces) == shown
    assert (cell.shorter.text if cell.shorter else None) == shorter


@given(st.floats(), st.integers(0, 60))
def test_a_bar_has_its_width_and_shows_what_is_begun(fraction: float, width: int) -> None:
    done, rest = bar(fraction, width)
    assert len(done.text + rest.text) == width
    assert set(done.text) <= {"━"}
    assert set(rest.text) <= {"╌"}
    if math.isfinite(fraction) and width:
        assert bool(done.text) == (fraction > 0)
        assert bool(rest.text) == (fraction < 1 and (width > 1 or fraction <= 0))


def test_numbers_are_short() -> None:
    assert [short(value) for value in (0.91312, 12.5, 0.0000123456, -0.0491234, 123456.0)] == [
        "0.9131", "12.5", "1.2e-05", "-0.0491", "1.2e+05",
    ]  # fmt: skip


# Ticks


@pytest.mark.parametrize(
    ("low", "high", "labels"),
    [
        (0.52, 0.97, [".5", ".75", "1.0"]),
        (0.31, 1.48, ["0", ".75", "1.5"]),
        (0.93, 0.98, [".93", ".96", ".99"]),
        (0, 100, ["0", "50", "100"]),
        (-3, 4, ["-4", "0", "4"]),
        (0.5, 0.5, [".45", ".5", ".55"]),
        (0, 0, ["0", ".5", "1.0"]),
        (0.45, 0.95, [".4", ".7", "1.0"]),
        (0.76, 0.98, [".7", ".85", "1.0"]),
        (0.05, 0.99, ["0", ".5", "1.0"]),
        (1, 1, [".94", ".97", "1.0"]),
        (123456, 9876543, ["0", "5e6", "1e7"]),
    ],
)
def test_values_have_ticks_at_round_numbers(low: float, high: float, labels: list[str]) -> None:
    assert [tick.label for tick in value_ticks(low, high)] == labels


FINITE = st.floats(allow_nan=False, allow_infinity=False, width=32)


@given(FINITE, FINITE)
def test_ticks_of_values_lie_outside_them_at_equal_distances(one: float, other: float) -> None:
    low, high = sorted((one, other))
    first, middle, last = (tick.at for tick in value_ticks(low, high))
    assert first <= low <= high <= last
    assert middle - first == pytest.approx(last - middle)
    assert first < middle < last


@given(st.floats(0, 1), st.floats(0, 1))
def test_the_axis_of_shares_ends_at_one(one: float, other: float) -> None:
    low, high = sorted((one, other))
    first, *_, last = (tick.at for tick in value_ticks(low, high))
    assert 0 <= first <= low <= high <= last <= 1


@given(st.floats(-30, 30), st.floats(0, 30))
@example(math.log10(0.3), 0.0)
@example(0.0, 0.0)
def test_ticks_of_a_logarithmic_scale_lie_outside_the_values(low: float, span: float) -> None:
    places = [tick.at for tick in logarithmic_ticks(low, low + span)]
    assert places[0] <= low <= low + span <= places[-1]
    assert places == sorted(set(places))
    assert 2 <= len(places) <= 3


def test_an_axis_has_ticks_at_its_start_its_middle_and_its_end() -> None:
    assert place_ticks(1, 10) == (1, 5, 10)
    assert place_ticks(1, 2) == (1, 1.5, 2)
    assert place_ticks(3, 3) == (3,)


# The drawing


def test_a_rising_curve_goes_from_the_left_bottom_to_the_right_top() -> None:
    drawn = plot(Series("", [(1, 0), (10, 1)], rank=Rank.MAIN), size=(9, 3))
    assert text(drawn.rows()) == ["1.0┤  ⡠⠊ ", "  0┤⡠⠊ 1 ", "    1 10 "]


def test_the_axis_runs_over_all_that_is_planned() -> None:
    drawn = plot(Series("", [(1, 0.52), (4, 0.97)], rank=Rank.MAIN), size=(36, 14))
    rows = text(drawn.rows())
    assert rows[-3] == "   └┴────────────┴────────────────┴ "
    assert rows[-2].split() == ["1", "5", "10"]
    assert rows[-2].rstrip().endswith("10")
    assert rows[-3].rindex("┴") == rows[-2].rindex("0")
    assert rows[-1].split() == ["epoch"]
    assert [row[:4] for row in rows if row[3] == "┤"] == ["1.0┤", ".75┤", " .5┤"]
    assert all(not row[20:-1].strip() for row in rows[1:-3])  # still to come


def test_more_epochs_than_planned_are_drawn_too() -> None:
    drawn = plot(Series("", [(1, 0), (12, 1)], rank=Rank.MAIN))
    assert text(drawn.rows())[-2].split() == ["1", "6", "12"]


def test_what_is_no_number_breaks_the_curve() -> None:
    broken = Series("", [(1, 1), (2, 1), (5, math.nan), (8, 1), (10, 1)], rank=Rank.MAIN)
    row = next(row for row in text(plot(broken, size=(40, 5)).rows()) if any(map(is_dots, row)))
    columns = [x for x, character in enumerate(row) if is_dots(character)]
    assert max(after - before for before, after in pairwise(columns)) > 15


def test_curves_that_cross_stay_both_visible() -> None:
    one = Series("A", [(1, 0), (10, 1)])
    other = Series("B", [(1, 1), (10, 0)])
    both = inks(plot(one, other))
    for alone in (plot(one), plot(other)):
        assert {cell for cell, ink in inks(alone).items() if ink in CURVES} <= set(both) | set(both)
    assert {CURVES[0], CURVES[1], Ink.STRONG} <= set(both.values())
    ranked = inks(plot(Series("", one.points, rank=Rank.MAIN), Series("t", other.points, rank=Rank.TRAINING)))
    assert Ink.STRONG not in ranked.values()
    assert {Ink.ACCENT, Ink.MUTED} <= set(ranked.values())


POINTS = st.lists(st.tuples(st.integers(0, 40), st.one_of(st.floats(-5, 5), st.just(math.nan))), max_size=12).map(
    lambda points: sorted((float(x), y) for x, y in points)
)
CURVES_OF_ANY_KIND = st.lists(
    st.builds(
        Series, st.sampled_from(["", "A", "val", "日本"]), POINTS, st.sampled_from(["", "A"]), st.sampled_from(Rank)
    ),
    max_size=6,
)


@settings(max_examples=60, deadline=None)
@given(CURVES_OF_ANY_KIND, st.integers(8, 60), st.integers(1, 16), st.booleans())
def test_every_cell_that_a_curve_passes_has_its_dots(
    series: list[Series], width: int, height: int, is_colorless: bool
) -> None:
    drawn = plot(*series, axis=Axis(0, 40), size=(width, height), look=Look(is_colorless=is_colorless))
    rows = drawn.rows()
    assert len(rows) == height
    assert all(sum(cell_len(piece.text) for piece in row) == width for row in rows)
    shown = text(rows)
    left = width - drawn.width - 1
    for each in series:
        if each.rank is Rank.MAIN or (each.rank is Rank.EQUAL and not is_colorless):
            for x, y in (dot for dots in drawn.scale.path(each.points) for dot in dots):
                character = "".join(c * max(1, cell_len(c)) for c in shown[y // 4])[left + x // 2]
                bit = ((0x01, 0x02, 0x04, 0x40), (0x08, 0x10, 0x20, 0x80))[x % 2][y % 4]
                assert ord(character) & 0xFF & bit
                assert is_dots(character)


@given(
    st.lists(
        st.builds(
            Wish,
            st.lists(st.text("ab 日", min_size=1, max_size=12), min_size=1, max_size=2),
            st.integers(0, 29),
            st.integers(0, 7),
        ),
        max_size=8,
    ),
    st.sets(st.tuples(st.integers(0, 29), st.integers(0, 7)), max_size=80),
)
def test_labels_never_overlap_nor_cover_a_curve(wishes: list[Wish], dots: set[tuple[int, int]]) -> None:
    space = LabelSpace(30, 8)
    space.taken |= dots
    taken = set(dots)
    for wish in wishes:
        label = space.place(wish)
        if label is not None:
            assert label.text in wish.texts
            cells = {(x, label.row) for x in range(label.column, label.column + cell_len(label.text))}
            assert not cells & taken
            assert all(0 <= x < 30 and 0 <= y < 8 for x, y in cells)
            taken |= cells


def test_labels_move_apart_where_curves_end_together() -> None:
    space = LabelSpace(30, 8)
    assert space.place(Wish(["0.96"], 10, 3)) == Label("0.96", 12, 3)
    assert space.place(Wish(["train 0.97"], 10, 3)) == Label("train 0.97", 12, 2)
    assert space.place(Wish(["last run"], 29, 3)) == Label("last run", 22, 3)


def test_the_best_is_marked_on_its_curve() -> None:
    drawn = plot(Series("", [(1, 0.2), (5, 0.9), (10, 0.5)], rank=Rank.MAIN, best=(5, 0.9)))
    (cell,) = [(x, y) for y, row in enumerate(text(drawn.rows())) for x, c in enumerate(row) if c == "◆"]
    column, row = drawn.scale.cell(5, 0.9)
    assert cell == (column + 4, row)


def test_a_ghost_is_faint_and_has_every_third_dot() -> None:
    points = [(1.0, 0.2), (10.0, 0.9)]
    dots = {}
    for rank in (Rank.MAIN, Rank.TRAINING, Rank.GHOST):
        shown = "".join(text(plot(Series("", points, rank=rank)).rows()))
        dots[rank] = sum((ord(character) - 0x2800).bit_count() for character in shown if is_dots(character))
    assert dots[Rank.TRAINING] == pytest.approx(dots[Rank.MAIN] / 2, abs=4)
    assert dots[Rank.GHOST] == pytest.approx(dots[Rank.MAIN] / 3, abs=4)
    assert Ink.ACCENT not in inks(plot(Series("last run", points, rank=Rank.GHOST))).values()


def test_without_color_each_curve_has_its_letter_and_its_pattern() -> None:
    curves = [Series(letter, [(1, n), (10, n)], mark=letter) for n, letter in enumerate("ABCDEF")]
    rows = text(plot(*curves, size=(60, 27), look=Look(is_colorless=True)).rows())
    patterns = ["".join(c for c in row if is_dots(c)) for row in rows]
    assert len({row[:12] for row in patterns if row}) == 6
    assert [row.split()[-2] for row in rows if " A " in row or any(f" {c} " in row for c in "BCDEF")] == list("FEDCBA")


# The widget


async def test_a_chart_says_its_bounds_and_last_values() -> None:
    chart = Chart("accuracy", x_name="epoch")
    async with Stage(chart).run_test(size=(50, 10)) as pilot:
        pilot.app.set_focus(None)
        await pilot.pause()
        assert "no values yet" in "".join(lines(chart))
        chart.set_series(
            Series("train", [(1, 0.5), (2, 0.75), (10, 0.9375)], rank=Rank.TRAINING),
            Series("val\x1b[2J", [(1, 0.25), (10, 0.875)], rank=Rank.MAIN),
            note="0.875 best",
        )
        shown = lines(chart)
        assert shown[0].startswith("accuracy 0.875 best")
        assert shown[0].endswith("epoch")  # no row is left for the unit
        assert shown[1].startswith("1.0┤")
        assert "train 0.94" in "".join(shown)
        assert shown[7].split() == ["1", "5", "10"]
        assert "\x1b" not in "".join(shown)


async def test_only_rows_that_changed_are_painted(monkeypatch: pytest.MonkeyPatch) -> None:
    chart = Chart("loss")
    points = [(float(n), 1.0 - n / 200) for n in range(100)]
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
        chart.set_series(Series("loss", [*points[:-1], (99.0, 0.7)]))
        await pilot.pause()
        changed = {y for y, line in enumerate(before) if line != original(y).text.rstrip()}
        assert changed
        assert set(painted) == changed
        painted.clear()
        chart.set_series(Series("loss", [*points[:-1], (99.0, 0.7)]))
        await pilot.pause()
        assert painted == []


@pytest.mark.parametrize(("curves", "most"), [(1, 70), (2, 110), (3, 150)])
async def test_one_more_epoch_is_a_few_dots(curves: int, most: int) -> None:
    chart, buffer, costs = Chart("val-accuracy"), FrameBuffer(36, 15), []
    values = [(float(n), 1 - 0.48 * 0.6**n) for n in range(1, 11)]
    async with Stage(chart).run_test(size=(36, 15)) as pilot:
        pilot.app.set_focus(None)
        chart.styles.height = 15
        await pilot.pause()
        for epoch in range(1, 11):
            known = (
                Series("val", values[:epoch], rank=Rank.MAIN),
                Series("train", [(n, y + 0.01) for n, y in values[:epoch]], rank=Rank.TRAINING),
                Series("last run", [(n, y - 0.03) for n, y in values], rank=Rank.GHOST),
            )
            chart.set_series(*known[:curves], axis=EPOCHS)
            for y in range(15):
                buffer.put(0, y, 36, chart.render_line(y), ColorSystem.EIGHT_BIT)
            costs.append(len(buffer.difference().encode()))
    print("bytes of one more epoch:", costs[1:])
    assert 0 < sorted(costs[1:])[len(costs) // 2] <= most


TRAIN = Series("train", [(0, 8.0), (1, 4.0), (2, 2.0), (10, 0.5)])
HELD_OUT = Series("val", [(0, 9.0), (10, 1.0)])


async def test_the_cursor_goes_from_value_to_value_while_the_chart_has_the_focus() -> None:
    chart = Chart("loss", x_name="s")
    async with Stage(chart).run_test(size=(50, 8)) as pilot:
        pilot.app.set_focus(None)
        await pilot.pause()
        chart.set_series(TRAIN, HELD_OUT, x_text=lambda x: f"at {x:g}")
        await pilot.press("left")
        assert lines(chart)[0].split() == ["loss", "s"]
        chart.focus()
        await pilot.pause()
        assert lines(chart)[0].startswith("▸ at 10  train 0.5  val 1")
        assert {row[-1] for row in lines(chart)[1:-2] if not row[-1].isdigit()} >= {"│"}
        assert all(len(row) == 49 for row in lines(chart)[1:-2])

        await pilot.press("left")
        assert lines(chart)[0].startswith("▸ at 2  train 2  val 9")
        await pilot.press("left", "left", "left", "left")
        assert lines(chart)[0].startswith("▸ at 0  train 8  val 9")
        await pilot.press("right")
        assert "at 1 " in lines(chart)[0]
        chart.set_series(Series("train", [*TRAIN.points, (20, 0.25)]), HELD_OUT)
        assert "at 1 " in lines(chart)[0]
        await pilot.press("end")
        chart.set_series(Series("train", [*TRAIN.points, (20, 0.25), (30, 0.125)]), HELD_OUT)
        assert "at 30 " in lines(chart)[0]
        await pilot.press("home")
        assert "at 0 " in lines(chart)[0]
        chart.set_series(Series("other", [(0, 1)]), axis=EPOCHS)
        assert lines(chart)[0].startswith("▸ epoch 0  other 1")
        chart.set_series()
        await pilot.press("left", "right", "end")
        assert lines(chart)[0] == "▸ loss"


async def test_a_logarithmic_scale_makes_a_halving_loss_a_straight_line_and_says_so() -> None:
    chart = Chart(x_name="s")
    points = [(float(n), 64 / 2**n) for n in range(8)]
    async with Stage(chart).run_test(size=(50, 8)) as pilot:
        pilot.app.set_focus(None)
        await pilot.pause()
        chart.set_series(Series("loss", points))
        chart.set_options(ChartOptions(is_logarithmic=True, smoothing=0.0))
        shown = lines(chart)
        assert [row[:4] for row in shown if row[3:4] == "┤"] == ["100┤", " .5┤"]
        assert shown[0].endswith("s  log")
        first = [row.find(next(c for c in row if is_dots(c))) for row in shown[1:-2] if any(map(is_dots, row))]
        steps = [after - before for before, after in pairwise(first)]
        assert max(steps[1:]) - min(steps[1:]) <= 2  # the curve starts within its first row
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
        chart.set_options(ChartOptions(smoothing=0.9))
        smooth = lines(chart)
        assert smooth[0].endswith("s  smooth 0.9")
        dots = [sum(map(is_dots, "".join(shown))) for shown in (rough, smooth)]
        assert dots[1] < dots[0]


@pytest.mark.parametrize("size", [(48, 9), (38, 7)])
async def test_an_update_of_two_noisy_pairs_is_at_most_three_kilobytes(size: tuple[int, int]) -> None:
    """Two charts of this size stand side by side at 100x30, or at 80x24."""
    noise, chart, costs = random.Random(1), Chart(x_name="s"), []
    train, held_out = [], []
    buffer = FrameBuffer(*size)
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
                buffer.put(0, y, size[0], chart.render_line(y), ColorSystem.TRUECOLOR)
            costs.append(len(buffer.difference().encode()))
        chart.focus()
        moves = []
        for _ in range(6):
            chart.action_move_cursor(-1)
            for y in range(chart.size.height):
                buffer.put(0, y, size[0], chart.render_line(y), ColorSystem.TRUECOLOR)
            moves.append(len(buffer.difference().encode()))
    print(size, "bytes of a cursor's move: most", max(moves))
    assert 0 < max(moves[1:]) <= 700  # the first one shows the cursor
    print(size, "bytes of an update of one chart: most", max(costs), "median", sorted(costs)[len(costs) // 2])
    assert 0 < 2 * max(costs[1:]) <= 3_000
