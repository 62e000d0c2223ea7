"""Remedies as a screen says them: where the command line names a command, the screen where the same is done."""

from __future__ import annotations

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.tui.keymap.action import ScreenId

_SCREENS = {
    RemedyCommand.MODELS: ScreenId.MODELS,
    RemedyCommand.SEARCH: ScreenId.MODELS,
    RemedyCommand.RUNNABLE: ScreenId.MODELS,
    RemedyCommand.MODEL: ScreenId.MODELS,
    RemedyCommand.HYPERPARAMETERS: ScreenId.HYPERPARAMETERS,
    RemedyCommand.INSTANCES: ScreenId.INSTANCE,
    RemedyCommand.INSTANCES_OF: ScreenId.INSTANCE,
    RemedyCommand.BUCKETS: ScreenId.DATA,
    RemedyCommand.LIST: ScreenId.DATA,
    RemedyCommand.LINT: ScreenId.DATA,
    RemedyCommand.JOBS: ScreenId.JOBS,
    RemedyCommand.JOB: ScreenId.JOBS,
    RemedyCommand.LOGS: ScreenId.JOBS,
    RemedyCommand.CLONE: ScreenId.JOBS,
}
_WORDS = {
    RemedyCommand.SHELL: "{0} in another terminal",
    RemedyCommand.SIGN_IN: "aws sso login in another terminal",
    RemedyCommand.SIGN_IN_OR_SANDBOX: "aws sso login in another terminal",
}
"""What is done outside the program. The other ways need no word here: what is to be done is asked for on the spot."""


def remedy_text(remedy: str) -> str:
    """Return a remedy as a sentence for a screen."""
    if not isinstance(remedy, Remedy):
        return remedy
    screen = _SCREENS.get(remedy.command)
    where = f"{screen.title} screen" if screen else _WORDS.get(remedy.command, "").format(*remedy.arguments)
    return f"{remedy.what} ({where})." if where else f"{remedy.what}."


def on_screen(problem: Problem) -> Problem:
    """Return a problem with its remedy as a screen says it."""
    if not isinstance(problem.remedy, Remedy):
        return problem
    remedy, kind, fixes = remedy_text(problem.remedy), problem.kind, problem.fixes
    return Problem(problem.code, problem.message, remedy, kind=kind, retryable=problem.retryable, fixes=fixes)
