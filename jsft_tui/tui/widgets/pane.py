"""A part of a screen: a box with texts in its four corners, lit when the focus is within."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widget import Widget

from jsft_tui.tui.widgets.border_line import TITLE, BorderLine, Edge
from jsft_tui.tui.widgets.text.cell_text import Cell


class Pane(Vertical):
    """A box: title and state in its upper border, a message and the place in the lower one."""

    DEFAULT_CSS = """
    Pane { height: 1fr; width: 1fr; }
    Pane > .pane--body {
        height: 1fr; border-left: round $line; border-right: round $line;
    }
    Pane > .pane--body.-lower { height: 41%; }
    Pane:focus-within > .pane--body {
        border-left: $focused-border-type $focused-border; border-right: $focused-border-type $focused-border;
    }
    """

    def __init__(
        self,
        title: str,
        *children: Widget,
        id: str | None = None,  # noqa: A002  (Textual's name)
        classes: str | None = None,
    ) -> None:
        super().__init__(id=id, classes=classes)
        self._title: tuple[Cell, ...] = (Cell(title, TITLE),)
        self._state: tuple[Cell, ...] = ()
        self._message: tuple[Cell, ...] = ()
        self._place: tuple[Cell, ...] = ()
        self._top = BorderLine(Edge.TOP, self._title)
        self._bottom = BorderLine(Edge.BOTTOM)
        self._inner = children
        self._divider = BorderLine(Edge.DIVIDER)
        self._lower: tuple[Widget, ...] = ()
        self._lower_body: Vertical | None = None

    def on_descendant_focus(self) -> None:
        """Draw the borders lit: where there are no colors only their glyphs change."""
        self._draw_borders()

    def on_descendant_blur(self) -> None:
        """Draw the borders as those of the other panes."""
        self._draw_borders()

    def _draw_borders(self) -> None:
        for border in (self._top, self._divider, self._bottom):
            border.refresh()

    @property
    def title(self) -> str:
        """The texts of the upper border."""
        return self._top.text

    @property
    def foot(self) -> str:
        """The texts of the lower border."""
        return self._bottom.text

    def compose(self) -> ComposeResult:
        """Compose the borders and the widgets between them."""
        yield self._top
        with Vertical(classes="pane--body"):
            yield from self._inner
        if self._lower_body is not None:
            yield self._divider
            with self._lower_body:
                yield from self._lower
        yield self._bottom

    def add_lower(self, *children: Widget) -> None:
        """Have a second part below a divider, which is not displayed yet; before the pane is composed."""
        self._lower, self._lower_body = children, Vertical(classes="pane--body -lower")
        self._lower_body.display = self._divider.display = False

    def show_lower(self, *, is_shown: bool) -> None:
        """Display the second part, or not."""
        if self._lower_body is not None:
            self._lower_body.display = self._divider.display = is_shown

    def set_lower_title(self, title: str, state: Sequence[Cell] = ()) -> None:
        """Set the texts of the divider above the second part."""
        self._divider.show((Cell(title, TITLE),), tuple(state))

    @property
    def lower_title(self) -> str:
        """The texts of the divider."""
        return self._divider.text

    def set_title(self, title: str, right: Sequence[Cell] = (), style: str = TITLE) -> None:
        """Set the title, and the state at the right end of its border; a title that is a verdict has its ink."""
        self._title, self._state = (Cell(title, style),), tuple(right)
        self._top.show(self._title, self._state)

    def set_state(self, state: Sequence[Cell]) -> None:
        """Set the text at the right end of the upper border: counts, facets, a verdict."""
        self._state = tuple(state)
        self._top.show(self._title, self._state)

    def set_message(self, message: Sequence[Cell]) -> None:
        """Set the text at the left end of the lower border: the last message, or how fresh the content is."""
        self._message = tuple(message)
        self._bottom.show(self._message, self._place)

    def set_place(self, place: Sequence[Cell]) -> None:
        """Set the text at the right end of the lower border: `3 of 73`, `▾ 12 more`."""
        self._place = tuple(place)
        self._bottom.show(self._message, self._place)

    def stand_below(self) -> None:
        """Share the upper border with the box above, which has no lower one."""
        self._top.set_edge(Edge.DIVIDER)

    def stand_alone(self) -> None:
        """Have all four sides."""
        self._top.set_edge(Edge.TOP)
        self._bottom.display = True

    def stand_above(self) -> None:
        """Leave the lower border to the box below."""
        self._bottom.display = False
