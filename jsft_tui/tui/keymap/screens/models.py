"""Actions of the list of models."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.tui.keymap.action import Action
from jsft_tui.tui.keymap.common_actions import ZOOM

ACTIONS = (
    Action("pick_model", ("enter",), "choose", "Take this model, and go on to its data.", "screen.pick", 0),
    Action("filter_models", ("slash",), "filter", "Filter by id, task and framework as you type.", "screen.filter", 1),
    Action(
        "facets",
        ("f",),
        "task, framework …",
        "Narrow by task, framework, technique and license.",
        "screen.facets",
        3,
        short="task …",
    ),
    Action("versions", ("v",), "versions", "Choose an older version of this model.", "screen.versions", 4),
    replace(ZOOM, label="zoom the card", short="zoom", priority=2),
    Action(
        "how_to_train",
        ("m",),
        "how to train",
        "Choose how the run's model is trained: its script, or a recipe.",
        "app.go('customize')",
        None,
    ),
    Action("take_model", ("space",), "take", "Take this model, and stay here.", "screen.take", None),
    Action("all_models", ("a",), "all models", "Also models that cannot be fine-tuned.", "screen.toggle_all", None),
    Action("reload_models", ("r",), "reload", "Load the catalog again.", "screen.reload", None),
)
