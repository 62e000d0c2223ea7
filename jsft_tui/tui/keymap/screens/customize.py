"""Actions of the table of recipes."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.tui.keymap.action import Action
from jsft_tui.tui.keymap.common_actions import BACK, ZOOM

ACTIONS = (
    Action("choose_way", ("enter",), "choose", "Train in this way, and go on to the data.", "screen.choose", 0),
    replace(BACK, label="other model", priority=2, brief="back"),
    Action(
        "show_recipe",
        ("v",),
        "recipe in full",
        "Read the recipe: the template of the training, in YAML.",
        "screen.show_recipe",
        3,
        short="recipe",
        brief="the recipe in full",
    ),
    Action(
        "package_group",
        ("g",),
        "model package group",
        "Choose or create the group that the tuned model is registered in.",
        "screen.package_group",
        3,
        short="group",
        brief="model package group",
    ),
    replace(ZOOM, priority=None),
)
