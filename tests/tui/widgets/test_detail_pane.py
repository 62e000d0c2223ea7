"""What is told about the row under the cursor: no scroll bar, and a mark where it goes on."""

from __future__ import annotations

from jsft_tui.tui.widgets.text.detail_pane import DetailPane
from jsft_tui.tui.widgets.text.text_pane import line
from tests.tui.stage import Stage, lines


async def test_it_marks_where_it_goes_on() -> None:
    pane = DetailPane(line(f"line {number}") for number in range(9))
    async with Stage(pane).run_test(size=(20, 4)) as pilot:
        pane.focus()
        await pilot.pause()
        assert [row.split() for row in lines(pane)] == [
            ["line", "0"], ["line", "1"], ["line", "2"], ["line", "3", "▾"],
        ]  # fmt: skip
        await pilot.press("down")
        assert (lines(pane)[0].split(), lines(pane)[3].split()) == (["line", "1", "▴"], ["line", "4", "▾"])
        await pilot.press("end")
        assert (lines(pane)[0].split(), lines(pane)[3].split()) == (["line", "5", "▴"], ["line", "8"])


async def test_all_of_it_has_no_mark() -> None:
    pane = DetailPane(line(f"line {number}") for number in range(9))
    async with Stage(pane).run_test(size=(20, 9)):
        assert [row.split() for row in lines(pane)] == [["line", str(number)] for number in range(9)]
