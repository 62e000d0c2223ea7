"""The table of the ways to customize a model, as lines with a cell under the cursor."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jsft_tui.core.catalog.model_name import shortest_model_id
from jsft_tui.core.catalog.technique import Adapter, Technique
from jsft_tui.core.customization.about import ABOUT, FITS_FULL
from jsft_tui.core.customization.matrix import COLUMNS, SCRIPT, Place, Way, WayMatrix
from jsft_tui.tui.theme.glyphs import Glyph
from jsft_tui.tui.theme.tokens import HEAD, Ink
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine, line

CURSOR = "cursor "
"""Begins the names of the styles on the cell under the cursor."""
CHOSEN, OFFERED, NONE = "● chosen", "○", "–"
SCRIPT_WORDS = "JumpStart training job: its own training script, your instance"
ADVICE = 10
"""Cells of what an advice is about."""


@dataclass(frozen=True)
class Columns:
    """Where the cells of a row stand.

    Attributes:
        starts: first cell of each column.
        source: where what the model learns from stands in the row; 0 for a line of its own.
        before: cells between the mark of the cursor and the text.
        last: cells of the last column.
        is_tall: whether each cell has a second line.
        is_short: whether the second line of the technique is in two or three words.
    """

    starts: tuple[int, int, int, int]
    source: int = 0
    before: int = 1
    last: int = 11
    is_tall: bool = False
    is_short: bool = False

    @property
    def is_wide(self) -> bool:
        """Whether there is room for whole names of instance types."""
        return self.is_tall and not self.is_short


WIDE = Columns((22, 34, 46, 59), before=2, is_tall=True)
SHORT = Columns((13, 25, 36, 47), before=1, is_tall=True, is_short=True)
BELOW = Columns((24, 36, 50, 62), source=7, last=12)
NARROW = Columns((7, 19, 31, 44), last=11)
ROOM_WIDE, ROOM_BELOW = 70, 74
"""Cells of text from which on the columns have their full width beside, and above, a detail."""


def columns_for(width: int, *, is_stacked: bool) -> Columns:
    """Return the columns for so many cells of text."""
    if is_stacked:
        return BELOW if width >= ROOM_BELOW else NARROW
    return WIDE if width >= ROOM_WIDE else SHORT


@dataclass(frozen=True)
class Hit:
    """A cell's place among the lines: first and last line, first cell, and the one after the last."""

    way: Way
    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True)
class Drawn:
    """The lines, and where each way stands in them."""

    lines: tuple[TextLine, ...]
    hits: tuple[Hit, ...]

    def hit(self, way: Way) -> Hit | None:
        """Return the place of a way; a script's row has one place for all columns."""
        return next((hit for hit in self.hits if is_same(hit.way, way)), None)

    def at(self, x: int, y: int) -> Way | None:
        """Return the way at a cell."""
        return next((h.way for h in self.hits if h.top <= y <= h.bottom and h.left <= x < h.right), None)


def is_same(one: Way, other: Way) -> bool:
    """Return whether two ways stand in the same cell; the training script has one for all columns."""
    return one == other or (one.technique is None and other.technique is None)


@dataclass(frozen=True)
class Scene:
    """What is drawn.

    Attributes:
        matrix: the ways.
        cursor: the one under the cursor.
        chosen: the run's own.
        columns: where the cells stand.
        enter: the key that chooses.
        explains: whether there is room for what is said around the table.
    """

    matrix: WayMatrix
    cursor: Way
    chosen: Way
    columns: Columns
    enter: str
    explains: bool = True


def draw(scene: Scene) -> Drawn:
    """Return the lines of the table, and what is said around it."""
    lines: list[TextLine] = []
    hits: list[Hit] = []
    if scene.explains:
        name = shortest_model_id(scene.matrix.spec.model_id)
        lines += [line(f"Models › {name} › recipe", Ink.MUTED), line("")]
    if scene.matrix.has_script:
        hits.append(Hit(SCRIPT, len(lines), len(lines), 0, len(SCRIPT_WORDS) + 3))
        lines.append(_script(scene))
        lines += [line("")] if scene.columns.is_tall else []
    lines += _heads(scene.columns)
    for technique in Technique:
        top = len(lines)
        lines += _technique_rows(scene, technique)
        hits += _hits(scene, technique, top, len(lines) - 1)
        lines += [line("")] if scene.columns.is_tall else []
    if scene.explains:
        lines += [*_why(scene), line(""), *_which()]
    return Drawn(tuple(lines), tuple(hits))


def _heads(columns: Columns) -> list[TextLine]:
    places = [(columns.starts[0], Cell("SERVERLESS", HEAD)), (columns.starts[2], Cell("YOUR INSTANCES", HEAD))]
    adapters = [(start, Cell(adapter.value, HEAD)) for start, (_, adapter) in zip(columns.starts, COLUMNS, strict=True)]
    return [_placed(places), _placed(adapters)]


