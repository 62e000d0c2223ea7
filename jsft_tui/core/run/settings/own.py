"""jsft's own settings, which belong to no run: what each is for, its values, and where the value comes from."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Any

from jsft_tui.core.common.text import dollars

JSFT_CONFIG, DEFAULT, FOUND_OUT = "jsft config", "default", "found out"
"""Origins."""


class OwnGroup(Enum):
    """A heading of the list of settings."""

    MONEY = "Money"
    TERMINAL = "This terminal"


class OwnSetting(Enum):
    """The settings, in display order. The value is the name in `config.yaml`."""

    CONFIRM_ABOVE = "confirm_above_usd"
    THEME = "theme"
    MOUSE = "mouse"
    ASCII = "ascii"
    NOTIFY = "notify"
    PROGRESS = "progress"
    ON_FINISH = "on_finish"

    @property
    def label(self) -> str:
        """Return its name for display."""
        return _LABELS[self]

    @property
    def about(self) -> str:
        """Return what it is for, in one sentence."""
        return _ABOUT[self]

    @property
    def group(self) -> OwnGroup:
        """Return the heading that it stands below."""
        return OwnGroup.MONEY if self is OwnSetting.CONFIRM_ABOVE else OwnGroup.TERMINAL

    @property
    def choices(self) -> tuple[tuple[Any, str], ...]:
        """Return the values to choose from with what they mean; none for what is typed."""
        return _CHOICES.get(self, ())

    @property
    def holds_from_start(self) -> bool:
        """Return whether another value holds only when jsft is started the next time."""
        return self in (OwnSetting.MOUSE, OwnSetting.ASCII)


_LABELS = {
    OwnSetting.CONFIRM_ABOVE: "ask to type from",
    OwnSetting.THEME: "theme",
    OwnSetting.MOUSE: "mouse",
    OwnSetting.ASCII: "ASCII only",
    OwnSetting.NOTIFY: "notify when a job ends",
    OwnSetting.PROGRESS: "progress in the tab",
    OwnSetting.ON_FINISH: "run when a job ends",
}
_ABOUT = {
    OwnSetting.CONFIRM_ABOVE: "A run that could cost more is launched only when its whole dollars are typed.",
    OwnSetting.THEME: "The colors. Moving in the list shows each at once.",
    OwnSetting.MOUSE: "Whether jsft takes the mouse; the terminal's own selection of text then needs shift.",
    OwnSetting.ASCII: "Whether lines, bars and signs are drawn with ASCII characters.",
    OwnSetting.NOTIFY: "Whether the terminal rings and shows a notification when a job ends or needs a look.",
    OwnSetting.PROGRESS: "Whether the bar of the terminal's tab or of the taskbar tells how far a job is.",
    OwnSetting.ON_FINISH: "A command that is run when a job has ended, without a shell.",
}
_CHOICES: dict[OwnSetting, tuple[tuple[Any, str], ...]] = {
    OwnSetting.MOUSE: ((None, "auto: on, but off over SSH"), (True, "on"), (False, "off")),
    OwnSetting.ASCII: ((None, "auto: where the locale is not UTF-8"), (True, "yes"), (False, "no")),
    OwnSetting.PROGRESS: (("auto", "auto: where the terminal is known to show it"), ("on", "on"), ("off", "off")),
    OwnSetting.NOTIFY: ((True, "bell and notification"), (False, "off")),
}


@dataclass(frozen=True)
class FoundTerminal:
    """What is found out of the terminal, where the settings say nothing.

    Attributes:
        theme: the theme in use.
        is_remote: whether it is reached over SSH.
        is_ascii: whether its locale has no UTF-8.
    """

    theme: str
    is_remote: bool
    is_ascii: bool


@dataclass(frozen=True)
class OwnValue:
    """A value in words, and where it comes from."""

    text: str
    origin: str


def own_value(setting: OwnSetting, value: Any, default: Any, found: FoundTerminal) -> OwnValue:
    """Return the value that holds.

    Args:
        setting: which.
        value: of the settings file; the default where that says nothing.
        default: the value without any settings.
        found: of the terminal.
    """
    origin = JSFT_CONFIG if value != default else DEFAULT
    match setting:
        case OwnSetting.CONFIRM_ABOVE:
            return OwnValue(dollars(value), origin)
        case OwnSetting.THEME:
            return OwnValue(f"auto ({found.theme})", FOUND_OUT) if value == "auto" else OwnValue(str(value), origin)
        case OwnSetting.MOUSE:
            if value is None:
                return OwnValue("off (SSH)" if found.is_remote else "on", FOUND_OUT)
            return OwnValue("on" if value else "off", origin)
        case OwnSetting.ASCII:
            if value is None:
                return OwnValue("yes (locale)" if found.is_ascii else "no", FOUND_OUT)
            return OwnValue("yes" if value else "no", origin)
        case OwnSetting.NOTIFY:
            return OwnValue("bell, OSC 9" if value else "off", origin)
        case OwnSetting.PROGRESS:
            return OwnValue(str(value), origin)
        case OwnSetting.ON_FINISH:
            return OwnValue(str(value) if value else "–", origin if value else "")


def parse_own(setting: OwnSetting, text: str) -> Any:
    """Parse what is typed for a setting without choices.

    Raises:
        ValueError: not a valid value.
    """
    text = text.strip()
    if setting is OwnSetting.ON_FINISH:
        return text or None
    try:
        amount = float(text.replace(",", "").removeprefix("$"))
    except ValueError:
        amount = -1.0
    if not 0 <= amount < 1e9:
        raise ValueError("An amount of USD: 20 or 7.50")
    return amount
