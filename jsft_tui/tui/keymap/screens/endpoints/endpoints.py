"""Actions of the list of endpoints."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.tui.keymap.action import Action
from jsft_tui.tui.keymap.common_actions import ZOOM

ACTIONS = (
    Action(
        "delete_endpoint",
        ("D",),
        "delete",
        "Delete this endpoint, its configuration and its models; asks first.",
        "screen.delete",
        0,
        brief="delete an endpoint",
    ),
    Action(
        "try_endpoint",
        ("t",),
        "try it",
        "Ask the model behind this endpoint.",
        "screen.try",
        1,
        short="try",
        brief="ask its model",
    ),
    Action(
        "lifetime",
        ("l",),
        "lifetime",
        "Say when this endpoint is to be deleted.",
        "screen.lifetime",
        2,
    ),
    Action(
        "endpoint_view",
        ("v", "right_square_bracket"),
        "answer, log …",
        "Next view below: try it, the answer as it came, the log.",
        "screen.next_view",
        3,
        short="log …",
        brief="next view",
    ),
    Action(
        "endpoint_view_before",
        ("left_square_bracket",),
        "view before",
        "Show the view before.",
        "screen.view_before",
        None,
    ),
    Action(
        "deploy_again",
        ("E",),
        "deploy another",
        "Deploy the same job's model to another endpoint.",
        "screen.deploy",
        4,
        short="deploy",
        brief="deploy another",
    ),
    Action("copy_endpoint", ("y",), "copy …", "Send the name or the ARN to the clipboard.", "screen.copy", 5),
    Action("sort_endpoints", ("s",), "sort", "Sort by time, name, cost, or calls.", "screen.sort", 6),
    Action("filter_endpoints", ("slash",), "filter", "Filter by name, job, model, status.", "screen.filter", 7),
    Action(
        "reload_endpoints",
        ("r",),
        "reload",
        "Ask for the list again, and look for leftovers.",
        "screen.reload",
        None,
        brief="load again",
    ),
    replace(ZOOM, priority=None),
)