def _technique_rows(scene: Scene, technique: Technique) -> list[TextLine]:
    columns, about = scene.columns, ABOUT[technique]
    first: list[tuple[int, Cell]] = [(0, Cell(technique.value, Ink.STRONG))]
    second: list[tuple[int, Cell]] = [(0, Cell(about.source if columns.is_short else about.learns, Ink.MUTED))]
    if columns.source:
        first.append((columns.source, Cell(about.source, Ink.MUTED)))
    for number, (place, adapter) in enumerate(COLUMNS):
        way = Way(technique, adapter, place)
        texts = _texts(scene, way)
        for row, text in zip((first, second), texts, strict=True):
            row += _cell(scene, number, text, is_cursor=way == scene.cursor)
    return [_placed(first), *([_placed(second)] if columns.is_tall else [])]


def _texts(scene: Scene, way: Way) -> tuple[Cell, Cell]:
    """Return the two lines of a cell."""
    matrix = scene.matrix
    if not matrix.is_offered(way):
        return Cell(NONE, Ink.LINE), Cell("")
    basis = matrix.basis(way)
    if not scene.columns.is_wide:
        basis = basis.replace("xlarge", "xl").removesuffix(" up")
    if way == scene.chosen:
        return Cell(CHOSEN, Ink.ACCENT), Cell(basis, Ink.MUTED)
    if scene.columns.is_tall or way.place is Place.SERVERLESS:
        return Cell(OFFERED, Ink.TEXT), Cell(basis, Ink.MUTED)
    return Cell(OFFERED, Ink.TEXT, rest=(Cell(f" {basis}", Ink.MUTED),)), Cell("")


def _cell(scene: Scene, number: int, text: Cell, *, is_cursor: bool) -> list[tuple[int, Cell]]:
    """Return a line of a cell at its place; under the cursor with its mark, as wide as the column."""
    start, end = _span(scene.columns, number)
    if not is_cursor:
        return [(start, text)]
    before = scene.columns.before
    mark = Cell(f"{Glyph.CURSOR}{' ' * (before - 1)}", CURSOR + Ink.ACCENT)
    pieces = [Cell(each.text, CURSOR + (each.style or Ink.TEXT)) for each in text.pieces]
    used = sum(len(each.text) for each in pieces)
    return [(start - before, Cell(mark.text, mark.style, rest=(*pieces, Cell(" " * (end - start - used), CURSOR))))]


def _span(columns: Columns, number: int) -> tuple[int, int]:
    """Return the cells of a column's texts."""
    start = columns.starts[number]
    is_last = number == len(columns.starts) - 1
    return start, start + columns.last if is_last else columns.starts[number + 1] - columns.before


def _hits(scene: Scene, technique: Technique, top: int, bottom: int) -> list[Hit]:
    found = []
    for number, (place, adapter) in enumerate(COLUMNS):
        start, end = _span(scene.columns, number)
        found.append(Hit(Way(technique, adapter, place), top, bottom, start - scene.columns.before, end))
    return found


def _script(scene: Scene) -> TextLine:
    is_chosen, is_cursor = scene.chosen.technique is None, scene.cursor.technique is None
    prefix = CURSOR if is_cursor else ""
    mark = Cell(Glyph.CURSOR if is_cursor else " ", prefix + Ink.ACCENT)
    sign = Cell(f"{CHOSEN[0] if is_chosen else OFFERED} ", prefix + (Ink.ACCENT if is_chosen else Ink.TEXT))
    return TextLine((mark, sign, Cell(f"{SCRIPT_WORDS} ", prefix + Ink.TEXT)), is_drawing=True)


def _why(scene: Scene) -> list[TextLine]:
    ways = f" ←↓↑→ move, {scene.enter} chooses."
    if scene.matrix.has_script:
        return [line(f"This model has both: its classic training script, and recipes.{ways}", Ink.MUTED)]
    only = "This model has no classic JumpStart training script: it is customized by recipes only."
    return [line(f"{only}{ways}", Ink.MUTED)]


def _which() -> list[TextLine]:
    """Return who should choose what."""
    rows: Sequence[tuple[str, str]] = (
        ("SFT LoRA", ABOUT[Technique.SFT].fits),
        ("DPO LoRA", ABOUT[Technique.DPO].fits),
        ("RLVR", ABOUT[Technique.RLVR].fits),
        (Adapter.FULL.value, FITS_FULL),
    )
    return [
        line("Which one?", Ink.STRONG),
        *(
            TextLine((Cell(f"  {name:{ADVICE - 2}}"), Cell(f"  {words}", Ink.MUTED)), ADVICE + 2)
            for name, words in rows
        ),
    ]


def _placed(parts: Sequence[tuple[int, Cell]]) -> TextLine:
    """Return a line with texts at certain cells."""
    cells: list[Cell] = []
    at = 0
    for start, cell in sorted(parts, key=lambda part: part[0]):
        if start > at:
            cells.append(Cell(" " * (start - at)))
            at = start
        for piece in cell.pieces:
            cells.append(Cell(piece.text, piece.style))
            at += len(piece.text)
    return TextLine(tuple(cells), is_drawing=True)
