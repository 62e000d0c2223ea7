"""Actions of a search: a hyperparameter tuning job with its trials."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.tui.keymap.action import Action
from jsft_tui.tui.keymap.common_actions import ZOOM

ACTIONS = (
    Action("open_trial", ("enter",), "open the trial", "Watch this trial as a job.", "screen.open", 0, short="open"),
    Action(
        "clone_trial",
        ("c",),
        "take into a run",
        "Take this trial's values into a run.",
        "screen.clone_trial",
        1,
        brief="trial into a run",
    ),
    Action(
        "stop_search",
        ("S",),
        "stop",
        "Stop the search, or the trial under the cursor.",
        "screen.stop",
        1,
        brief="stop search or trial",
    ),
    Action("sort_trials", ("s",), "sort", "Sort by objective, number, time or a value.", "screen.sort", 5),
    Action(
        "other_chart",
        ("x",),
        "other chart",
        "Axes of all values, over trials, value by value.",
        "screen.chart",
        3,
        short="chart",
    ),
    Action("mark_trial", ("space",), "mark", "Mark to compare; again: not.", "screen.mark", 6),
    Action(
        "compare_trials",
        ("equals_sign",),
        "compare",
        "Compare the marked trials, or the best ones.",
        "screen.compare",
        7,
    ),
    Action(
        "clone_best_trial",
        ("b",),
        "best into a run",
        "Take the best trial's values into a run.",
        "screen.clone_best",
        2,
        short="best",
    ),
    Action(
        "download_best", ("d",), "download", "Download the best model.", "screen.download", 4, brief="the best model"
    ),
    Action(
        "search_on",
        ("i",),
        "search on",
        "A search that learns from this one.",
        "screen.search_on",
        8,
        brief="search on from it",
    ),
    Action("clone_search", ("n",), "same search", "The same search as a new run.", "screen.clone_search", None),
    Action(
        "cancel_best",
        ("ctrl+x",),
        "cancel",
        "Cancel the download or the unpacking.",
        "screen.cancel_download",
        1,
        brief="cancel the download",
    ),
    Action("copy_search", ("y",), "copy", "Send the name of the search to the clipboard.", "screen.copy", None),
    Action("reload_search", ("r",), "reload", "Read the search again.", "screen.reload", None),
    replace(ZOOM, priority=None),
)
