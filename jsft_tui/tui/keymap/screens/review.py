"""Actions of the review before a launch."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.tui.keymap.action import Action
from jsft_tui.tui.keymap.common_actions import ZOOM

ACTIONS = (
    Action("launch", ("L",), "launch", "Launch the training job.", "screen.launch", 0),
    Action("fix", ("f",), "fix this", "Fix this problem; shows the change first.", "screen.fix", 0, short="fix"),
    Action("fix_all", ("ctrl+f",), "fix all", "Fix all problems at once; shows the changes.", "screen.fix_all", 1),
    Action("recheck", ("r",), "check again", "Run all checks again.", "screen.check", 2),
    Action(
        "next_view",
        ("v", "right_square_bracket"),
        "request, code …",
        "Next view: checks, request, code, run file.",
        "screen.next_view",
        2,
        short="code …",
    ),
    Action(
        "search_settings",
        ("t",),
        "search …",
        "How to search: objective, strategy, trials, stopping.",
        "screen.search",
        1,
        brief="how to search",
    ),
    Action("rename", ("n",), "name", "Give the job another name.", "screen.rename", 3),
    Action(
        "save_run",
        ("w",),
        "save run file",
        "Save the view that is shown; the run file where it is the checks.",
        "screen.save",
        2,
        short="save",
    ),
    Action("all_checks", ("p",), "all checks", "Show all checks one by one, and back.", "screen.all_checks", 4),
    Action("previous_view", ("left_square_bracket",), "view before", "The view before.", "screen.previous_view", None),
    Action("copy_request", ("y",), "copy", "Send what is shown to the clipboard.", "screen.copy", None),
    replace(ZOOM, help="Give the run, or the code, the whole screen, and back.", priority=None),
    Action("accept_eula", ("e",), "license", "Read and accept the model's license.", "screen.eula", None),
    Action("export", ("x",), "export", "Save the request as code in a form to choose.", "screen.export", None),
)
