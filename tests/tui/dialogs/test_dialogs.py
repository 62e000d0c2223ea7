"""Questions over a screen."""

from __future__ import annotations

from typing import Any

import pytest
from rich.cells import cell_len
from textual.screen import ModalScreen

from jsft_tui.core.common.durations import parse_duration
from jsft_tui.tui.base.dialog import BESIDE
from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.dialogs.prompt import PromptDialog, parsed_by
from jsft_tui.tui.dialogs.run.license import LicenseAnswer, LicenseDialog
from jsft_tui.tui.dialogs.text import ReadingDialog
from jsft_tui.tui.widgets.bars.line_bar import LineBar
from jsft_tui.tui.widgets.text.text_pane import TextPane, line
from tests.tui.driver.stage import Stage, lines

FRUIT = [Choice("a", "apple", "red"), Choice("b", "banana", "yellow"), Choice("c", "cherry", "red")]


async def answer(dialog: ModalScreen[Any], *keys: str) -> list[Any]:
    """What the dialog answers to some keys; empty while it is open."""
    answers: list[Any] = []
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(dialog, answers.append)
        await pilot.pause()
        await pilot.press(*keys)
        await pilot.pause()
    return answers


@pytest.mark.parametrize(
    ("keys", "chosen"),
    [
        (["enter"], ["a"]),
        (["down", "down", "enter"], ["c"]),
        (["r", "e", "d", "down", "enter"], ["c"]),
        (["b", "a", "n", "enter"], ["b"]),
        (["escape"], [None]),
        (["z", "enter"], []),
    ],
)
async def test_one_of_a_list_is_chosen(keys: list[str], chosen: list[str | None]) -> None:
    assert await answer(ChoiceDialog("Fruit", FRUIT), *keys) == chosen


async def test_how_to_leave_is_said_where_not_all_answers_have_room() -> None:
    dialog, app = LicenseDialog("llama", [line("text")], "s3://b/k"), Stage()
    async with app.run_test(size=(60, 15)) as pilot:
        app.push_screen(dialog)
        await pilot.pause()
        said = next(bar.text for bar in dialog.query(LineBar) if "Not now" in bar.text)
        assert said.startswith("a Accept")
        assert said.endswith("esc Not now")
        assert cell_len(said) <= dialog.query_one("#box").size.width - BESIDE


async def test_it_says_how_many_are_below_those_that_are_seen() -> None:
    dialog = ChoiceDialog("Number", [Choice(str(number), f"number {number}") for number in range(30)])
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(dialog)
        await pilot.pause()
        said = [bar.text for bar in dialog.query(LineBar)]
        assert "30 of 30▾ 17 more" in said
        await pilot.press(*["down"] * 29)
        await pilot.pause()
        assert "30 of 30" in [bar.text for bar in dialog.query(LineBar)]


async def test_a_long_line_of_a_question_takes_no_room_from_the_others() -> None:
    """As long as there is room, no line is below the end: nobody can scroll there."""
    asked = [line("x" * 59), line("It goes on when you leave.")]
    dialog, app = ConfirmDialog("Launch?", asked), Stage()
    async with app.run_test(size=(60, 15)) as pilot:
        app.push_screen(dialog)
        for size in ((60, 15), (120, 36)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
        shown = [row.rstrip() for pane in dialog.query(TextPane) for row in lines(pane)]
        assert [row.strip() for row in shown if row.strip()] == ["x" * 59, "It goes on when you leave."]


async def test_the_cursor_begins_on_what_is_chosen_now() -> None:
    assert await answer(ChoiceDialog("Fruit", FRUIT, at="b"), "enter") == ["b"]


async def test_a_line_is_taken_once_it_is_right() -> None:
    check = parsed_by(parse_duration)

    assert await answer(PromptDialog("Max run", "", check=check), "6", "enter") == ["6"]
    assert await answer(PromptDialog("Max run", "6x", check=check), "enter") == []
    assert await answer(PromptDialog("Max run", "6x", check=check), "backspace", "h", "enter") == ["6h"]
    assert await answer(PromptDialog("Max run", "6h", check=check), "escape") == [None]


async def test_a_confirmation_takes_y_or_the_word_asked_for() -> None:
    assert await answer(ConfirmDialog("Launch?", [line("job")]), "y") == [True]
    assert await answer(ConfirmDialog("Launch?", [line("job")]), "n") == [None]
    assert await answer(ConfirmDialog("Launch?", [line("job")]), "enter") == [True]
    assert await answer(ConfirmDialog("Stop?", [line("job")], key="S"), "enter") == []
    assert await answer(ConfirmDialog("Stop?", [line("job")], key="S"), "S") == [True]
    assert await answer(ConfirmDialog("Launch?", [line("job")], typed="42"), "y", "enter") == []
    assert await answer(ConfirmDialog("Launch?", [line("job")], typed="42"), "dollar_sign", "4", "2", "enter") == [True]


async def test_a_late_question_says_its_keys_when_it_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("jsft_tui.tui.base.dialog.INPUT_DELAY", 0.05)
    dialog, answers = ConfirmDialog("Launch?", [line("job")], typed="42", label="launch"), list[bool | None]()
    dialog.guard_input()
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(dialog, answers.append)
        await pilot.pause()
        keys = dialog.query_one(".dialog--keys", LineBar)
        while "Launch" not in keys.text:
            assert keys.text.strip() == "…"
            await pilot.pause(0.01)
        await pilot.press("4", "2", "enter")
        await pilot.pause()
    assert answers == [True]


async def test_a_license_is_accepted_or_saved_and_another_text_only_read() -> None:
    assert await answer(LicenseDialog("llama", [line("text")], "s3://b/k"), "j", "y", "a") == [LicenseAnswer.ACCEPT]
    assert await answer(LicenseDialog("llama", [line("text")], "s3://b/k"), "w") == [LicenseAnswer.SAVE]
    assert await answer(ReadingDialog("Help", [line("text")]), "y", "a", "escape") == [None]


@pytest.mark.parametrize(("count", "rows"), [(2, 8), (200, 22)])
async def test_a_text_takes_the_rows_that_it_needs(count: int, rows: int) -> None:
    app = Stage()
    async with app.run_test(size=(80, 24)) as pilot:
        app.push_screen(ReadingDialog("Help", [line(f"line {number}") for number in range(count)]))
        await pilot.pause()
        assert app.screen.query_one("#box").outer_size.height == rows
        await pilot.resize_terminal(60, 15)
        await pilot.pause()
        assert app.screen.query_one("#box").outer_size.height == min(rows, 13) if count > 2 else 6
