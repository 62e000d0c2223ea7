"""Which theme a terminal gets, and how each draws what the screens name."""

from __future__ import annotations

import pytest
from rich.style import Style
from textual.color import Color as TextualColor
from textual.theme import Theme

from jsft_tui.config import THEMES
from jsft_tui.core.common.status import Status
from jsft_tui.tui.theme import themes as theme
from jsft_tui.tui.theme.color_support import Background
from jsft_tui.tui.theme.styles import STYLES, ink_style, selected_style
from tests.tui.driver.stage import Stage


def test_the_terminal_decides_the_theme() -> None:
    light, fine = Background.LIGHT, {"TERM": "xterm-256color"}
    assert theme.theme_name("light", fine) == theme.LIGHT
    assert theme.theme_name("auto", fine) == theme.DARK
    assert theme.theme_name("auto", fine, light) == theme.LIGHT
    assert theme.theme_name("dark", fine, light) == theme.DARK
    assert theme.theme_name("light", {"TERM": "linux"}) == theme.SIXTEEN
    assert theme.theme_name("light", {"TERM": "xterm", "COLORTERM": "truecolor"}) == theme.LIGHT
    assert theme.theme_name("auto", {**fine, "NO_COLOR": "1"}, light) == theme.COLORLESS
    assert {*theme.CHOICES, theme.AUTO} == set(THEMES)


@pytest.mark.parametrize("each", theme.THEMES, ids=lambda each: each.name)
async def test_signs_are_drawn_as_the_theme_says(each: Theme) -> None:
    app = Stage()
    app.theme = each.name
    async with app.run_test() as pilot:
        await pilot.pause()
        variables = app.theme_variables
    shown = {name: ink_style(variables, name) for name in STYLES}
    assert shown["failed"].color == shown["bad"].color == TextualColor.parse(str(each.error)).rich_color
    assert shown["muted"].dim is (True if each.ansi else None)
    assert shown["strong"].bold and shown["key"].bold and shown["head"].bold and not shown["text"].bold
    assert {status.value for status in Status} <= shown.keys()
    assert ink_style(variables, "no such sign") == Style.null()
    button = ink_style(variables, "button")
    assert button.reverse if each.ansi else button.bgcolor != shown["text"].bgcolor
    # Without color and weight, the button and the row under the cursor are reversed.
    assert variables["selected-style"] == variables["tab-style"] == ("reverse" if each.ansi else "none")


async def test_verdicts_keep_their_color_under_the_cursor_unless_the_row_is_reversed() -> None:
    app = Stage()
    async with app.run_test() as pilot:
        await pilot.pause()
        kept = {}
        for each in theme.THEMES:
            app.theme = each.name
            await pilot.pause()
            variables = app.theme_variables
            muted, text = (selected_style(variables, name) for name in ("muted", "text"))
            assert muted == text
            kept[each.name] = selected_style(variables, "failed").color != text.color
    assert {name for name, is_kept in kept.items() if is_kept} == {theme.DARK, theme.LIGHT}
