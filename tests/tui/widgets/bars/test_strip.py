"""The strip: each value below its name, or the run as a line, and a click that goes there."""

from __future__ import annotations

from jsft_tui.core.common.status import Status
from jsft_tui.core.run.steps import NOTHING, RunSteps, StepValue
from jsft_tui.tui.base.header import strip_columns
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.keymap.labels import KeyNames
from jsft_tui.tui.theme.themes import SIXTEEN
from jsft_tui.tui.widgets.bars.strip import StepStrip, column_widths
from tests.tui.driver.stage import Stage, lines

STEPS = RunSteps(
    StepValue(("efficientnet-lite0",)),
    StepValue(("choose",), Status.WARNING),
    StepValue(("g4dn.12xlarge 4×T4", "g4dn.12xlarge")),
    StepValue(("epochs 10, batch 128", "batch 128")),
    StepValue(("≤ $2.44",), Status.COMPLETED, is_cost=True),
    StepValue(("2",), Status.RUNNING),
    NOTHING,
)


def strip(steps: RunSteps = STEPS) -> StepStrip:
    found = StepStrip()
    found.show(strip_columns(ScreenId.JOB, KeyNames({}).short, steps))
    return found


def test_the_columns_are_drawn_as_wide_as_in_the_design() -> None:
    assert column_widths(120) == [24, 19, 21, 22, 11, 8, 11]


async def test_each_value_stands_below_its_name() -> None:
    bar = strip()
    async with Stage(bar).run_test(size=(120, 5)):
        names, values = lines(bar)
        for name, value in (("1 Model", "efficientnet-lite0"), ("2 Data", "! choose"), ("5 Review", "✔ ≤ $2.44")):
            assert names.index(name) == values.index(value)
        assert names.index("6 Jobs") == values.index("● 2")


async def test_in_little_room_the_run_is_a_line_that_names_what_is_missing() -> None:
    bar = strip()
    async with Stage(bar).run_test(size=(80, 5)):
        names, values = lines(bar)
        assert names == " 1 Model  2 Data  3 Instance  4 Hyperparams  5 Review │ 6 Jobs  7 Endpoints"
        assert values.startswith(" efficientnet-lite0 · ! choose data · g4dn.12xlarge · batch 128 ")
        assert values.endswith("✔ ≤ $2.44")


async def test_no_name_is_cut_in_sixty_cells() -> None:
    bar = strip()
    async with Stage(bar).run_test(size=(60, 5)):
        assert lines(bar)[0] == " 1 Model 2 Data 3 Instance 4 Hyper 5 Review │ 6 Jobs 7 Endp."


async def test_a_click_on_a_column_goes_there() -> None:
    bar = strip()
    app = Stage(bar, kinds=(StepStrip.Chosen,))
    async with app.run_test(size=(120, 5), message_hook=app.record) as pilot:
        await pilot.click(bar, offset=(30, 1))
        await pilot.click(bar, offset=(110, 0))
        await pilot.pause()
        assert [message.place for message in app.posted] == ["data", "endpoints"]


async def test_the_active_column_has_no_colors_where_it_is_reversed() -> None:
    bar = strip()
    app = Stage(bar)
    async with app.run_test(size=(120, 5)) as pilot:
        app.theme = SIXTEEN
        await pilot.pause()
        here = [
            segment.style for y in (0, 1) for segment in bar.render_line(y) if segment.style and segment.style.reverse
        ]
        assert here
        assert all(style.color is None or style.color.is_default for style in here)
