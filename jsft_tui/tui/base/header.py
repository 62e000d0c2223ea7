"""The two lines at the top of every screen: where calls go, and the screens with their keys."""

from __future__ import annotations

import os

from jsft_tui.core.common.text import plural
from jsft_tui.core.jobs.cost import spending
from jsft_tui.core.run.draft import gaps
from jsft_tui.services.session.session import SIGN_IN, Session
from jsft_tui.tui.keymap.action import SCREENS, ScreenId
from jsft_tui.tui.keymap.labels import KeyOf
from jsft_tui.tui.theme.themes import Status, glyph
from jsft_tui.tui.widgets.text.cell_text import Cell

_SHORT = {ScreenId.HYPERPARAMETERS: "Hyperparams"}


def target_cells(session: Session | None, waiting: str) -> tuple[Cell, ...]:
    """Where calls go: sandbox or account and profile, region, READ-ONLY. `waiting` is shown while none is open."""
    name = Cell(" jsft  ", "strong")
    if session is None:
        return name, Cell(waiting, "quiet")
    target = session.target
    if target.sandbox:
        where = Cell(f"{glyph(Status.SANDBOX, os.environ)} SANDBOX", Status.SANDBOX.value)
    else:
        account = session.identity.account if session.identity else "account ?"
        where = Cell(f"{account}  {target.profile or 'default chain'}", "strong")
    read_only = (Cell("  READ-ONLY", Status.WARNING.value),) if target.read_only else ()
    signed_out = (Cell("  NOT SIGNED IN", Status.FAILED.value),) if SIGN_IN in session.problems else ()
    return name, where, Cell(f"  {target.region}"), *read_only, *signed_out


def work_cells(session: Session | None) -> tuple[Cell, ...]:
    """What goes on: jobs that run and what they cost by the hour; what the draft still lacks, or how
    many findings it has.
    """
    if session is None:
        return ()
    cells = []
    if running := str(spending(session.job_list.state.jobs, session.prices or {})):
        cells.append(Cell(f"{running} ", Status.RUNNING.value))
    if session.run.model.id and (lacks := len(gaps(session.run))):
        cells.append(Cell(f" ! {lacks} to choose ", Status.WARNING.value))
    elif (review := session.review) is not None and review.open:
        sign = Status.FAILED if review.blocks else Status.WARNING
        cells.append(Cell(f" {glyph(sign, os.environ)} {plural(len(review.open), 'finding')} ", sign.value))
    return tuple(cells)


def tab_cells(here: ScreenId, key: KeyOf, *, is_wide: bool) -> tuple[Cell, ...]:
    """The screens with their keys; this one stands out."""
    cells = []
    for where in SCREENS:
        title = where.title if is_wide else _SHORT.get(where, where.title)
        is_here = where is here or (here in (ScreenId.JOB, ScreenId.COMPARE) and where is ScreenId.JOBS)
        cells.append(Cell(f" {key(f'go_{where.value}')} {title} ", "here" if is_here else ""))
    return tuple(cells)
