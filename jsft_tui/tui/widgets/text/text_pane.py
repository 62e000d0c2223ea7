"""Styled text, wrapped and scrollable. Markup, links and control characters in it have no effect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import ClassVar, NamedTuple

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual.binding import Binding, BindingType
from textual.geometry import Size
from textual.scroll_view import ScrollView
from textual.strip import Strip

from jsft_tui.core.common.text import clean
from jsft_tui.tui.terminal.drawing.frame_buffer import cells_of
from jsft_tui.tui.theme.styles import ink_style
from jsft_tui.tui.widgets.painted_lines import PaintedLines
from jsft_tui.tui.widgets.text.cell_text import ELLIPSIS, Cell


class TextLine(NamedTuple):
    """A line; its continuation rows are indented by `indent` cells. A drawing is cut instead of wrapped."""

    cells: tuple[Cell, ...] = ()
    indent: int = 0
    is_drawing: bool = False

    @property
    def text(self) -> str:
        """The line without styles."""
        return "".join(cell.text for cell in self.cells)

    @property
    def width(self) -> int:
        """The cells that it takes in one row."""
        return cell_len(clean(self.text))


def line(text: str, style: str = "", indent: int = 0) -> TextLine:
    """Return a line of one style."""
    return TextLine((Cell(text, style),), indent)


def fact(label: str, text: str, style: str = "", width: int = 10) -> TextLine:
    """Return a line of a label and its value."""
    return TextLine((Cell(label.ljust(width) + " ", "muted"), Cell(text, style)), width + 1)


TIMES, EQUALS = "×", "="
"""Signs that stay with what follows, the first one with what is before it, too."""
PARTS_END = frozenset("-/_.,")
"""Characters that end a part of an ID, a path or a key, after which a long word is broken."""

Row = list[tuple[str, str]]
"""Cells of one row: (cell, style name); the second cell of a wide character is empty."""


class TextPane(PaintedLines, ScrollView, can_focus=True):
    """Read-only text."""

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
        self._rows: list[Row] = []

    @property
    def text(self) -> str:
        """The text displayed, unwrapped."""
        return "\n".join(line.text for line in self._lines)

    @property
    def text_width(self) -> int:
        """Cells available for a row of text."""
        return self.scrollable_content_region.width

    def show(self, lines: Iterable[TextLine]) -> None:
        """Display these lines, wrapped again if they have changed."""
        found = tuple(lines)
        if found != self._lines:
            self._lines = found
            self._wrap()
            if self.styles.height is not None and self.styles.height.is_auto:
                self.refresh(layout=True)

    def show_from_top(self, lines: Iterable[TextLine]) -> None:
        """Display these lines and scroll to the first."""
        self.show(lines)
        self.action_scroll_to_row(0)

    def action_scroll_rows(self, rows: int) -> None:
        """Scroll by rows."""
        self.action_scroll_to_row(self.scroll_offset.y + rows)

    def action_scroll_pages(self, pages: float) -> None:
        """Scroll by pages or fractions of one."""
        self.action_scroll_rows(int(pages * self.scrollable_content_region.height) or (1 if pages > 0 else -1))

    def action_scroll_to_row(self, row: int) -> None:
        """Scroll so that a row is at the top, as far as the text is long enough."""
        last = max(0, len(self._rows) - self.scrollable_content_region.height)
        self.scroll_to(y=max(0, min(row, last)), animate=False, force=True)

    def on_resize(self) -> None:
        """Wrap to the new width."""
        self._wrap()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """Return the rows of the text in a width, which it may not have been wrapped to yet."""
        del container, viewport
        return len(self.laid_out(max(1, width)))

    def watch_show_vertical_scrollbar(self) -> None:
        """Wrap to the width that the scroll bar leaves."""
        self._wrap()

    def render_line(self, y: int) -> Strip:
        """Render one row of the view."""
        width, base = self.text_width, self.rich_style
        row = self.scroll_offset.y + y
        if row >= len(self._rows):
            return Strip.blank(width, base)
        segments = []
        for cell, name in self._rows[row]:
            segments.append(Segment(cell, base + self._style(name)))
        return Strip(Segment.simplify(segments)).adjust_cell_length(width, base)

    def laid_out(self, width: int) -> list[Row]:
        """Return the rows of the text in `width` cells."""
        return [row for text_line in self._lines for row in wrapped_rows(text_line, width)]

    def _style(self, name: str) -> Style:
        return ink_style(self.app.theme_variables, name)

    def _wrap(self) -> None:
        width = self.text_width
        if width <= 0:
            return
        self._rows = self.laid_out(width)
        size = Size(0, len(self._rows))
        if self.styles.auto_dimensions and size != self.virtual_size:
            # A pane as high as its text got its width with the layout that is under way: it needs one more.
            self.call_after_refresh(self.refresh, layout=True)
        self.virtual_size = size
        self.refresh()


def wrapped_rows(text_line: TextLine, width: int) -> list[Row]:
    """Wrap a line to rows of at most `width` cells, between words where possible."""
    cells: Row = [(cell, part.style) for part in text_line.cells for cell in cells_of(clean(part.text))]
    if text_line.is_drawing:
        return [cells if len(cells) <= width else [*cells[: width - 1], (ELLIPSIS, cells[width - 1][1])]]
    # Leave at least two cells beside the indent, for a wide character.
    indent = min(text_line.indent, width // 2) if width >= 4 else 0
    rows: list[Row] = []
    while True:
        margin: Row = [(" ", "")] * (indent if rows else 0)
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
    """Return where to break a row: after a word, else after a part of a name, else anywhere."""
    blanks = [end for end in range(room, least, -1) if cells[end][0] == " "]
    if blanks:
        return next((end for end in blanks if not _is_within(cells, end)), blanks[0])
    for end in range(room, least + 1, -1):
        if cells[end - 1][0] in PARTS_END and cells[end][0] not in PARTS_END:
            return end
    return room - 1 if cells[room][0] == "" and room > 1 else room


def _is_within(cells: Sequence[tuple[str, str]], blank: int) -> bool:
    """Return whether a blank is within what is read as one: `4 × T4`, `= 128`."""
    before, after = cells[blank - 1][0] if blank else "", cells[blank + 1][0] if blank + 1 < len(cells) else ""
    return before in (TIMES, EQUALS) or after == TIMES
