"""What the row under the cursor means: sections one below the other, or in two columns, and the main action below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from rich.segment import Segment
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import Row, TextLine, TextPane, wrapped_rows

if TYPE_CHECKING:
    from textual import events

TWO_COLUMNS = 90
"""Cells of a detail from which on its sections stand in two columns."""
COLUMN_GAP = 4
AROUND_TEXT = 4
"""Cells of a pane beside its text: borders, and a blank at each side."""
WIDEST = 100
"""Cells: no text runs wider."""


class Shape(Enum):
    """The room that a detail has."""

    LINE = "line"
    """One line: the verdict."""
    BELOW = "below"
    """A few wide rows below the list."""
    BESIDE = "beside"
    """A column beside the list."""
    WHOLE = "whole"
    """The whole screen."""


class Side(Enum):
    """The column of a section where there are two."""

    MEANING = "meaning"
    PREVIEW = "preview"


class Section(NamedTuple):
    """Lines that belong together; an empty line stands between two sections."""

    lines: tuple[TextLine, ...]
    side: Side = Side.MEANING


class Button(NamedTuple):
    """The one main action: its key, what it does, and Textual's action string for a click.

    Attributes:
        is_ready: whether it can be pressed; else the verb says what is missing, in a sentence without the look of one.
        is_always_shown: whether it stands below a list, too.
    """

    key: str
    verb: str
    action: str
    is_ready: bool = True
    is_always_shown: bool = False

    @property
    def text(self) -> str:
        """The button as a text."""
        return f" {self.key}  {self.verb} " if self.is_ready else f"{self.key}  {self.verb}"

    @property
    def style(self) -> str:
        """The style of its text."""
        return "button" if self.is_ready else "muted"


@dataclass(frozen=True)
class Detail:
    """All that is told about a row.

    Attributes:
        title: of the pane.
        sections: the verdict first, then what it means, facts, history.
        state: in the pane's upper border, at the right.
        button: the main action; it stands in the last row where there is room for it.
    """

    title: str = ""
    sections: Sequence[Section] = ()
    state: Sequence[Cell] = ()
    button: Button | None = None


def section(*lines: TextLine, side: Side = Side.MEANING) -> Section:
    """Return a section of these lines."""
    return Section(tuple(lines), side)


class DetailView(TextPane):
    """Sections of text and a button. What does not fit is counted: the pane around it says how much."""

    DEFAULT_CSS = "DetailView { scrollbar-size-vertical: 0; padding: 0 1; }"

    @dataclass(eq=False, repr=False)
    class MoreChanged(Message):
        """Posted when the number of rows below the view has changed."""

        view: DetailView
        rows: int

        @property
        def control(self) -> DetailView:
            """The view."""
            return self.view

    @dataclass(eq=False, repr=False)
    class Pressed(Message):
        """Posted when the button is clicked."""

        view: DetailView
        button: Button

        @property
        def control(self) -> DetailView:
            """The view."""
            return self.view

    def __init__(self) -> None:
        super().__init__()
        self._detail = Detail()
        self._shape = Shape.BESIDE
        self._more = 0

    @property
    def text(self) -> str:
        """The text displayed, unwrapped."""
        return "\n".join(each.text for part in self._detail.sections for each in part.lines)

    @property
    def more(self) -> int:
        """The number of rows below the view."""
        return self._more

    def show_detail(self, detail: Detail, shape: Shape) -> None:
        """Display this; scrolled to its first row if it is about something else."""
        if (detail, shape) == (self._detail, self._shape):
            return
        is_other = detail.title != self._detail.title
        self._detail, self._shape = detail, shape
        self._wrap()
        if is_other:
            self.action_scroll_to_row(0)
        self._count_more()

    def rows_needed(self, width: int) -> int:
        """Return the rows that the sections take in `width` cells of this view."""
        return len(self.laid_out(max(1, width - 2))) + (2 if self._button is not None else 0)

    def laid_out(self, width: int) -> list[Row]:
        """Return the rows of the text in `width` cells, the button apart."""
        sections = self._detail.sections
        left = [part for part in sections if part.side is Side.MEANING]
        right = [part for part in sections if part.side is Side.PREVIEW]
        if width < TWO_COLUMNS - 2 or not left or not right:
            return self._column(sections, min(width, WIDEST))
        column = (width - COLUMN_GAP) // 2
        return _beside(self._column(left, column), self._column(right, column), column + COLUMN_GAP)

    def _column(self, sections: Sequence[Section], width: int) -> list[Row]:
        rows: list[Row] = []
        is_close = self._shape in (Shape.LINE, Shape.BELOW)
        for part in sections:
            if rows and not is_close:
                rows.append([])
            rows += [row for each in part.lines for row in wrapped_rows(each, width)]
        return rows

    @property
    def _button(self) -> Button | None:
        button = self._detail.button
        if button is None or self._shape in (Shape.BESIDE, Shape.WHOLE):
            return button
        return button if button.is_always_shown and self._shape is Shape.BELOW else None

    def _wrap(self) -> None:
        super()._wrap()
        if self._button is not None:  # the last row is the button's, so the text scrolls by one row more
            self.virtual_size = Size(0, len(self._rows) + 2)
        self._count_more()

    def _count_more(self) -> None:
        height = self.scrollable_content_region.height - (2 if self._button is not None else 0)
        more = max(0, len(self._rows) - self.scroll_offset.y - max(0, height)) if height > 0 else 0
        if more != self._more:
            self._more = more
            self.post_message(self.MoreChanged(self, more))

    def action_scroll_to_row(self, row: int) -> None:
        """Scroll so that a row is at the top, as far as the text is long enough."""
        last = max(0, self.virtual_size.height - self.scrollable_content_region.height)
        self.scroll_to(y=max(0, min(row, last)), animate=False, force=True)

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Count what is below the view."""
        super().watch_scroll_y(old_value, new_value)
        self._count_more()

    def on_click(self, event: events.Click) -> None:
        """Press the button."""
        button, offset = self._button, event.get_content_offset(self)
        if button is not None and offset is not None and offset.y == self.scrollable_content_region.height - 1:
            self.post_message(self.Pressed(self, button))

    def render_line(self, y: int) -> Strip:
        """Render one row of the view; the last one is the button's."""
        height, width, base = self.scrollable_content_region.height, self.text_width, self.rich_style
        if self._button is None or height < 3 or y < height - 2:
            return super().render_line(y)
        if y == height - 2:
            return Strip.blank(width, base)
        text = Segment(self._button.text, base + self._style(self._button.style))
        return Strip([text]).adjust_cell_length(width, base)


def column_width(pane: int) -> int:
    """Return the cells of a line of text in a pane of so many cells, in two columns where there is room for them."""
    text = pane - AROUND_TEXT
    return min(WIDEST, text) if text < TWO_COLUMNS - 2 else (text - COLUMN_GAP) // 2


def _beside(left: list[Row], right: list[Row], at: int) -> list[Row]:
    """Return the rows of two columns, the second one beginning at a cell."""
    rows: list[Row] = []
    for number in range(max(len(left), len(right))):
        row = left[number] if number < len(left) else []
        other = right[number] if number < len(right) else []
        rows.append([*row, *([(" ", "")] * (at - len(row))), *other] if other else row)
    return rows
