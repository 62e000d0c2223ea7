"""The widget of the table: a cursor that goes from cell to cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from rich.style import Style
from textual import events
from textual.binding import Binding, BindingType
from textual.message import Message

from jsft_tui.core.customization.matrix import Way
from jsft_tui.tui.screens.customize.drawing import CURSOR, Drawn, is_same
from jsft_tui.tui.theme.styles import ink_style, selected_style
from jsft_tui.tui.theme.tokens import Ink
from jsft_tui.tui.widgets.text.text_pane import TextPane


class WayTable(TextPane, inherit_bindings=False):
    """Shows the ways; says where the cursor is to go, and that the way under it is chosen."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"way-table--cursor"}
    DEFAULT_CSS = """
    WayTable { scrollbar-size-vertical: 0; }
    WayTable > .way-table--cursor {
        color: $block-cursor-blurred-foreground; background: $block-cursor-blurred-background;
        text-style: $block-cursor-blurred-text-style;
    }
    WayTable:focus > .way-table--cursor {
        color: $block-cursor-foreground; background: $block-cursor-background;
        text-style: $block-cursor-text-style;
    }
    WayTable:focus:nocolor > .way-table--cursor { text-style: reverse; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left,h", "move(-1, 0)", "Left", show=False),
        Binding("right,l", "move(1, 0)", "Right", show=False),
        Binding("up,k", "move(0, -1)", "Up", show=False),
        Binding("down,j", "move(0, 1)", "Down", show=False),
        Binding("enter", "choose", "Choose", show=False),
    ]

    @dataclass(eq=False, repr=False)
    class Moved(Message):
        """Posted when the cursor is to go so many columns and rows on, or to a way that was clicked."""

        table: WayTable
        across: int = 0
        down: int = 0
        way: Way | None = None

        @property
        def control(self) -> WayTable:
            """The table."""
            return self.table

    @dataclass(eq=False, repr=False)
    class Chosen(Message):
        """Posted when the way under the cursor is chosen."""

        table: WayTable

        @property
        def control(self) -> WayTable:
            """The table."""
            return self.table

    def __init__(self) -> None:
        super().__init__()
        self._drawn = Drawn((), ())
        self._cursor = Way(None)

    def show_ways(self, drawn: Drawn, cursor: Way) -> None:
        """Display the table, and scroll to the cell under the cursor."""
        self._drawn, self._cursor = drawn, cursor
        self.show(drawn.lines)
        hit = drawn.hit(cursor)
        height = self.scrollable_content_region.height
        if hit is not None and height > 0:
            top = self.scroll_offset.y
            if hit.top < top or hit.top < height:
                self.action_scroll_to_row(0 if hit.bottom < height else hit.top)
            elif hit.bottom >= top + height:
                self.action_scroll_to_row(hit.bottom - height + 1)

    def action_move(self, across: int, down: int) -> None:
        """Ask for the cursor to be moved."""
        self.post_message(self.Moved(self, across, down))

    def action_choose(self) -> None:
        """Choose the way under the cursor."""
        self.post_message(self.Chosen(self))

    def on_click(self, event: events.Click) -> None:
        """Go to the cell that is clicked; a click on the one under the cursor chooses it."""
        offset = event.get_content_offset(self)
        way = self._drawn.at(offset.x, offset.y + self.scroll_offset.y) if offset is not None else None
        if way is None:
            return
        if is_same(way, self._cursor):
            self.action_choose()
        else:
            self.post_message(self.Moved(self, way=way))

    def _style(self, name: str) -> Style:
        if not name.startswith(CURSOR):
            return super()._style(name)
        is_lit = self.has_focus and self.screen.is_active
        base = self.get_component_rich_style("way-table--cursor", partial=True)
        style_of = selected_style if is_lit else ink_style
        return base + style_of(self.app.theme_variables, name.removeprefix(CURSOR) or Ink.TEXT)
