"""Where something acts, as the questions before that say it."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from jsft_tui.core.common.status import Status
from jsft_tui.tui.base.header import spaced_account
from jsft_tui.tui.theme.glyphs import glyph
from jsft_tui.tui.widgets.text.cell_text import Cell

if TYPE_CHECKING:
    from jsft_tui.services.session.session import Session


def place_cells(session: Session) -> tuple[Cell, ...]:
    """Return the sandbox or the account, the region, and an address of its own."""
    target = session.target
    if target.sandbox:
        return Cell(f"{glyph(Status.SANDBOX, os.environ)} SANDBOX", "sandbox"), Cell(f" {target.region}")
    account = spaced_account(session.identity.account) if session.identity else "?"
    found = (Cell(f"account {account}, {target.region}"),)
    label = target.endpoint_label
    return (*found, Cell(f" at {label}", Status.WARNING.value)) if label else found
