"""Saving a text to a file that the person names; asks before it overwrites one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from jsft_tui.core.common.errors import Problem
from jsft_tui.services.background.tasks import Reporter
from jsft_tui.services.settings.text_files import EXISTS, save_parts
from jsft_tui.tui.base.screen import WorkScreen
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.dialogs.prompt import PromptDialog
from jsft_tui.tui.theme.themes import Status
from jsft_tui.tui.widgets.text.text_pane import line


def save_as(screen: WorkScreen, title: str, name: str, text: Callable[[], str | Iterable[str]]) -> None:
    """Ask for a file name, then write the text there.

    Args:
        screen: says what became of it.
        title: of the question.
        name: the name that is offered.
        text: makes the text, whole or in parts; called in a thread.
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

        def call(_: Reporter[Path]) -> Path:
            made = text()
            return save_parts(path, (made,) if isinstance(made, str) else made, overwrite=overwrite)

        screen.ask("save", call, saved, refused)

    def saved(path: Path) -> None:
        screen.say(f"Saved {path}", Status.COMPLETED)

    screen.app.push_screen(PromptDialog(title, name), named)
