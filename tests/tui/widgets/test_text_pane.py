"""Text to read: wrapped, scrolled, never obeyed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from jsft_tui.tui.widgets.bars.line_bar import LineBar
from jsft_tui.tui.widgets.pane import Pane
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine, TextPane, fact, line, wrapped_rows
from tests.tui.driver.stage import Stage, lines


def rows(text_line: TextLine, width: int) -> list[str]:
    return ["".join(cell for cell, _ in row) for row in wrapped_rows(text_line, width)]


def test_what_does_not_fit_goes_on_below_and_further_right() -> None:
    assert rows(fact("Wants", "one folder for each class", width=6), 18) == [
        "Wants  one folder", "       for each", "       class",
    ]  # fmt: skip


def test_a_name_is_broken_after_one_of_its_parts() -> None:
    assert rows(fact("model", "efficientnet-lite0-classification-2", width=5), 28) == [
        "model efficientnet-lite0-", "      classification-2",
    ]  # fmt: skip
    assert rows(line("s3://bucket-of-mine/a"), 14) == ["s3://bucket-", "of-mine/a"]
    assert rows(line("a://////////b"), 6) == ["a:////", "//////", "b"]


def test_a_product_is_not_torn_apart_where_another_break_will_do() -> None:
    assert rows(fact("Batch", "32 per GPU × 4 GPUs = 128", width=5), 27) == [
        "Batch 32 per GPU × 4 GPUs", "      = 128",
    ]  # fmt: skip
    assert rows(line("1 × ml.g4dn.12xlarge (4 × T4)"), 26) == ["1 × ml.g4dn.12xlarge", "(4 × T4)"]
    assert rows(line("2 × 3"), 3) == ["2 ×", "3"]


def test_a_long_word_is_broken_and_a_wide_character_is_not() -> None:
    assert rows(line("abcdefgh"), 3) == ["abc", "def", "gh"]
    assert rows(line("漢字漢"), 3) == ["漢", "字", "漢"]


@given(st.text(max_size=60), st.integers(2, 20), st.integers(0, 30))
def test_no_row_is_wider_than_the_space_and_no_letter_is_lost(text: str, width: int, indent: int) -> None:
    shown = rows(line(text, indent=indent), width)

    assert all(cell_len(row) <= width for row in shown)
    kept = "".join(rows(line(text), 1000))
    assert "".join(shown).replace(" ", "") == kept.replace(" ", "")


async def test_it_scrolls_by_keys_and_keeps_its_place_when_nothing_changed() -> None:
    pane = TextPane([line(f"row {number}") for number in range(50)])
    async with Stage(pane).run_test(size=(20, 10)) as pilot:
        pane.focus()
        await pilot.press("j", "j", "ctrl+d")
        assert pane.scroll_offset.y == 7
        pane.show([line(f"row {number}") for number in range(50)])
        assert pane.scroll_offset.y == 7
        await pilot.press("G")
        assert lines(pane)[-1].strip() == "row 49"
        await pilot.press("g")
        assert lines(pane)[0].strip() == "row 0"


async def test_the_scroll_bar_covers_nothing() -> None:
    pane = TextPane()
    async with Stage(pane).run_test(size=(20, 4)) as pilot:
        pane.show([line("x" * 18) for _ in range(9)])
        await pilot.pause()
        assert pane.show_vertical_scrollbar
        assert [shown.strip() for shown in lines(pane)[:2]] == ["x" * 17, "x"]


@pytest.mark.parametrize("hostile", ["\x1b[2J\x1b]52;c;aGk=\x07x", "[/b]x", "[@click=app.quit]x[/]", "\u202ex"])
async def test_text_from_outside_is_shown_as_text(hostile: str) -> None:
    pane, bar = TextPane([line(hostile)]), LineBar((Cell(hostile),))
    async with Stage(Pane(hostile, pane), bar).run_test(size=(40, 6)):
        for shown in (*lines(pane), *lines(bar)):
            assert shown == "" or shown.endswith("x") or "[/]" in shown
            assert "\x1b" not in shown
            assert "\u202e" not in shown
