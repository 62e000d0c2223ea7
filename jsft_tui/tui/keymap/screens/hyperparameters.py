"""Actions of the table of hyperparameters."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.tui.keymap.action import Action
from jsft_tui.tui.keymap.common_actions import ZOOM

ACTIONS = (
    Action("edit", ("enter",), "edit", "Edit this value.", "screen.edit", 0),
    Action("reset_one", ("x", "delete"), "reset", "Take this value back to the model's default.", "screen.reset", 1),
    Action("only_changed", ("c",), "changed only", "Show only what differs from the defaults.", "screen.changed", 2),
    Action("follow_batch", ("b",), "auto batch", "Let the batch size follow the instance.", "screen.auto_batch", 3),
    Action("tune_value", ("t",), "tune", "Try several values of it: a search; again: one value.", "screen.tune", 3),
    Action("filter_values", ("slash",), "search", "Search names and help as you type.", "screen.filter", 4),
    Action(
        "reset_all",
        ("ctrl+x",),
        "reset all",
        "Take every value to its default.",
        "screen.reset_all",
        None,
        former=("X",),
    ),
    replace(ZOOM, priority=None),
)
