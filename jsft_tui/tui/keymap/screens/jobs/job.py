"""Actions of the view of one job."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.tui.keymap.action import Action
from jsft_tui.tui.keymap.common_actions import ZOOM
from jsft_tui.tui.keymap.job_actions import CLONE, DOWNLOAD, JOB_ACTIONS, STOP

ACTIONS = (
    Action("open_fix", ("enter",), "open the fixed run", "Open a run with this remedy applied.", "screen.open_fix", 0),
    replace(STOP, former=("s",)),
    replace(DOWNLOAD, priority=1),
    *JOB_ACTIONS,
    Action("search_log", ("slash",), "search the log", "Search the log.", "screen.search", 2, short="search"),
    Action("follow_log", ("f",), "follow", "Go to the end of the log and stay there.", "screen.follow", 2),
    Action("next_error", ("n",), "next error", "Go to the next match, or to the next error.", "screen.next_error", 3),
    Action("save_log", ("w",), "save log", "Save the whole log to a file.", "screen.save_log", 7),
    CLONE,
    Action("copy_field", ("y",), "copy …", "Send the ARN, a path, or a summary to the clipboard.", "screen.copy", 5),
    Action("job_view", ("v", "right_square_bracket"), "view", "Show the next view.", "screen.next_view", 4),
    Action("view_before", ("left_square_bracket",), "view before", "Show the view before.", "screen.view_before", None),
    replace(ZOOM, label="zoom", help="Give the pane with the focus the whole screen, and back.", priority=6),
    Action("filter_log", ("ampersand",), "filter", "Show only lines that contain a text.", "screen.filter_log", None),
    Action(
        "compare_jobs",
        ("equals_sign",),
        "compare",
        "Compare with the best run before.",
        "screen.compare",
        None,
        brief="compare the marked",
    ),
    Action("next_metric", ("m",), "more metrics", "Chart the next metrics.", "screen.next_metric", None),
)
