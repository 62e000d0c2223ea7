"""Actions of the screen without a target."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.tui.keymap.action import Action
from jsft_tui.tui.keymap.common_actions import QUIT, ZOOM

ACTIONS = (
    Action("enter_way", ("enter",), "choose", "Begin in this way.", "screen.enter_way", 0),
    Action(
        "try_again",
        ("r",),
        "look for credentials again",
        "Look for credentials again.",
        "screen.again",
        1,
        short="look again",
    ),
    replace(QUIT, priority=2),
    Action("copy_way", ("y",), "copy", "Send the command of this way to the clipboard.", "screen.copy", None),
    replace(ZOOM, priority=None),
    Action(
        "enter_sandbox", ("s",), "sandbox", "Enter the sandbox: no account, nothing is paid.", "screen.sandbox", None
    ),
    Action("choose_target", ("p",), "profile", "Choose a profile and a region.", "app.target", None),
)
