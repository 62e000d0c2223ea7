"""Actions of the comparison of jobs."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.tui.keymap.action import Action
from jsft_tui.tui.keymap.common_actions import ZOOM

ACTIONS = (
    Action(
        "whole_values", ("enter",), "whole row", "Chart this metric, or show the row in full.", "screen.whole_values", 0
    ),
    Action("all_rows", ("a",), "all rows", "Also the rows that are alike.", "screen.toggle_all", 1),
    Action("compare_metric", ("m",), "metric", "Chart the next metric.", "screen.next_metric", 2),
    Action("clone_best", ("c",), "clone the best", "Clone the best of these jobs into a run.", "screen.clone_best", 6),
    Action("save_table", ("w",), "save CSV", "Save all rows as CSV.", "screen.save", 3),
    Action("copy_table", ("y",), "copy table", "Copy the table as Markdown.", "screen.copy", 5),
    Action("curve_axis", ("x",), "axis", "Draw the curves by epoch, time or cost.", "screen.next_axis", None),
    replace(ZOOM, priority=None),
    Action("reload_compare", ("r",), "reload", "Read the jobs again.", "screen.reload", None),
)
