"""Actions of the list of jobs."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.tui.keymap.action import Action
from jsft_tui.tui.keymap.common_actions import ZOOM
from jsft_tui.tui.keymap.job_actions import CLONE, DOWNLOAD, JOB_ACTIONS, STOP

ACTIONS = (
    Action("open_job", ("enter",), "open", "Watch this job.", "screen.open", 0),
    STOP,
    CLONE,
    DOWNLOAD,
    Action("mark_job", ("space",), "mark", "Mark to compare; again: not.", "screen.mark", 4),
    Action(
        "compare_jobs",
        ("equals_sign",),
        "compare",
        "Compare the marked jobs.",
        "screen.compare",
        6,
        former=("C",),
        brief="compare the marked",
    ),
    Action(
        "job_status", ("f",), "status …", "Narrow by status and model.", "screen.facets", 2, brief="filter by status …"
    ),
    *JOB_ACTIONS,
    Action("filter_jobs", ("slash",), "filter", "Filter by name, model, status as you type.", "screen.filter", None),
    Action("sort_jobs", ("s",), "sort", "Sort by time, name, objective, or cost.", "screen.sort", None),
    Action("copy_arn", ("y",), "copy …", "Send the ARN, a path, or a summary to the clipboard.", "screen.copy", None),
    Action(
        "type_job",
        ("u",),
        "by name",
        "Watch a job by its name (works without listing).",
        "screen.type_name",
        None,
        brief="open by name",
    ),
    Action("reload_jobs", ("r",), "reload", "Ask for the list again.", "screen.reload", None, brief="load again"),
    replace(ZOOM, priority=None),
)
