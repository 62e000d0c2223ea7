"""Actions of the list of instance types."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.tui.keymap.action import Action
from jsft_tui.tui.keymap.common_actions import ZOOM

ACTIONS = (
    Action("choose_instance", ("enter",), "choose", "Run on this instance type, and go on.", "screen.choose", 0),
    Action(
        "gpu_filter", ("f",), "GPUs, quota …", "Narrow by GPUs, quota and family.", "screen.facets", 1, short="GPUs …"
    ),
    Action("sort_instances", ("s",), "sort", "Sort by price, GPUs, memory or name.", "screen.sort", 2),
    Action("filter_instances", ("slash",), "filter", "Filter by name as you type.", "screen.filter", 3),
    Action("all_instances", ("a",), "all types", "Also types that the model does not name.", "screen.all", 5),
    Action("how_it_runs", ("tab",), "how it runs", "Go to the settings of the instances.", "screen.how_it_runs", 4),
    Action("take_instance", ("space",), "take", "Run on this instance type, and stay here.", "screen.take", None),
    Action("instance_count", ("c",), "instances", "How many instances.", "screen.count", None),
    Action("max_runtime", ("m",), "stop after", "After so long the job is stopped.", "screen.max_runtime", None),
    Action("spot", ("p",), "spot", "Managed spot training on or off.", "screen.spot", None, former=("S",)),
    Action("disk", ("d",), "disk", "Disk of each instance in GB.", "screen.disk", None),
    Action("keep_warm", ("w",), "keep warm", "Keep the instances for the next job.", "screen.keep_warm", None),
    Action("max_wait", (), "spot wait", "Spot: run time and waiting together.", "screen.max_wait", None),
    Action("reload_instances", ("r",), "reload", "Ask for prices and quotas again.", "screen.reload", None),
    replace(ZOOM, priority=None),
)
