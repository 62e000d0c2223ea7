"""The lines around the screens: filter, status and key hints."""

from __future__ import annotations

from jsft_tui.tui.keymap.action import Hint
from jsft_tui.tui.widgets.bars.filter_bar import FilterBar
from jsft_tui.tui.widgets.bars.footer import KeyHints, that_fit
from tests.tui.driver.stage import Stage, lines

KINDS = (FilterBar.Changed, FilterBar.Left)


async def test_typing_is_told_once_the_keys_rest() -> None:
    bar = FilterBar()
    app = Stage(bar, kinds=KINDS)
    async with app.run_test(size=(40, 5), message_hook=app.record) as pilot:
        bar.focus()
        await pilot.press(*"eff")
        await pilot.pause(0.2)
        assert [(type(message), message.value) for message in app.posted] == [(FilterBar.Changed, "eff")]
        assert bar.size.height == 1


async def test_escape_clears_and_then_leaves_and_enter_leaves() -> None:
    bar = FilterBar()
    app = Stage(bar, kinds=KINDS)
    async with app.run_test(size=(40, 5), message_hook=app.record) as pilot:
        bar.focus()
        await pilot.press(*"ab", "enter")
        await pilot.pause()
        await pilot.press("escape", "escape")
        await pilot.pause(0.2)
        assert [(type(message).__name__, message.value) for message in app.posted] == [
            ("Changed", "ab"), ("Left", "ab"), ("Changed", ""), ("Left", ""),
        ]  # fmt: skip


async def test_a_text_that_the_program_puts_there_is_not_told() -> None:
    bar = FilterBar()
    app = Stage(bar, kinds=KINDS)
    async with app.run_test(message_hook=app.record) as pilot:
        bar.set_value("x\x1b[2Jy")
        await pilot.pause(0.2)
        assert bar.value == "xy"
        assert app.posted == []


async def test_the_least_important_hints_go_when_it_is_narrow() -> None:
    hints = [Hint("enter", "choose"), Hint("/", "filter", 2), Hint("?", "help"), Hint("^p", "commands", 1)]
    assert [hint.key for hint in that_fit(hints, 80)] == ["enter", "/", "?", "^p"]
    assert [hint.key for hint in that_fit(hints, 35)] == ["enter", "?", "^p"]
    assert [hint.key for hint in that_fit(hints, 20)] == ["enter", "?"]
    bar = KeyHints(hints)
    app = Stage(bar, kinds=(KeyHints.Chosen,))
    async with app.run_test(size=(60, 5), message_hook=app.record) as pilot:
        assert lines(bar) == ["enter choose  / filter  ? help  ^p commands"]
        await pilot.click(bar, offset=(16, 0))
        await pilot.pause()
        assert [message.hint.key for message in app.posted] == ["/"]
