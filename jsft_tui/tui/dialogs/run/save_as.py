"""Save a text to a file that the user names, with confirmation before overwriting."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.status import Status
from jsft_tui.services.settings.text_files import EXISTS, save_parts
from jsft_tui.tui.base.screens.work_screen import WorkScreen
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.dialogs.prompt import PromptDialog
from jsft_tui.tui.widgets.text.text_pane import line


async def save_as(screen: WorkScreen, title: str, name: str, text: Callable[[], str | Iterable[str]]) -> None:
    """Ask for a file name, then write the text there; from a flow of the screen.

    Args:
        screen: shows the dialogs and the result.
        title: of the dialog.
        name: the suggested file name.
        text: returns the text, whole or in parts; called in a thread.

    Raises:
        Problem: the file cannot be written.
    """
    answer = await screen.open_dialog(PromptDialog(title, name, label="save"))
    if not answer:
        return
    path = Path(answer)

    def write(*, overwrite: bool) -> None:
        made = text()
        save_parts(path, (made,) if isinstance(made, str) else made, overwrite=overwrite)

    try:
        await screen.call(lambda: write(overwrite=False))
    except Problem as problem:
        if problem.code != EXISTS:
            raise
        question = ConfirmDialog("Overwrite?", [line(f"{path} exists already.")], label="overwrite")
        if not await screen.open_dialog(question):
            return
        await screen.call(lambda: write(overwrite=True))
    screen.say(f"Saved {path}", Status.COMPLETED)
