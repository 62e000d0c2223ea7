"""A part of a screen with a title line that shows where the focus is."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from jsft_tui.tui.widgets.line_bar import LineBar
from jsft_tui.tui.widgets.text.cell_text import Cell


class Pane(Vertical):
    """A title line and what is below it."""

    DEFAULT_CSS = """
    Pane { height: 1fr; width: 1fr; }
    Pane > .pane--title { color: $foreground-darken-2; }
    Pane:focus-within > .pane--title { color: $primary; text-style: bold; }
    """

    def __init__(
        self,
        title: str,
        *children: Widget,
        id: str | None = None,  # noqa: A002  (Textual's name)
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._title = LineBar((Cell(f"─ {title} "),), fill="─", classes="pane--title")
        self._inner = children

    @property
    def title(self) -> str:
        """The title line's text."""
        return self._title.text

    def compose(self) -> ComposeResult:
        """The title and the rest."""
        yield self._title
        yield from self._inner

    def set_title(self, title: str, right: Sequence[Cell] = ()) -> None:
        """Another title, and what stands at the right of its line."""
        self._title.show((Cell(f"─ {title} "),), (Cell(" "), *right, Cell(" ─")) if right else ())
