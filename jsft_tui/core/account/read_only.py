"""The one rule of a read-only session, and how it is said."""

from __future__ import annotations

from jsft_tui.core.account.target import Target
from jsft_tui.core.common.errors import Problem, usage


def read_only(what: str) -> Problem:
    """The refusal of something that writes; `what` says what is not done."""
    return usage("ReadOnly", f"this session is read-only: {what}.", "Start jsft without --read-only or JSFT_READ_ONLY.")


def writing_refused(target: Target, what: str) -> Problem | None:
    """Why something that writes at AWS is not even begun; None where writing is allowed."""
    return read_only(what) if target.read_only else None
