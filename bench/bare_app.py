"""The least that a full-screen program of Textual shows: what the start of jsft is measured against."""

from __future__ import annotations

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import Footer, Header, OptionList

FIRST_OPTION = "option-0"


class BareApp(App[None]):
    """A header, a list and a footer."""

    BINDINGS: ClassVar[list[BindingType]] = [("q", "quit", "Quit")]

    def compose(self) -> ComposeResult:
        """The three."""
        yield Header()
        yield OptionList(*[f"option-{number}" for number in range(100)])
        yield Footer()


if __name__ == "__main__":
    BareApp().run()
