"""Actions of the screen on which the model of a job is asked."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.tui.keymap.action import Action
from jsft_tui.tui.keymap.common_actions import BACK

ACTIONS = (
    Action("ask_focus", ("t",), "type", "Type what the model is given.", "screen.type", 0),
    Action("ask_view", ("v",), "answer as it came", "Show the answer as it came, and back.", "screen.next_view", 1),
    Action("copy_answer", ("y",), "copy", "Send the answer to the clipboard.", "screen.copy", 2),
    Action("deploy_asked", ("E",), "deploy", "Deploy this model to an endpoint.", "screen.deploy", 3),
    replace(BACK, priority=4),
)
