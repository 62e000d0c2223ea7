"""The two lines at the top of every screen: where calls go, and the screens with their keys."""

from __future__ import annotations

import os

from jsft_tui.core.common.text import plural
from jsft_tui.core.jobs.cost import spending
from jsft_tui.core.run.draft import gaps
from jsft_tui.services.session.session import SIGN_IN, Desk
from jsft_tui.tui.keymap.action import SCREENS, Where
from jsft_tui.tui.keymap.labels import KeyOf
from jsft_tui.tui.theme.themes import Sign, glyph
from jsft_tui.tui.widgets.text.cell_text import Cell

_SHORT = {Where.HYPERPARAMETERS: "Hyperparams"}


def target_cells(desk: Desk | None, opening: str) -> tuple[Cell, ...]:
    """Where calls go: sandbox or account and profile, region, READ-ONLY. `opening` is shown while none is open."""
    name = Cell(" jsft  ", "strong")
    if desk is None:
        return name, Cell(opening, "quiet")
    target = desk.target
    if target.sandbox:
        where = Cell(f"{glyph(Sign.SANDBOX, os.environ)} SANDBOX", Sign.SANDBOX.value)
    else:
        account = desk.identity.account if desk.identity else "account ?"
        where = Cell(f"{account}  {target.profile or 'default chain'}", "strong")
    read_only = (Cell("  READ-ONLY", Sign.WARNING.value),) if target.read_only else ()
    signed_out = (Cell("  NOT SIGNED IN", Sign.FAILED.value),) if SIGN_IN in desk.problems else ()
    return name, where, Cell(f"  {target.region}"), *read_only, *signed_out


def work_cells(desk: Desk | None) -> tuple[Cell, ...]:
    """What goes on: jobs that run and what they cost by the hour; what the draft still lacks, or how
    many findings it has.
    """
    if desk is None:
        return ()
    cells = []
    if running := str(spending(desk.board.state.jobs, desk.prices or {})):
        cells.append(Cell(f"{running} ", Sign.RUNNING.value))
    if desk.run.model.id and (lacks := len(gaps(desk.run))):
        cells.append(Cell(f" ! {lacks} to choose ", Sign.WARNING.value))
    elif (review := desk.review) is not None and review.open:
        sign = Sign.FAILED if review.blocks else Sign.WARNING
        cells.append(Cell(f" {glyph(sign, os.environ)} {plural(len(review.open), 'finding')} ", sign.value))
    return tuple(cells)


def tab_cells(here: Where, key: KeyOf, *, is_wide: bool) -> tuple[Cell, ...]:
    """The screens with their keys; this one stands out."""
    cells = []
    for where in SCREENS:
        title = where.title if is_wide else _SHORT.get(where, where.title)
        is_here = where is here or (here in (Where.JOB, Where.COMPARE) and where is Where.JOBS)
        cells.append(Cell(f" {key(f'go_{where.value}')} {title} ", "here" if is_here else ""))
    return tuple(cells)
