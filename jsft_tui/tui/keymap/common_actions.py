"""Actions that several screens have, each with a label and a place in the footer of its own."""

from __future__ import annotations

from jsft_tui.tui.keymap.action import Action

ZOOM = Action(
    "zoom", ("z",), "zoom", "Give the detail the whole screen, and back.", "screen.zoom", 4, brief="zoom the pane, back"
)
"""Of every screen with a list and a detail."""
BACK = Action("back", ("escape",), "back", "Go back to where you were.", "app.back", None)
QUIT = Action("quit", ("q",), "quit", "Quit; jobs go on.", "app.leave", None, brief="quit; jobs go on")
