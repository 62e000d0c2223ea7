"""Colours keep their meaning on every terminal, and signs say the same without colour."""

from __future__ import annotations

from itertools import combinations

import pytest
from rich.color import Color, ColorSystem
from rich.style import Style
from textual.color import Color as TextualColor
from textual.theme import Theme

from jsft_tui.tui.theme import themes as theme
from jsft_tui.tui.theme.styles import status_style
from jsft_tui.tui.theme.themes import Status
from tests.tui.stage import Stage

TRUECOLOR = [each for each in theme.THEMES if not each.ansi]
MEANINGS = ("primary", "success", "error", "warning", "secondary", "accent")


@pytest.mark.parametrize("each", TRUECOLOR, ids=lambda each: each.name)
def test_meanings_stay_apart_in_256_colours_and_are_exactly_those_colours(each: Theme) -> None:
    meanings = {name: getattr(each, name) for name in MEANINGS}
    others = {name: getattr(each, name) for name in ("foreground", "background", "surface", "panel")}
    for name, value in {**others, **meanings, "quiet": each.variables["quiet"]}.items():
        color = Color.parse(value)
        as_256 = color.downgrade(ColorSystem.EIGHT_BIT).get_truecolor()
        # Rich takes the next grey but one for light greys.
        allowed = 0 if name in MEANINGS else 10
        pairs = zip(as_256, color.get_truecolor(), strict=True)
        assert all(abs(one - other) <= allowed for one, other in pairs), name
    colors = list(meanings.values())
    assert all(one != other for one, other in combinations(colors, 2))


@pytest.mark.parametrize("each", TRUECOLOR, ids=lambda each: each.name)
def test_every_meaning_can_be_read_on_its_background(each: Theme) -> None:
    """WCAG 2.2, 1.4.3: 4.5 to 1; high contrast 7 to 1."""
    background = TextualColor.parse(each.background or "")
    for name in (*MEANINGS, "foreground"):
        ratio = contrast(TextualColor.parse(getattr(each, name)), background)
        assert ratio >= (7 if each.name == theme.HIGH_CONTRAST else 4.5), f"{name}: {ratio:.1f}"
    assert contrast(TextualColor.parse(each.variables["quiet"]), background) >= 4.5
    cursor = each.variables
    assert (
        contrast(
            TextualColor.parse(cursor["block-cursor-foreground"]), TextualColor.parse(cursor["block-cursor-background"])
        )
        >= 4.5
    )


def contrast(one: TextualColor, other: TextualColor) -> float:
    def luminance(color: TextualColor) -> float:
        parts = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in color.normalized]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_every_sign_has_a_glyph_of_its_own_in_both_alphabets() -> None:
    for environ in ({"LANG": "de_DE.UTF-8"}, {"LANG": "C"}, {}):
        glyphs = [theme.glyph(sign, environ) for sign in Status]
        assert len(set(glyphs)) == len(glyphs)
        assert all(len(each) == 1 for each in glyphs)
    assert all(theme.glyph(sign, {"LC_ALL": "C", "LANG": "en_US.UTF-8"}).isascii() for sign in Status)


def test_the_environment_decides_the_manners() -> None:
    assert theme.manners({}) == theme.Manners(mouse=True, frames_per_second=60, log_paints_per_second=10)
    remote = theme.manners({"SSH_CONNECTION": "10.0.0.1 5 10.0.0.2 22"})
    assert remote == theme.Manners(mouse=False, frames_per_second=15, log_paints_per_second=5)
    assert theme.is_remote({"SSH_TTY": "/dev/pts/0"})
    settings = theme.textual_settings({"SSH_TTY": "x", "ESCDELAY": "100"})
    assert settings == {"TEXTUAL_ANIMATIONS": "none", "TEXTUAL_SMOOTH_SCROLL": "0", "TEXTUAL_FPS": "15"}


def test_the_terminal_decides_the_theme() -> None:
    assert theme.theme_name(theme.LIGHT, {"TERM": "xterm-256color"}) == theme.LIGHT
    assert theme.theme_name(theme.LIGHT, {"TERM": "linux"}) == theme.SIXTEEN
    assert theme.theme_name(theme.LIGHT, {"TERM": "xterm", "COLORTERM": "truecolor"}) == theme.LIGHT
    assert theme.theme_name(theme.LIGHT, {"TERM": "xterm-256color", "NO_COLOR": "1"}) == theme.COLORLESS
    assert not theme.is_colorless({"NO_COLOR": ""})


@pytest.mark.parametrize("each", theme.THEMES, ids=lambda each: each.name)
async def test_signs_are_drawn_as_the_theme_says(each: Theme) -> None:
    app = Stage()
    app.theme = each.name
    async with app.run_test() as pilot:
        await pilot.pause()
        shown = {name: status_style(app.theme_variables, name) for name in theme.SIGN_LOOKS}
        assert shown["failed"].color == TextualColor.parse(str(each.error)).rich_color
        assert shown["quiet"].dim is (True if each.ansi else None)
        assert shown["strong"] == Style(bold=True)
        assert shown["here"].bold and shown["here"].reverse
        assert {name for name, style in shown.items() if style.color is None} == {"strong"}
    assert status_style(app.theme_variables, "no such sign") == Style.null()
