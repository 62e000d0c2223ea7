"""Actions of the browser of S3."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.tui.keymap.action import Action
from jsft_tui.tui.keymap.common_actions import ZOOM

ACTIONS = (
    Action("open_place", ("enter",), "open", "Open this folder, or do what the row says.", "screen.open", 0),
    Action("use_data", ("space",), "train with this", "Train with this folder, and go on.", "screen.use", 1),
    Action(
        "use_validation",
        ("v",),
        "validate with this",
        "Validate with this folder.",
        "screen.use_validation",
        5,
        former=("V",),
    ),
    Action("lint", ("c",), "check", "Check this folder for what the model needs.", "screen.lint", 2),
    Action("fix_data", ("f",), "fix", "Apply the remedy that is shown; asks first.", "screen.fix", 1),
    Action("type_uri", ("u",), "type an address", "Type an address (needs no listing).", "screen.type_uri", 2),
    Action("upload", ("U",), "upload", "Upload a local folder to here.", "screen.upload", 3, brief="upload a folder"),
    Action("output_here", ("o",), "output here", "Put trained models under this prefix.", "screen.output_here", 4),
    Action("cancel_work", ("x",), "cancel", "Stop the check or the upload that runs.", "screen.cancel", 1),
    Action("parent", ("backspace", "left", "h"), "up", "Go to the folder above.", "screen.parent", None),
    Action("filter_data", ("slash",), "filter", "Filter what is listed as you type.", "screen.filter", None),
    Action("default_data", ("d",), "default data", "Train with the default dataset.", "screen.use_default", None),
    Action("recents", ("l",), "used lately", "Go to a place used lately.", "screen.recents", None),
    Action("copy_uri", ("y",), "copy the address", "Send the address to the clipboard.", "screen.copy", None),
    Action("reload_data", ("r",), "reload", "List this place again.", "screen.reload", None, former=("R",)),
    replace(ZOOM, priority=None, former=("p",)),
)
