"""Where list, detail and bottom pane stand at each size, and what their borders say."""

from __future__ import annotations

import pytest
from textual.geometry import Size

from jsft_tui.tui.widgets.border_line import TITLE, BorderLine, Edge
from jsft_tui.tui.widgets.master_detail import MasterDetail, Measures, regions
from jsft_tui.tui.widgets.pane import Pane
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.detail_view import Button, Detail, Shape, Side, section
from jsft_tui.tui.widgets.text.text_pane import TextPane, line
from tests.tui.driver.stage import Stage, lines

MEASURES = Measures(natural_width=96, detail_rows=7)
BAR_ROWS = 4
"""Rows of the title bar, the strip and the keys."""


@pytest.mark.parametrize(
    ("width", "list_width"), [(200, 96), (160, 96), (159, 99), (120, 74), (100, 62)], ids=lambda value: str(value)
)
def test_the_list_has_its_share_or_its_natural_width(width: int, list_width: int) -> None:
    found, detail, _ = regions(Size(width, 32), Size(width, 36), MEASURES)
    assert (found.width, detail.x, detail.right) == (list_width, list_width, width)
    assert found.height == detail.height == 32


@pytest.mark.parametrize(
    ("terminal", "rows"), [((80, 24), 9), ((99, 40), 9), ((80, 23), 3), ((60, 15), 3)], ids=lambda value: str(value)
)
def test_a_detail_below_takes_what_it_needs_or_one_row(terminal: tuple[int, int], rows: int) -> None:
    size = Size(terminal[0], terminal[1] - BAR_ROWS)
    found, detail, _ = regions(size, Size(*terminal), MEASURES)
    assert (detail.height, found.height) == (rows, size.height - rows)


def test_a_detail_below_never_takes_half() -> None:
    _, detail, _ = regions(Size(80, 20), Size(80, 24), Measures(96, detail_rows=50))
    assert detail.height == 9


def test_a_bottom_pane_stands_below_both() -> None:
    found, detail, bottom = regions(Size(120, 32), Size(120, 36), Measures(96, bottom_share=0.25))
    assert (found.height, detail.height, bottom.y, bottom.width, bottom.height) == (24, 24, 24, 120, 8)


@pytest.mark.parametrize("width", [60, 30, 16, 12])
async def test_a_border_is_whole_at_any_width(width: int) -> None:
    bar = BorderLine(Edge.TOP, (Cell("Models", TITLE),), (Cell("73 fit"),))
    async with Stage(bar).run_test(size=(width, 3)):
        shown = lines(bar)[0]
        assert len(shown) == width
        assert (shown[0], shown[-1]) == ("╭", "╮")
        assert "73 fit" in shown  # the right one goes first


def masters(width: int = 96) -> MasterDetail:
    return MasterDetail(Pane("List", TextPane([line("row")])), width)


DETAIL = Detail(
    "Row",
    [section(line("verdict")), section(*(line(f"drawn {n}") for n in range(9)), side=Side.PREVIEW)],
    button=Button("enter", "Do it", "do"),
)


async def test_a_button_stands_in_the_last_row_and_what_is_below_is_counted() -> None:
    panes = masters()
    async with Stage(panes).run_test(size=(120, 10)) as pilot:
        panes.show_detail(DETAIL)
        await pilot.pause()
        assert lines(panes.view)[-1] == " enter  Do it"
        assert panes.detail_pane.foot == "▾ 5 more"
        panes.zoom(panes.detail_pane)
        panes.show_detail(DETAIL)
        await pilot.pause()
        assert panes.shape is Shape.WHOLE
        assert panes.view.size.width == 116
        assert lines(panes.view)[0].split() == ["verdict", "drawn", "0"]  # two columns
        panes.zoom(None)
        await pilot.pause()
        assert panes.list_pane.has_pseudo_class("focus-within")


async def test_in_one_column_both_share_a_box_whose_foot_has_place_and_message() -> None:
    panes = masters()
    async with Stage(panes).run_test(size=(80, 24)) as pilot:
        panes.set_place((Cell("1 of 73"),))
        panes.set_message((Cell("Kept."),))
        panes.show_detail(DETAIL)
        await pilot.pause()
        assert panes.list_pane.region.bottom == panes.detail_pane.region.y
        assert lines(panes.detail_pane.query(BorderLine).first())[0].startswith("├─ Row ─")
        assert not panes.list_pane.query(BorderLine).last().display
        assert panes.detail_pane.foot == "Kept.  ▾ 2 more  1 of 73"
