"""Actions of what every run gets."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.tui.keymap.action import Action
from jsft_tui.tui.keymap.common_actions import BACK, ZOOM

ACTIONS = (
    Action("edit_setting", ("enter",), "change", "Choose or type a value for this run.", "screen.edit", 0),
    Action("type_setting", ("u",), "type", "Type the value.", "screen.type_value", 1),
    Action("clear_setting", ("x", "delete"), "inherit", "Go back to the inherited value.", "screen.clear", 2),
    Action("keep_setting", ("w",), "keep", "Keep this value for every run.", "screen.keep", 3),
    Action(
        "check_setting",
        ("c",),
        "check the role",
        "Check the run: are role, output, network and keys any good?",
        "screen.check",
        5,
        short="check",
    ),
    replace(BACK, priority=4),
    replace(ZOOM, priority=None),
)
