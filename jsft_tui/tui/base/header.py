"""The title bar and the strip: where calls go, what runs, and the steps of the run with their values."""

from __future__ import annotations

import os
from dataclasses import fields
from typing import TYPE_CHECKING

from jsft_tui.core.account.sign_in import SIGN_IN
from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import plural
from jsft_tui.core.run.steps import RunSteps
from jsft_tui.tui.keymap.action import SCREENS, ScreenId
from jsft_tui.tui.theme.glyphs import glyph
from jsft_tui.tui.widgets.bars.strip import Column
from jsft_tui.tui.widgets.text.cell_text import Cell

if TYPE_CHECKING:
    from jsft_tui.services.session.session import Session
    from jsft_tui.tui.keymap.labels import KeyOf

_NAMES = {ScreenId.MODELS: "Model"}
_SHORT = {"hyperparameters": "Hyperparams"}
_SHORTEST = {"hyperparameters": "Hyper", "endpoints": "Endp."}
_REACHED_FROM = {
    ScreenId.JOB: ScreenId.JOBS,
    ScreenId.TUNING: ScreenId.JOBS,
    ScreenId.COMPARE: ScreenId.JOBS,
    ScreenId.ASK: ScreenId.JOBS,
    ScreenId.CUSTOMIZE: ScreenId.MODELS,
}
WORDS_FROM = 100
"""Cells of the terminal from which what is said in signs and numbers is said in words, too."""


def target_cells(session: Session | None, waiting: Cell, width: int) -> tuple[Cell, ...]:
    """Where calls go: sandbox or profile and account, region, READ-ONLY. `waiting` is shown while none is open."""
    name = Cell(" jsft   ", "strong")
    if session is None:
        return name, waiting
    target = session.target
    words = width >= WORDS_FROM
    if target.sandbox:
        where = [Cell(f"{glyph(Status.SANDBOX, os.environ)} SANDBOX", "sandbox"), Cell(f"  {target.region}")]
        where += [Cell("  no account, nothing is paid", "muted")] if words else []
    else:
        account = spaced_account(session.identity.account) if session.identity else "account ?"
        where = [Cell(f"{target.profile_label}  ", "strong"), Cell(f"{target.region}  "), Cell(account)]
    read_only = [Cell("  READ-ONLY", Status.WARNING.value)] if target.read_only else []
    signed_out = [Cell("  signed out", Status.FAILED.value)] if SIGN_IN in session.problems else []
    # Last: what matters more is not cut where there is little room.
    host = target.endpoint_label.replace("https://", "").replace("http://", "")
    endpoint = [Cell(f"  at {host}", Status.WARNING.value)] if host else []
    return name, *where, *read_only, *signed_out, *endpoint


def spaced_account(number: str) -> str:
    """Return an account number in groups of four digits, as people read it."""
    return " ".join(number[start : start + 4] for start in range(0, len(number), 4))


def work_cells(session: Session | None, width: int) -> tuple[Cell, ...]:
    """Return what the running jobs and the endpoints cost per hour, and how many they are."""
    if session is None:
        return ()
    from jsft_tui.core.jobs.cost import spending
    from jsft_tui.core.serving.listed.spending import together

    state, prices = session.job_list.state, session.prices or {}
    jobs, alone = spending((*state.jobs, *state.trials), prices), spending(state.jobs, prices)
    endpoints = session.endpoint_list.state.spending
    if not jobs.jobs and not endpoints.endpoints:
        return ()
    counts = ((alone.jobs, "job"), (jobs.jobs - alone.jobs, "trial"), (endpoints.endpoints, "endpoint"))
    named = ", ".join(plural(count, noun) for count, noun in counts if count)
    words = f"  {named} " if width >= WORDS_FROM else " "
    return Cell(together(jobs, endpoints).rate, "money"), Cell(words)


def strip_columns(here: ScreenId, key: KeyOf, steps: RunSteps | None) -> tuple[Column, ...]:
    """Return the columns of the strip: the steps of the run, then the places; this screen's stands out."""
    found = steps or RunSteps()
    shown = _REACHED_FROM.get(here, here)
    places = [(where.value, _NAMES.get(where, where.title), where is shown) for where in SCREENS]
    return tuple(
        Column(
            place,
            key(f"go_{place}"),
            name,
            _SHORT.get(place, name),
            _SHORTEST.get(place, name),
            getattr(found, field.name),
            is_here,
        )
        for (place, name, is_here), field in zip(places, fields(found), strict=True)
    )
