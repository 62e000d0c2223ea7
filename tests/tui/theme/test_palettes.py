"""Every text can be read on every ground that it may stand on, in 256 colors as well."""

from __future__ import annotations

from itertools import combinations

import pytest
from rich._palettes import EIGHT_BIT_PALETTE
from rich.color import Color, ColorSystem
from rich.style import Style
from textual.color import Color as TextualColor

from jsft_tui.tui.terminal.drawing.ansi_writer import cell_style
from jsft_tui.tui.theme.palettes import DARK, HIGH_CONTRAST, LIGHT, STANDS_ON, Palette
from jsft_tui.tui.theme.tokens import CURVES, Ground, Ink

COLORED = {"dark": DARK, "light": LIGHT, "high-contrast": HIGH_CONTRAST}
AA, AAA = 4.5, 7.0
"""WCAG 2.2, 1.4.3 and 1.4.6."""


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of WCAG 2.2."""

    def luminance(color: str) -> float:
        parts = [
            value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4
            for value in TextualColor.parse(color).normalized
        ]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def pairs(palette: Palette) -> dict[str, tuple[str, str]]:
    """Return the colors of every text and its ground, by what they are."""
    grounds = palette.grounds
    found = {
        f"{ink} on {ground}": (palette.color(ink), grounds[ground])
        for ink, stands_on in STANDS_ON.items()
        for ground in stands_on
    }
    found |= {
        f"{ink} on selected": (palette.on_selected(ink), grounds[Ground.SELECTED])
        for ink in STANDS_ON
        if ink not in CURVES
    }
    return {**found, "button": (palette.button_text, grounds[Ground.BUTTON])}


@pytest.mark.parametrize("name", COLORED)
def test_every_text_can_be_read_on_every_ground(name: str) -> None:
    ratios = {pair: round(contrast(*colors), 2) for pair, colors in pairs(COLORED[name]).items()}
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < AA} == {}


def test_high_contrast_is_higher_on_screens_dialogs_and_bars() -> None:
    grounds = (Ground.BACKGROUND, Ground.RAISED, Ground.BAR, Ground.SELECTED)
    ratios = {pair: contrast(*colors) for pair, colors in pairs(HIGH_CONTRAST).items() if pair.endswith(grounds)}
    assert {pair: ratio for pair, ratio in ratios.items() if ratio < AAA} == {}


def test_every_ink_of_texts_has_its_grounds_declared() -> None:
    assert set(STANDS_ON) == set(Ink) - {Ink.LINE}
    texts = [ink for ink in STANDS_ON if ink not in CURVES]
    assert all({Ground.BACKGROUND, Ground.RAISED, Ground.BAR} <= set(STANDS_ON[ink]) for ink in texts)


@pytest.mark.parametrize("name", COLORED)
def test_a_terminal_of_256_colors_is_sent_exactly_these(name: str) -> None:
    palette = COLORED[name]
    for color in (*palette.grounds.values(), *map(palette.color, Ink), palette.button_text):
        sent = cell_style(Style(color=color), ColorSystem.EIGHT_BIT).foreground
        number = int(sent.removeprefix("38;5;"))
        assert EIGHT_BIT_PALETTE[number] == Color.parse(color).get_truecolor(), color
        assert number >= 16  # those below look different on every terminal


@pytest.mark.parametrize("name", COLORED)
def test_meanings_and_curves_stay_apart(name: str) -> None:
    palette = COLORED[name]
    meanings = (Ink.ACCENT, Ink.GOOD, Ink.WARN, Ink.BAD, Ink.MONEY, Ink.SANDBOX, Ink.MUTED)
    for inks in (meanings, CURVES):
        assert all(palette.color(one) != palette.color(other) for one, other in combinations(inks, 2))
