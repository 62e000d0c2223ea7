"""Questions over a screen."""

from __future__ import annotations

from typing import Any

import pytest
from textual.screen import ModalScreen

from jsft_tui.core.common.durations import parse_duration
from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.dialogs.prompt import PromptDialog, parsed_by
from jsft_tui.tui.dialogs.run.license import LicenseAnswer, LicenseDialog
from jsft_tui.tui.dialogs.text import ReadingDialog
from jsft_tui.tui.widgets.bars.line_bar import LineBar
from jsft_tui.tui.widgets.text.text_pane import line
from tests.tui.driver.stage import Stage

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
