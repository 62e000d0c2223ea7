"""Questions at the prompt, which ctrl+c (or the end of the input) answers, too: with no."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from jsft_tui.core.common.errors import Problem, ProblemKind


def agrees(question: str, refused: str) -> bool:
    """Ask yes or no; no is the default.

    Args:
        question: what is asked.
        refused: what has not been done when nobody answers: `Nothing was launched.`

    Raises:
        Problem: it was interrupted (code `Interrupted`).
    """
    with _interrupted_says(refused):
        return click.confirm(question, default=False, err=True)


def answer(question: str, refused: str) -> str:
    """Ask for a word; empty when only enter was pressed. Arguments and problems are those of `agrees`."""
    with _interrupted_says(refused):
        return str(click.prompt(question, default="", show_default=False, err=True))


@contextmanager
def _interrupted_says(refused: str) -> Iterator[None]:
    try:
        yield
    except click.Abort:
        click.echo(err=True)  # the terminal's `^C` stands behind the question
        raise Problem("Interrupted", "interrupted.", refused, kind=ProblemKind.INTERRUPTED) from None
