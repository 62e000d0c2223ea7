"""Choose how long an endpoint lives."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jsft_tui.core.common.durations import parse_duration
from jsft_tui.tui.base.screens.work_screen import WorkScreen
from jsft_tui.tui.dialogs.choice import Choice, ChoiceDialog
from jsft_tui.tui.dialogs.deploy.lines import lifetime_words
from jsft_tui.tui.dialogs.prompt import PromptDialog, parsed_by

LIFETIMES = (3_600, 7_200, 8 * 3_600, 86_400, 7 * 86_400)
"""Seconds that are offered."""
FOREVER, OTHER = "forever", "other"
_OFFERED = (
    *(Choice(str(seconds), lifetime_words(seconds)) for seconds in LIFETIMES),
    Choice(OTHER, "another time"),
)
OR_FOREVER = (*_OFFERED, Choice(FOREVER, "until somebody deletes it"))
FROM_NOW = _OFFERED
QUESTION = "How long?"


@dataclass(frozen=True)
class Lifetime:
    """What was chosen: seconds, or None for no end."""

    seconds: int | None


async def choose_lifetime(screen: WorkScreen, choices: Sequence[Choice], at: int | None) -> Lifetime | None:
    """Have a lifetime chosen, from a flow; None where the person left.

    Args:
        screen: the screen.
        choices: `OR_FOREVER`, or `FROM_NOW`.
        at: the seconds to begin with; None: no end.
    """
    key = FOREVER if at is None else str(at)
    found = await screen.open_dialog(ChoiceDialog(QUESTION, choices, at=key))
    if found == FOREVER:
        return Lifetime(None)
    if found == OTHER:
        prompt = PromptDialog(QUESTION, check=parsed_by(parse_duration), about="For example 90m, 6h, 2d.")
        found = await screen.open_dialog(prompt)
    return Lifetime(parse_duration(found)) if found else None
