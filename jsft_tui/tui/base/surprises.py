"""Errors that nobody expected, as problems with a crash report."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from jsft_tui.core.common.errors import Problem, ProblemKind
from jsft_tui.crash import write_crash_report
from jsft_tui.services.background.tasks import Cancelled

if TYPE_CHECKING:
    from collections.abc import Callable

    from jsft_tui.services.background.tasks import Reporter

T = TypeVar("T")
P = TypeVar("P")


def without_surprises(function: Callable[[Reporter[P]], T]) -> Callable[[Reporter[P]], T]:
    """Return the function with every unexpected error as a Problem that names a crash report."""

    def call(reporter: Reporter[P]) -> T:
        try:
            return function(reporter)
        except (Problem, Cancelled):
            raise
        except BaseException as error:
            raise _unexpected(error) from error

    return call


def _unexpected(error: BaseException) -> Problem:
    path = write_crash_report(error)
    message = f"an unexpected error: {type(error).__name__}."
    return Problem("Unexpected", message, f"Details are in {path}.", kind=ProblemKind.UNEXPECTED)
