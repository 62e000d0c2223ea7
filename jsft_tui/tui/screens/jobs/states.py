"""What the list of jobs says of itself: in its border, and in place of rows."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import plural
from jsft_tui.core.jobs.cost import spending
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.services.jobs.listed.job_list_state import JobListState
from jsft_tui.tui.base.texts.states import empty, unread
from jsft_tui.tui.keymap.labels import KeyOf
from jsft_tui.tui.theme.glyphs import glyph
from jsft_tui.tui.theme.tokens import Ink
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine


def state_cells(state: JobListState, prices: Mapping[str, Price], shown: int | None, facets: str) -> Sequence[Cell]:
    """Return the counts of the list, or what is wrong with it.

    Args:
        state: of the list.
        prices: by instance type.
        shown: the number of jobs that fit; None without a filter and facets.
        facets: the chosen facets in words.
    """
    listed = len(state.jobs) + len(state.searches)
    if state.problem is not None:
        trouble = "not up to date" if listed else "not listed"
        return (Cell(f"{glyph(Status.WARNING, os.environ)} {trouble}", Ink.WARN),)
    if state.asked is None:
        return (Cell("loading …", Ink.MUTED),)
    count = f"{listed:,}{'+' if state.has_more else ''}"
    if shown is not None:
        words = f"{facets} · " if facets else ""
        return (Cell(f"{words}{shown:,} of {count}", Ink.MUTED),)
    if not listed:
        return (Cell("none yet", Ink.MUTED),)
    spent = spending((*state.jobs, *state.trials), prices)
    if not spent.jobs:
        return (Cell(plural(listed, "job") if not state.has_more else f"{count} jobs", Ink.MUTED),)
    return Cell(f"{spent.jobs} running, ", Ink.MUTED), Cell(spent.rate, Ink.MONEY)


def why_empty(state: JobListState, key: KeyOf) -> Sequence[TextLine]:
    """Return why there are no rows, and the keys that help; nothing while the list is on its way."""
    by_name = key("type_job")
    if state.problem is not None and not state.jobs:
        ways = ((by_name, "open a job by its name"), (key("reload_jobs"), "try again"))
        return unread("The jobs cannot be listed.", str(state.problem), ways)
    if state.asked is None:
        return ()
    if state.jobs or state.searches or state.has_more:
        return empty(
            "No job fits.", ((key("back"), "take the filter away"), (key("job_status"), "another status or model"))
        )
    model = f"choose a model, then  {key('go_review')}  review and launch it"
    ways = ((key("go_models"), model), (by_name, "open a job by its name, for example a colleague's"))
    return empty("You have not trained anything here yet.", ways)
