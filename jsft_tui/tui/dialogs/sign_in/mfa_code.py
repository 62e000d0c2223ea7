"""Ask for an MFA code: a service call in a thread waits for the answer."""

from __future__ import annotations

import queue

from textual.app import App

from jsft_tui.core.account.sign_in import CodeRequest, check_code
from jsft_tui.core.common.text import clean
from jsft_tui.tui.dialogs.prompt import PromptDialog

TITLE = "MFA code"


class CodeAsker:
    """Asks for MFA codes on the screen that is shown, above any other dialog: calls of all screens wait for it."""

    def __init__(self, app: App[None]) -> None:
        self._app = app

    def __call__(self, request: CodeRequest) -> str | None:
        """Return the code; None if the dialog was left. Called in a thread."""
        answers: queue.SimpleQueue[str | None] = queue.SimpleQueue()

        def show() -> None:
            dialog = PromptDialog(TITLE, check=check_code, about=_about(request))
            dialog.guard_input()  # it comes of an answer: a key that is typed for something else is not for it
            self._app.push_screen(dialog, answers.put)

        if not self._app.call_later(show):
            return None  # the app is ending
        return answers.get()


def _about(request: CodeRequest) -> str:
    repeated = "The code before was not accepted; each is valid once. " if request.is_repeated else ""
    profile = f"The profile {clean(request.profile)}" if request.profile else "The default profile"
    return f"{repeated}{profile} wants a code of {clean(request.device)}."
