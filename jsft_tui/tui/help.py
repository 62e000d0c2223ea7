"""The help screen and the palette, made from the table of actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jsft_tui.tui.dialogs.choice import Choice
from jsft_tui.tui.keymap.action import Action, ScreenId, key_name, keys_of
from jsft_tui.tui.keymap.actions import BY_SCREEN
from jsft_tui.tui.widgets.text.text_pane import TextLine, fact, line

LIST_KEYS = (
    ("j k ↓ ↑", "down, up"),
    ("^d ^u", "half a page down, up"),
    ("pgdn pgup", "a page down, up"),
    ("g G", "first, last"),
    ("tab ⇧tab", "next pane, the one before"),
)
LOG_KEYS = (
    ("n N", "next match, the one before"),
    ("e", "first error"),
    ("z", "wrap long lines or cut them"),
    ("t", "time stamps on or off"),
    ("h l ← →", "left, right"),
)
"""Keys of the log itself, while it has the focus."""

CHART_KEYS = (
    ("← →", "the value before, the next one"),
    ("l", "logarithmic scale or plain"),
    ("o", "smoother, in the end not at all"),
)
"""Keys of the charts, while one has the focus."""

KEYS_WIDTH = 14

_BY_KEY_ONLY = ("palette", "back", "interrupt")
_NO_WAY_THERE = (ScreenId.ANYWHERE, ScreenId.WELCOME)


def help_lines(where: ScreenId, keymap: Mapping[str, str]) -> list[TextLine]:
    """Every key of a screen."""
    lines = [line(where.title, "strong"), *_action_lines(BY_SCREEN[where], keymap), line("")]
    if where is ScreenId.JOB:
        lines += [line("Log", "strong"), *_key_lines(LOG_KEYS), line("")]
        lines += [line("Charts", "strong"), *_key_lines(CHART_KEYS), line("")]
    lines += [line("Lists and texts", "strong"), *_key_lines(LIST_KEYS), line("")]
    return [*lines, line("Everywhere", "strong"), *_action_lines(BY_SCREEN[ScreenId.ANYWHERE], keymap)]


def _action_lines(actions: Iterable[Action], keymap: Mapping[str, str]) -> list[TextLine]:
    shown = ((" ".join(map(key_name, keys_of(action, keymap))) or "–", action.help) for action in actions)
    return _key_lines(shown)


def _key_lines(keys: Iterable[tuple[str, str]]) -> list[TextLine]:
    return [fact(f"  {names}", text, width=KEYS_WIDTH) for names, text in keys]


def palette_choices(where: ScreenId, keymap: Mapping[str, str]) -> list[Choice]:
    """Every action: first those that can be done here, then those of the other screens, which lead there."""
    here = (*BY_SCREEN[where], *BY_SCREEN[ScreenId.ANYWHERE])
    elsewhere = (
        (other, action) for other in ScreenId if other not in (where, *_NO_WAY_THERE) for action in BY_SCREEN[other]
    )
    return [
        *(_choice(action.run, action.help, action, keymap) for action in here if action.id not in _BY_KEY_ONLY),
        *(
            _choice(f"app.show_action('{action.id}')", f"{other.title}: {action.help}", action, keymap)
            for other, action in elsewhere
        ),
    ]


def _choice(run: str, text: str, action: Action, keymap: Mapping[str, str]) -> Choice:
    return Choice(run, text, " ".join(map(key_name, keys_of(action, keymap))))
