"""Questions at the prompt. Ctrl+C and the end of the input count as no."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from jsft_tui.core.common.errors import Problem, ProblemKind


def confirm(question: str, refused: str) -> bool:
    """Ask yes or no; no is the default.

    Args:
        question: the question.
        refused: what was not done when nobody answers: `Nothing was launched.`

    Raises:
        Problem: it was interrupted (code `Interrupted`).
    """
    with _report_interrupt(refused):
        return click.confirm(question, default=False, err=True)


def prompt(question: str, refused: str) -> str:
    """Ask for a word; empty when only enter was pressed. Arguments and problems are those of `confirm`."""
    with _report_interrupt(refused):
        return str(click.prompt(question, default="", show_default=False, err=True))


@contextmanager
def _report_interrupt(refused: str) -> Iterator[None]:
    try:
        yield
    except click.Abort:
        click.echo(err=True)  # the terminal has echoed `^C` after the question
        raise Problem("Interrupted", "interrupted.", refused, kind=ProblemKind.INTERRUPTED) from None
