"""Saving a text to a file that the person names; asks before it overwrites one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from jsft_tui.core.errors import Problem
from jsft_tui.services.text_files import EXISTS, save_text
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.dialogs.prompt import PromptDialog
from jsft_tui.tui.screens.work_screen import WorkScreen
from jsft_tui.tui.theme import Sign
from jsft_tui.tui.widgets.text_pane import line


def save_as(screen: WorkScreen, title: str, name: str, text: Callable[[], str]) -> None:
    """Ask for a file name, then write the text there.

    Args:
        screen: says what became of it.
        title: of the question.
        name: the name that is offered.
        text: makes the text; called in a thread.
    """

    def named(answer: str | None) -> None:
        if answer:
            write(Path(answer), overwrite=False)

    def write(path: Path, *, overwrite: bool) -> None:
        def refused(problem: Problem) -> None:
            if problem.code != EXISTS:
                screen.say_problem(problem)
                return
            question = ConfirmDialog("Overwrite?", [line(f"{path} exists already.")], label="overwrite")
            screen.ask_person(question, lambda agreed: write(path, overwrite=True) if agreed else None)

        screen.ask("save", lambda _: save_text(path, text(), overwrite=overwrite), saved, refused)

    def saved(path: Path) -> None:
        screen.say(f"Saved {path}", Sign.COMPLETED)

    screen.app.push_screen(PromptDialog(title, name), named)
