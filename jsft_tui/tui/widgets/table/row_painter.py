"""Rows and headings of a table as strips in the styles of the theme."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip
from textual.widget import Widget

from jsft_tui.core.common.text import clean
from jsft_tui.tui.theme.glyphs import Glyph
from jsft_tui.tui.theme.styles import ink_style, selected_style
from jsft_tui.tui.theme.tokens import Ink
from jsft_tui.tui.widgets.table.cell_layout import Fitted, fit_row, marked
from jsft_tui.tui.widgets.table.columns import Placed, head_of
from jsft_tui.tui.widgets.table.line_layout import RowLine
from jsft_tui.tui.widgets.table.rows import Group, HeadingRows, RowSource, cells_of_line
from jsft_tui.tui.widgets.text.cell_text import Cell, Piece, cut, fitted, wrapped

GUTTER = 1
"""Cells before the first column, which show the mark of the cursor row."""
MARGIN = 1
"""Empty cells after the last column."""
_BOLD = Style(bold=True)


class RowPainter:
    """Paints for a table, which has the component classes `virtual-table--*`."""

    def __init__(self, table: Widget, is_lit: Callable[[], bool]) -> None:
        """Paint for a table; `is_lit` says whether its cursor row is the one that keys are for."""
        self._table, self._is_lit = table, is_lit
        self.words: re.Pattern[str] | None = None
        """Letters to draw in the accent color."""
        self._theme = ""
        self._styles: dict[tuple[Style, bool], dict[str, Style]] = {}
        """Styles by name in this theme, by the style that they stand on."""

    def row_line(
        self, source: RowSource, line: RowLine, placed: Sequence[Placed], width: int, *, is_cursor: bool
    ) -> Strip:
        """Paint a line of a row of the source."""
        heading = source.heading(line.row) if isinstance(source, HeadingRows) else None
        if heading is not None:
            return self.heading(heading, width, is_cursor=is_cursor)
        cells = cells_of_line(source, line.row, line.line)
        return self.row(placed, cells, width, is_cursor=is_cursor, is_first=line.line == 0)

    def row(
        self, placed: Sequence[Placed], cells: Sequence[Cell], width: int, *, is_cursor: bool, is_first: bool
    ) -> Strip:
        """Paint a line of a row; the first one has the name."""
        base, styled = self._cursor_inks() if is_cursor else self._inks()
        segments = [self._gutter(base, styled, is_cursor=is_cursor)]
        name = next((each.column for each in placed if each.width > 1), None)
        for cell in fit_row(placed, cells):
            is_name = is_cursor and is_first and cell.column is name
            for text, style in self._marked(cell):
                segments.append(Segment(text, styled(style) + _BOLD if is_name else styled(style)))
        return Strip(Segment.simplify(segments)).adjust_cell_length(width, base)

    def header(self, placed: Sequence[Placed], width: int) -> Strip:
        """Paint the heads of the columns."""
        return self._line("".join(map(head_of, placed)), "virtual-table--header", width)

    def message(self, message: str, line: int, width: int) -> Strip:
        """Paint a line of the text that is shown in place of rows."""
        lines = wrapped(clean(message), max(1, width - GUTTER - MARGIN))
        if line >= len(lines):
            return Strip.blank(width, self._table.rich_style)
        return self._line(lines[line], "virtual-table--message", width)

    def heading(self, group: Group, width: int, *, is_cursor: bool = False) -> Strip:
        """Paint the heading of a group."""
        base, styled = self._cursor_inks() if is_cursor else self._inks()
        room = width - GUTTER - MARGIN
        title = cut(clean(group.title), room)
        segments = [self._gutter(base, styled, is_cursor=is_cursor), Segment(title, styled(Ink.STRONG))]
        if group.note:
            note = cut(f" · {clean(group.note)}", room - segments[1].cell_length)
            segments.append(Segment(note, styled(Ink.MUTED)))
        return Strip(segments).adjust_cell_length(width, base)

    def tail(self, cells: Sequence[Cell], width: int) -> Strip:
        """Paint a line after all rows."""
        base, styled = self._inks()
        room = width - GUTTER
        segments = [Segment(" " * GUTTER, base)]
        for text, style in ((piece.text, piece.style) for cell in cells for piece in cell.pieces):
            shown = cut(clean(text), room)
            segments.append(Segment(shown, styled(style)))
            room -= segments[-1].cell_length
        return Strip(segments).adjust_cell_length(width, base)

    def _gutter(self, base: Style, styled: Callable[[str], Style], *, is_cursor: bool) -> Segment:
        """Return the mark of the cursor row, or what stands there in other rows."""
        if not is_cursor:
            return Segment(" " * GUTTER, base)
        return Segment(Glyph.CURSOR, styled(Ink.ACCENT if self._is_lit() else Ink.MUTED))

    def _line(self, text: str, component: str, width: int) -> Strip:
        style = self._table.rich_style + self._table.get_component_rich_style(component, partial=True)
        return Strip([Segment(fitted(" " * GUTTER + text, width), style)], width)

    def _marked(self, cell: Fitted) -> Iterable[Piece]:
        words = self.words
        if words is None:
            return cell.pieces
        return (part for piece in cell.pieces for part in marked(piece, words, Ink.ACCENT))

    def _inks(self) -> tuple[Style, Callable[[str], Style]]:
        return self._remembered(self._table.rich_style, ink_style)

    def _cursor_inks(self) -> tuple[Style, Callable[[str], Style]]:
        table = self._table
        # Not by `:focus`, which a table keeps while a dialog stands on its screen.
        is_lit = self._is_lit()
        component = "virtual-table--cursor" if is_lit else "virtual-table--cursor-blurred"
        base = table.rich_style + table.get_component_rich_style(component, partial=True)
        return self._remembered(base, selected_style if is_lit else ink_style)

    def _remembered(
        self, base: Style, style_of: Callable[[Mapping[str, str], str], Style]
    ) -> tuple[Style, Callable[[str], Style]]:
        """Return a style and those of inks on it; the latter are made once, as each cell of the screen needs one."""
        app = self._table.app
        if app.theme != self._theme:
            self._theme = app.theme
            self._styles.clear()
        known = self._styles.setdefault((base, style_of is selected_style), {"": base})

        def style(name: str) -> Style:
            if name not in known:
                known[name] = base + style_of(app.theme_variables, name)
            return known[name]

        return base, style
