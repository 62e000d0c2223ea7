"""Some lines of styled text, wrapped and scrolled; nothing in them is taken as markup, link or control character."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from jsft_tui.core.common.text import clean
from jsft_tui.tui.terminal.frame_buffer import cells_of
from jsft_tui.tui.theme.styles import status_style
from jsft_tui.tui.widgets.text.cell_text import Cell


@dataclass(frozen=True)
class TextLine:
    """A line; what does not fit goes on below, `indent` cells further right."""

    cells: tuple[Cell, ...] = ()
    indent: int = 0

    @property
    def text(self) -> str:
        """The line without styles."""
        return "".join(cell.text for cell in self.cells)


def line(text: str, style: str = "", indent: int = 0) -> TextLine:
    """A line of one style."""
    return TextLine((Cell(text, style),), indent)


def fact(label: str, text: str, style: str = "", width: int = 10) -> TextLine:
    """A label and what it stands for."""
    return TextLine((Cell(label.ljust(width) + " ", "quiet"), Cell(text, style)), width + 1)


PARTS_END = frozenset("-/_.,")
"""What ends a part of an id, a path or a key."""

_Row = list[tuple[str, str]]
"""Cells of one row: (cell, style name); the second cell of a wide character is empty."""


class TextPane(ScrollView, can_focus=True):
    """Text to read."""

    DEFAULT_CSS = """
    TextPane {
        height: 1fr; overflow-x: hidden; overflow-y: auto; scrollbar-size-vertical: 1;
        color: $foreground; background: $background; padding: 0 1;
    }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down,j", "scroll_rows(1)", "Down", show=False),
        Binding("up,k", "scroll_rows(-1)", "Up", show=False),
        Binding("pagedown,space", "scroll_pages(1)", "Page down", show=False),
        Binding("pageup", "scroll_pages(-1)", "Page up", show=False),
        Binding("ctrl+d", "scroll_pages(0.5)", "Half a page down", show=False),
        Binding("ctrl+u", "scroll_pages(-0.5)", "Half a page up", show=False),
        Binding("home,g", "scroll_to_row(0)", "First", show=False),
        Binding("end,G", "scroll_to_row(1000000000)", "Last", show=False),
    ]

    def __init__(
        self,
        lines: Iterable[TextLine] = (),
        *,
        can_focus: bool = True,
        id: str | None = None,  # noqa: A002  (Textual's name)
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self.can_focus = can_focus
        self._lines = tuple(lines)
        self._rows: list[_Row] = []

    @property
    def text(self) -> str:
        """What it shows, unwrapped."""
        return "\n".join(line.text for line in self._lines)

    @property
    def text_width(self) -> int:
        """Cells that a row of text may have."""
        return self.scrollable_content_region.width

    def show(self, lines: Iterable[TextLine]) -> None:
        """Show these lines, from the first on when they are others than before."""
        found = tuple(lines)
        if found != self._lines:
            self._lines = found
            self._wrap()

    def show_from_top(self, lines: Iterable[TextLine]) -> None:
        """Show these lines and scroll to the first."""
        self.show(lines)
        self.action_scroll_to_row(0)

    def action_scroll_rows(self, rows: int) -> None:
        """Scroll by rows."""
        self.action_scroll_to_row(self.scroll_offset.y + rows)

    def action_scroll_pages(self, pages: float) -> None:
        """Scroll by pages or parts of one."""
        self.action_scroll_rows(int(pages * self.scrollable_content_region.height) or (1 if pages > 0 else -1))

    def action_scroll_to_row(self, row: int) -> None:
        """Scroll so that a row is the first, as far as there are that many."""
        last = max(0, len(self._rows) - self.scrollable_content_region.height)
        self.scroll_to(y=max(0, min(row, last)), animate=False, force=True)

    def on_resize(self) -> None:
        """Wrap for the new width."""
        self._wrap()

    def watch_show_vertical_scrollbar(self) -> None:
        """Wrap for what the scroll bar leaves."""
        self._wrap()

    def render_line(self, y: int) -> Strip:
        """One row of the screen."""
        width, base = self.text_width, self.rich_style
        row = self.scroll_offset.y + y
        if row >= len(self._rows):
            return Strip.blank(width, base)
        segments = []
        for cell, name in self._rows[row]:
            segments.append(Segment(cell, base + self._style(name)))
        return Strip(Segment.simplify(segments)).adjust_cell_length(width, base)

    def _style(self, name: str) -> Style:
        return status_style(self.app.theme_variables, name)

    def _wrap(self) -> None:
        width = self.text_width
        if width <= 0:
            return
        self._rows = [row for text_line in self._lines for row in wrapped_rows(text_line, width)]
        self.virtual_size = Size(0, len(self._rows))
        self.refresh()


def wrapped_rows(text_line: TextLine, width: int) -> list[_Row]:
    """A line as rows of at most `width` cells, broken between words where there are any."""
    cells: _Row = [(cell, part.style) for part in text_line.cells for cell in cells_of(clean(part.text))]
    # A wide character needs two cells beside the margin.
    indent = min(text_line.indent, width // 2) if width >= 4 else 0
    rows: list[_Row] = []
    while True:
        margin: _Row = [(" ", "")] * (indent if rows else 0)
        room = max(1, width - len(margin))
        if len(cells) <= room:
            rows.append(margin + cells)
            return rows
        end = _break(cells, room, max(0, text_line.indent if not rows else 0))
        rows.append(margin + cells[:end])
        cells = cells[end:]
        while cells and cells[0][0] == " ":
            cells = cells[1:]


def _break(cells: Sequence[tuple[str, str]], room: int, least: int) -> int:
    """Where to break cells so that the first part fits: after a word, else after a part of a name, else anywhere."""
    for end in range(room, least, -1):
        if cells[end][0] == " ":
            return end
    for end in range(room, least + 1, -1):
        if cells[end - 1][0] in PARTS_END and cells[end][0] not in PARTS_END:
            return end
    return room - 1 if cells[room][0] == "" and room > 1 else room
