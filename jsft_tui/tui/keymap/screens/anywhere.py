"""Actions of every screen."""

from __future__ import annotations

from jsft_tui.tui.keymap.action import RIGHT, SCREENS, Action
from jsft_tui.tui.keymap.common_actions import BACK, QUIT

_GO_TO = tuple(
    Action(f"go_{where.value}", (str(number),), where.value, f"Go to {where.title}.", f"app.go('{where.value}')", None)
    for number, where in enumerate(SCREENS, start=1)
)

ACTIONS = (
    *_GO_TO,
    BACK,
    Action(
        "target",
        ("ctrl+t",),
        "target",
        "Switch profile or region, or enter the sandbox.",
        "app.target",
        None,
        brief="profile, region …",
    ),
    Action("settings", ("comma",), "settings", "Role, network, keys, tags: what every run gets.", "app.settings", None),
    Action("help", ("question_mark",), "keys", "Show every key of this screen.", "app.help", RIGHT),
    Action("palette", ("ctrl+p", "colon"), "find", "Find any action.", "app.palette", RIGHT, brief="find an action"),
    Action("theme", (), "theme", "Choose colors: dark, light, high contrast, 16 colors.", "app.choose_theme", None),
    Action(
        "retry",
        ("ctrl+r",),
        "retry",
        "Ask again for what could not be found out.",
        "app.retry",
        None,
        brief="ask AWS again",
    ),
    Action(
        "redraw",
        ("ctrl+l",),
        "redraw",
        "Draw the whole screen again.",
        "app.redraw",
        None,
        over_all=True,
        brief="draw again",
    ),
    Action(
        "suspend",
        ("ctrl+z",),
        "suspend",
        "Suspend; fg comes back.",
        "app.suspend_process",
        None,
        over_all=True,
        brief="suspend; fg comes back",
    ),
    QUIT,
    Action(
        "interrupt",
        ("ctrl+c",),
        "quit",
        "Twice: quit at once.",
        "app.interrupt",
        None,
        over_all=True,
        brief="twice: quit at once",
    ),
)
