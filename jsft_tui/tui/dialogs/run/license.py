"""A dialog with a model's license, to read and to accept."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import ClassVar

from textual.binding import Binding, BindingType

from jsft_tui.tui.base.dialog import NOT_NOW, Answer
from jsft_tui.tui.dialogs.text import TextDialog
from jsft_tui.tui.widgets.text.text_pane import TextLine, line


class LicenseAnswer(Enum):
    """What is to be done with the license."""

    ACCEPT = "accept"
    SAVE = "save"


class LicenseDialog(TextDialog[LicenseAnswer]):
    """Returns whether it is accepted, or to be saved to a file first."""

    FIRST_IS_BUTTON = False
    IS_CLOSE = True
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "accept", "Accept", show=False),
        Binding("w", "save", "Save", show=False),
        Binding("y", "copy_address", "Copy", show=False),
    ]

    def __init__(self, model: str, lines: Sequence[TextLine], address: str) -> None:
        """Create the dialog for a model's license, which lies at an address."""
        answers = (
            Answer("a", "Accept for this model"),
            Answer("w", "save it"),
            Answer("y", "copy its address"),
            NOT_NOW,
        )
        kept = line("Kept in the run file as accept_eula: true.", "muted")
        super().__init__(f"License of {model}", lines, answers, after=[kept])
        self._address = address

    def content_width(self) -> int:
        """Take the width of a text that is read."""
        return 69

    def action_accept(self) -> None:
        """Accept it."""
        self.answer(LicenseAnswer.ACCEPT)

    def action_save(self) -> None:
        """Save it to a file."""
        self.answer(LicenseAnswer.SAVE)

    def action_copy_address(self) -> None:
        """Send its address to the clipboard."""
        self.app.copy_to_clipboard(self._address)
        self.show_state("its address is copied")
