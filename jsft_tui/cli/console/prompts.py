"""Questions at the prompt. Ctrl+C and the end of the input count as no."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from jsft_tui.cli.console.output import say
from jsft_tui.cli.console.streams import is_terminal
from jsft_tui.core.account.sign_in import CodeRequest, check_code, no_terminal_for_code
from jsft_tui.core.common.errors import Problem, ProblemKind, usage
from jsft_tui.core.common.text import clean, dollars
from jsft_tui.core.run.confirmation import Confirmation


def require_person(*, as_json: bool) -> None:
    """Refuse to go on where nobody can be asked.

    Args:
        as_json: whether a program reads what is printed.

    Raises:
        Problem: nobody can be asked (code `NotConfirmed`).
    """
    if as_json or not is_terminal(sys.stdin):
        raise usage("NotConfirmed", "confirmation required, but stdin is not interactive.", "Add --yes.")


def confirm(question: str, refused: str) -> bool:
    """Ask yes or no; no is the default.

    Args:
        question: the question.
        refused: what was not done when nobody answers: `Nothing was launched.`

    Raises:
        Problem: it was interrupted (code `Interrupted`).
    """
    with _report_interrupt(refused):
        return click.confirm(clean(question), default=False, err=True)


def prompt(question: str, refused: str) -> str:
    """Ask for a word; empty when only enter was pressed. Arguments and problems are those of `confirm`."""
    with _report_interrupt(refused):
        return str(click.prompt(clean(question), default="", show_default=False, err=True))


def confirm_cost(asked: Confirmation, threshold: float, verb: str, refused: str) -> bool:
    """Ask for a yes, or above a threshold for the whole dollars.

    Args:
        asked: what is required.
        threshold: USD above which the amount must be typed.
        verb: what is done: `launch`.
        refused: what was not done when nobody answers.

    Raises:
        Problem: it was interrupted (code `Interrupted`).
    """
    if not asked.is_typed:
        return confirm(f"{verb.capitalize()}?", refused)
    question = f"That is over {dollars(threshold)}. Type the whole dollars ({asked.whole_dollars}) to {verb}"
    return asked.accepts(prompt(question, refused))


def ask_code(request: CodeRequest) -> str | None:
    """Ask for an MFA code on the terminal, until it looks like one.

    Raises:
        Problem: nobody can be asked (code `SignInFailed`), or it was interrupted (code `Interrupted`).
    """
    if not is_terminal(sys.stdin):
        return no_terminal_for_code(request)
    if request.is_repeated:
        say("This code was not accepted; each is valid once.")
    with _report_interrupt("Nobody was signed in."):
        while True:
            code = str(
                click.prompt(f"Enter MFA code for {clean(request.device)}", default="", show_default=False, err=True)
            )
            wrong = check_code(code.strip()) if code.strip() else None
            if wrong is None:
                return code.strip() or None
            say(wrong)


@contextmanager
def _report_interrupt(refused: str) -> Iterator[None]:
    try:
        yield
    except click.Abort:
        say()  # the terminal has echoed `^C` after the question
        raise Problem("Interrupted", "interrupted.", refused, kind=ProblemKind.INTERRUPTED) from None
