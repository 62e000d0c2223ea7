"""Palettes: the color of each ink and ground, and which ink may stand on which ground.

The colors are those of the 256-color cube, so that a terminal reached over SSH, where COLORTERM does not travel, shows
the same, and because their numbers are short to send. Every text has a contrast of at least 4.5 (WCAG 2.2, 1.4.3) on
every ground that it stands on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from jsft_tui.tui.theme.tokens import CURVES, Ground, Ink


@dataclass(frozen=True)
class Palette:
    """Colors of one theme, as `#rrggbb` or Textual's names of the terminal's own colors."""

    grounds: Mapping[Ground, str]
    inks: Mapping[Ink, str]
    """Without `key`, which is accent, and the curves."""
    curves: str
    """Colors of the curves A to F."""
    button_text: str
    selected_text: str = ""
    """The one color of all texts on the row under the cursor; empty where they keep their own."""
    styles: Mapping[str, str] = field(default_factory=dict)
    """Text styles, besides bold for `strong` and `key`."""
    focused_border: str = "round"
    """Border type of the pane with the focus (Textual's name); those of others are round."""
    raised_border: str = "round"
    """Border type of dialogs."""

    def variables(self) -> dict[str, str]:
        """Return the variables of the theme: for each ink its color, text style and color on the selected row."""
        styles = {Ink.STRONG.value: "bold", Ink.KEY.value: "bold", **self.styles}
        found = {
            "button-text": self.button_text,
            "focused-border": self.inks[Ink.ACCENT],
            "focused-border-type": self.focused_border,
            "raised-border-type": self.raised_border,
        }
        for ground, color in self.grounds.items():
            found[ground.value] = color
            found[f"{ground.value}-style"] = styles.get(ground.value, "none")
        for ink in Ink:
            found[ink.value] = self.color(ink)
            found[f"{ink.value}-style"] = styles.get(ink.value, "none")
            found[f"selected-{ink.value}"] = self.on_selected(ink)
        return found

    def on_selected(self, ink: Ink) -> str:
        """Return the color of an ink on the row under the cursor."""
        return self.selected_text or self.color(Ink.TEXT if ink is Ink.MUTED else ink)

    def color(self, ink: Ink) -> str:
        """Return the color of an ink."""
        if ink in CURVES:
            return self.curves.split()[CURVES.index(ink)]
        return self.inks[Ink.ACCENT if ink is Ink.KEY else ink]


DARK = Palette(
    grounds={
        Ground.BACKGROUND: "#121212",
        Ground.RAISED: "#1c1c1c",
        Ground.BAR: "#262626",
        Ground.TAB: "#303030",
        Ground.SELECTED: "#3a3a3a",
        Ground.SELECTED_BLUR: "#262626",
        Ground.BUTTON: "#5fd7ff",
    },
    inks={
        Ink.TEXT: "#d0d0d0",
        Ink.STRONG: "#eeeeee",
        Ink.MUTED: "#949494",
        Ink.LINE: "#585858",
        Ink.ACCENT: "#5fd7ff",
        Ink.GOOD: "#87d787",
        Ink.WARN: "#ffaf5f",
        Ink.BAD: "#ff8787",
        Ink.MONEY: "#ffd787",
        Ink.SANDBOX: "#d7afff",
    },
    curves="#5fd7ff #ffaf5f #87d787 #d787d7 #ffff87 #afafff",
    button_text="#121212",
)
"""Light text on a dark background."""

LIGHT = Palette(
    grounds={
        Ground.BACKGROUND: "#ffffff",
        Ground.RAISED: "#eeeeee",
        Ground.BAR: "#eeeeee",
        Ground.TAB: "#e4e4e4",
        Ground.SELECTED: "#d7ffff",
        Ground.SELECTED_BLUR: "#e4e4e4",
        Ground.BUTTON: "#005faf",
    },
    inks={
        Ink.TEXT: "#262626",
        Ink.STRONG: "#121212",
        Ink.MUTED: "#626262",
        Ink.LINE: "#a8a8a8",
        Ink.ACCENT: "#005faf",
        Ink.GOOD: "#005f00",
        Ink.WARN: "#875f00",
        Ink.BAD: "#af0000",
        Ink.MONEY: "#5f5f00",
        Ink.SANDBOX: "#8700af",
    },
    curves="#005faf #af5f00 #005f00 #8700af #5f5f00 #5f5faf",
    button_text="#ffffff",
)
"""Dark text on a white background."""

HIGH_CONTRAST = Palette(
    grounds={
        Ground.BACKGROUND: "#000000",
        Ground.RAISED: "#000000",
        Ground.BAR: "#000000",
        Ground.TAB: "#303030",
        Ground.SELECTED: "#ffff00",
        Ground.SELECTED_BLUR: "#303030",
        Ground.BUTTON: "#ffff00",
    },
    inks={
        Ink.TEXT: "#ffffff",
        Ink.STRONG: "#ffffff",
        Ink.MUTED: "#bcbcbc",
        Ink.LINE: "#949494",
        Ink.ACCENT: "#ffff00",
        Ink.GOOD: "#00ff00",
        Ink.WARN: "#ffaf00",
        Ink.BAD: "#ff8787",
        Ink.MONEY: "#ffd787",
        Ink.SANDBOX: "#ff87ff",
    },
    curves="#ffff00 #00ffff #00ff00 #ff87ff #ffffff #ff8787",
    button_text="#000000",
    selected_text="#000000",
)
"""White and yellow on black; every text has at least 7."""

_OWN_GROUNDS = dict.fromkeys(Ground, "ansi_default")
"""The terminal's own background everywhere."""

SIXTEEN = Palette(
    grounds=_OWN_GROUNDS,
    inks={
        Ink.TEXT: "ansi_default",
        Ink.STRONG: "ansi_default",
        Ink.MUTED: "ansi_default",
        Ink.LINE: "ansi_default",
        Ink.ACCENT: "ansi_cyan",
        Ink.GOOD: "ansi_green",
        Ink.WARN: "ansi_yellow",
        Ink.BAD: "ansi_red",
        Ink.MONEY: "ansi_yellow",
        Ink.SANDBOX: "ansi_magenta",
    },
    curves="ansi_cyan ansi_yellow ansi_green ansi_magenta ansi_white ansi_blue",
    button_text="ansi_default",
    selected_text="ansi_default",
    styles={
        "muted": "dim",
        "line": "dim",
        "tab": "reverse",
        "selected": "reverse",
        "selected-blur": "bold",
        "button": "bold reverse",
    },
    raised_border="double",
)
"""The terminal's own colors."""

COLORLESS = Palette(
    grounds=_OWN_GROUNDS,
    inks={
        Ink.TEXT: "ansi_default",
        Ink.STRONG: "ansi_default",
        Ink.MUTED: "ansi_default",
        Ink.LINE: "ansi_default",
        Ink.ACCENT: "ansi_default",
        Ink.GOOD: "ansi_default",
        Ink.WARN: "ansi_default",
        Ink.BAD: "ansi_default",
        Ink.MONEY: "ansi_default",
        Ink.SANDBOX: "ansi_default",
    },
    curves="ansi_default ansi_default ansi_default ansi_default ansi_default ansi_default",
    button_text="ansi_default",
    selected_text="ansi_default",
    styles={
        "muted": "dim",
        "line": "dim",
        "accent": "bold",
        "sandbox": "bold",
        "tab": "reverse",
        "selected": "reverse",
        "selected-blur": "bold",
        "button": "bold reverse",
    },
    focused_border="heavy",
    raised_border="double",
)
"""No color at all: weight and reversal say what else color does (https://no-color.org)."""

_EVERYWHERE = (Ground.BACKGROUND, Ground.RAISED, Ground.BAR, Ground.TAB, Ground.SELECTED_BLUR)

STANDS_ON: Mapping[Ink, tuple[Ground, ...]] = {
    **dict.fromkeys((Ink.TEXT, Ink.STRONG, Ink.ACCENT, Ink.KEY, Ink.MONEY, Ink.SANDBOX), _EVERYWHERE),
    **dict.fromkeys((Ink.GOOD, Ink.WARN, Ink.BAD), _EVERYWHERE),
    Ink.MUTED: (Ground.BACKGROUND, Ground.RAISED, Ground.BAR, Ground.SELECTED_BLUR),
    **dict.fromkeys(CURVES, (Ground.BACKGROUND,)),
}
"""Which ink may stand on which ground, besides those of the row under the cursor (`Palette.on_selected`)."""
