"""Sign in with IAM Identity Center: the code, its address, and the wait."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType

from jsft_tui.core.account.sign_in import DeviceCode
from jsft_tui.core.common.errors import Problem
from jsft_tui.services.target.sso import sign_in_with_sso
from jsft_tui.tui.base.app_base import BaseApp
from jsft_tui.tui.base.dialog import NOT_NOW, Answer, Dialog
from jsft_tui.tui.widgets.text.text_pane import TextPane, line

ANSWERS = (Answer("y", "copy the address"), NOT_NOW)
ROWS = 7


class SignInDialog(Dialog[bool]):
    """Shows the code and waits; returns True when the sign-in is confirmed."""

    DEFAULT_CSS = f"SignInDialog TextPane {{ height: {ROWS}; }}"
    BINDINGS: ClassVar[list[BindingType]] = [Binding("y", "copy", "Copy the address", show=False)]

    def __init__(self, profile: str) -> None:
        super().__init__(f"Sign in as {profile}", ANSWERS)
        self._profile = profile
        self._text = TextPane([line("Asking IAM Identity Center for a code …", "muted")], can_focus=False)
        self._code: DeviceCode | None = None

    def compose_inside(self) -> ComposeResult:
        """Compose the text."""
        yield self._text

    def on_mount(self) -> None:
        """Ask for a code, and wait until it is confirmed. Leaving the dialog ends the wait."""
        self.run_worker(self._wait(), group="sso")

    async def _wait(self) -> None:
        app = self.app
        assert isinstance(app, BaseApp)
        try:
            await app.call_with_progress(lambda reporter: sign_in_with_sso(self._profile, reporter), self._show)
        except Problem as problem:
            self._text.show([line(f"! {problem}", "warn", 2)])
        else:
            self.answer(True)

    def _show(self, code: DeviceCode) -> None:
        self._code = code
        self._text.show(
            [
                line("Open this address in a browser, on any machine:"),
                line(f"  {code.address}", "accent", 2),
                line(""),
                line("and confirm this code:"),
                line(f"  {code.code}", "strong", 2),
                line(""),
                line("Waiting for it …", "muted"),
            ]
        )

    def action_copy(self) -> None:
        """Send the address with the code in it to the clipboard."""
        if self._code is not None:
            self.app.copy_to_clipboard(self._code.url)
            self.show_state("sent to the clipboard")
