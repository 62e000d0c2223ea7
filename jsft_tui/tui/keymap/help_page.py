"""The page of a screen's keys, built from the table of actions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from jsft_tui.tui.keymap.action import Action, ScreenId, key_name, keys_of
from jsft_tui.tui.keymap.actions import BY_SCREEN, find_action

LIST_KEYS = (
    ("j k ↓ ↑", "down, up"),
    ("^d ^u", "half a page"),
    ("g G", "first, last"),
)
LOG_KEYS = (
    ("n N", "next match, previous"),
    ("e", "first error"),
    ("u", "unfold or cut lines"),
    ("#", "time stamps on or off"),
    ("h l ← →", "left, right"),
)
"""Keys of the log while it has the focus."""

CHART_KEYS = (
    ("← →", "value by value"),
    ("l", "logarithmic scale"),
    ("o", "smoother, or as it is"),
)
"""Keys of a chart while it has the focus."""

ACTING = ("launch", "stop_job", "upload")
"""Actions that change something in AWS, in the order of a run; each asks first."""
ACTING_HERE = ("stop_search", "deploy_job", "deploy_again", "deploy_asked", "delete_endpoint")
"""Those of one screen, which may take the key of one of them."""
NOTES = (
    "A capital letter changes something in AWS and always asks first.",
    "Every key can be changed in config.yaml: keys: {launch: ctrl+y}",
)


@dataclass(frozen=True)
class KeyLine:
    """Keys and what they do, in a few words."""

    keys: str
    text: str


@dataclass(frozen=True)
class KeySection:
    """Keys that belong together."""

    title: str
    lines: tuple[KeyLine, ...]


@dataclass(frozen=True)
class HelpPage:
    """All keys of a screen.

    Attributes:
        title: of the page.
        own: the screen's own.
        acts: those that change something in AWS, on any screen.
        lists: those of lists and texts.
        everywhere: those that mean the same on every screen.
        notes: sentences below all.
    """

    title: str
    own: tuple[KeySection, ...]
    acts: KeySection
    lists: KeySection
    everywhere: KeySection
    notes: tuple[str, ...] = NOTES


def help_page(where: ScreenId, keymap: Mapping[str, str]) -> HelpPage:
    """Return the keys of a screen."""
    here = BY_SCREEN[where]
    everywhere = _everywhere(here, keymap)
    apart = (*ACTING, *ACTING_HERE, *(action.id for action in BY_SCREEN[ScreenId.ANYWHERE]), "zoom")
    own = [KeySection(where.title, tuple(_action_line(each, keymap) for each in here if each.id not in apart))]
    if where is ScreenId.JOB:
        own += [KeySection("Log", _key_lines(LOG_KEYS)), KeySection("Charts", _key_lines(CHART_KEYS))]
    return HelpPage(
        f"Keys of {where.title}",
        tuple(own),
        KeySection("Acts on AWS, asks first", _acting(here, keymap)),
        KeySection("Lists", _key_lines(LIST_KEYS)),
        KeySection("Everywhere", tuple(everywhere)),
    )


def _acting(here: Iterable[Action], keymap: Mapping[str, str]) -> tuple[KeyLine, ...]:
    """Return what changes something in AWS, each key once."""
    actions = (*(find_action(each)[1] for each in ACTING), *(each for each in here if each.id in ACTING_HERE))
    lines = {line.keys: line for line in (_action_line(each, keymap) for each in actions)}
    return tuple(lines.values())


def _everywhere(here: Iterable[Action], keymap: Mapping[str, str]) -> Iterator[KeyLine]:
    """Yield what means the same on every screen."""
    anywhere = BY_SCREEN[ScreenId.ANYWHERE]
    numbers = [keys_of(action, keymap)[0] for action in anywhere if action.id.startswith("go_")]
    yield KeyLine(f"{numbers[0]} … {numbers[-1]}", "the screens")
    yield KeyLine("tab", "next pane")
    yield from (_action_line(action, keymap) for action in here if action.id == "zoom")
    shown = (action for action in anywhere if not action.id.startswith("go_") and action.keys)
    yield from (_action_line(action, keymap) for action in shown)


def _action_line(action: Action, keymap: Mapping[str, str]) -> KeyLine:
    keys = [key_name(key) for key in keys_of(action, keymap)]
    return KeyLine(" ".join(keys[:2]) or "–", action.brief or action.label)


def _key_lines(keys: Iterable[tuple[str, str]]) -> tuple[KeyLine, ...]:
    return tuple(KeyLine(names, text) for names, text in keys)
