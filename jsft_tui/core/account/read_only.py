"""Refusals of a read-only session."""

from __future__ import annotations

from jsft_tui.core.account.target import Target
from jsft_tui.core.common.errors import Problem, usage


def read_only(what: str) -> Problem:
    """Return the refusal of a writing operation; `what` says what is not done."""
    return usage("ReadOnly", f"this session is read-only: {what}.", "Start jsft without --read-only or JSFT_READ_ONLY.")


def writing_refused(target: Target, what: str) -> Problem | None:
    """Return the reason to refuse a write to AWS before it starts; None when writing is allowed."""
    return read_only(what) if target.read_only else None
