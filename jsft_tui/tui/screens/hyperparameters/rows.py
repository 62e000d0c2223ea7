"""The rows of the Hyperparameters screen: values in groups, with what the default was and what is allowed."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from rich.cells import cell_len

from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import plural
from jsft_tui.core.hyperparameters.advice.groups import ValueGroup
from jsft_tui.core.hyperparameters.form import Form, FormRow, batch_origin
from jsft_tui.core.tuning.choices.form import tried_words
from jsft_tui.tui.theme.glyphs import Glyph, glyph
from jsft_tui.tui.theme.tokens import Ink
from jsft_tui.tui.widgets.table.columns import SIGN, Column
from jsft_tui.tui.widgets.table.rows import Group
from jsft_tui.tui.widgets.text.cell_text import Cell, wrapped

NATURAL_WIDTH = 84
VALUE = "value"
"""The column that is edited."""
OPTIONS_WIDTH = 18
"""Cells of the choices that are named."""
COMPLAINT_WIDTH = 38
"""Cells of a line below the field."""
MOST_COMPLAINT = 3
"""Lines below the field at most."""

EMPTY = "empty"
"""Says that a value is an empty text."""
_NAME, _NAME_MOST = 28, 29
_ALLOWED, _ALLOWED_LEAST = 22, 10
_VALUE_MOST, _RANGE_MOST = 19, 24
_ROOM = 70
"""Cells for columns from which all columns have their full width."""


def columns(rows: Sequence[FormRow], room: int) -> tuple[Column, ...]:
    """Return the columns for so many cells, wide enough for the names."""
    name = max((cell_len(row.name) for row in rows), default=0)
    allowed = _ALLOWED if room >= _ROOM else _ALLOWED_LEAST
    value = _RANGE_MOST if any(row.tried is not None for row in rows) else _VALUE_MOST
    if value == _RANGE_MOST:
        allowed = min(allowed, _ALLOWED_LEAST)
    return (
        SIGN,
        Column("name", "NAME", min_width=max(_NAME, name), max_width=max(_NAME_MOST, name), gap=1),
        Column(VALUE, "VALUE", min_width=16, max_width=value, gap=1, spills=True, pushes=True),
        Column("allowed", "ALLOWED", min_width=allowed, priority=1, gap=1),
    )


@dataclass(frozen=True)
class Editing:
    """The value in the field.

    Attributes:
        name: of the hyperparameter.
        complaint: what is wrong with it; empty if it can be kept.
    """

    name: str
    complaint: str = ""


FOLD = "\0rest"
"""Key of the heading of the rest, where it can be folded; no hyperparameter has this name."""


class Fold(Enum):
    """How the rest is shown in a low terminal: its heading is a row, and says what its key does."""

    CLOSED = "shows them"
    OPEN = "folds them"


@dataclass(frozen=True)
class FieldRows:
    """Hyperparameters as rows of the table, in groups; the one that is edited has what is wrong below it.

    Attributes:
        grouped: the rows.
        shown: the form that they are of.
        editing: the value in the field; None without one.
        search: what the search of the tuned ones is, in words: trials, how many at a time, cost.
        fold: how the rest is shown; None where there is room for it.
        fold_key: shows or folds it.
    """

    grouped: Sequence[tuple[ValueGroup, Sequence[FormRow]]] = ()
    shown: Form = Form(())  # noqa: RUF009  (a frozen value)
    editing: Editing | None = None
    search: str = ""
    fold: Fold | None = None
    fold_key: str = ""

    @property
    def rows(self) -> list[FormRow]:
        """The hyperparameters in the order of the rows, folded ones among them."""
        return [row for _, rows in self.grouped for row in rows]

    @property
    def rest(self) -> Sequence[FormRow]:
        """The rows that can be folded."""
        return next((rows for group, rows in self.grouped if group is ValueGroup.REST), ())

    @property
    def _fold_at(self) -> int | None:
        """The position of the heading that is a row; None without one."""
        return len(self.rows) - len(self.rest) if self.fold is not None and self.rest else None

    @property
    def groups(self) -> Sequence[Group]:
        """The headings."""
        found, start = [], 0
        for group, rows in self.grouped:
            if group is ValueGroup.REST and self._fold_at is not None:
                continue
            more = f"     {self.search}" if group is ValueGroup.TUNED and self.search else ""
            found.append(Group(start, group.value, f"{len(rows)}{more}"))
            start += len(rows)
        return found

    def __len__(self) -> int:
        if self._fold_at is None:
            return len(self.rows)
        return self._fold_at + 1 if self.fold is Fold.CLOSED else len(self.rows) + 1

    def at(self, index: int) -> FormRow | None:
        """Return the hyperparameter of a row; None for the heading of the rest."""
        if self._fold_at is None or index < self._fold_at:
            return self.rows[index]
        return None if index == self._fold_at else self.rows[index - 1]

    def heading(self, index: int) -> Group | None:
        """Return the heading of the rest, if it is this row."""
        if index != self._fold_at or self.fold is None:
            return None
        return Group(index, ValueGroup.REST.value, f"{len(self.rest)}, {self.fold_key} {self.fold.value}")

    def key(self, index: int) -> str:
        """Return the hyperparameter's name."""
        row = self.at(index)
        return FOLD if row is None else row.name

    def cells(self, index: int) -> Sequence[Cell]:
        """Return the cells of the row."""
        row = self.at(index)
        if row is None:
            return ()
        return self._sign(row), Cell(row.name), self._value(row), _allowed(row)

    def height(self, index: int) -> int:
        """Return the number of lines."""
        return 1 + len(self.more(index))

    def more(self, index: int) -> Sequence[Sequence[Cell]]:
        """Return what is wrong with the value in the field."""
        editing = self.editing
        if editing is None or not editing.complaint or self.key(index) != editing.name:
            return ()
        lines = wrapped(editing.complaint, COMPLAINT_WIDTH)[:MOST_COMPLAINT]
        return [(Cell(""), Cell(""), Cell(text, Ink.BAD), Cell("")) for text in lines]

    def _sign(self, row: FormRow) -> Cell:
        editing = self.editing
        is_edited = editing is not None and editing.name == row.name
        if row.errors or (editing is not None and is_edited and editing.complaint):
            return Cell(glyph(Status.FAILED, os.environ), Ink.BAD)
        if row.tried is not None:
            return Cell(Glyph.TUNED, Ink.ACCENT)
        return Cell(glyph(Status.RUNNING, os.environ) if row.differs else "", Ink.ACCENT)

    def _value(self, row: FormRow) -> Cell:
        if row.tried is not None:
            return Cell(tried_words(row.tried), Ink.BAD if row.errors else Ink.STRONG)
        said = (Cell(f" {note}", Ink.MUTED),) if (note := self._note(row)) else ()
        if not row.value and not row.errors:
            return Cell(EMPTY, Ink.MUTED, rest=said)
        return Cell(row.value, Ink.BAD if row.errors else Ink.STRONG if row.differs else "", rest=said)

    def _note(self, row: FormRow) -> str:
        """Return the default where it is another one, or where the batch size comes from."""
        origin = batch_origin(self.shown) if row.hold is not None else ""
        if origin:
            return origin
        return f"was {row.default}" if row.differs and row.is_known else ""


def _allowed(row: FormRow) -> Cell:
    options = row.options
    if not options:
        return Cell(row.declared.allowed, Ink.MUTED)
    return Cell(some_options(options), Ink.MUTED, shorter=Cell(f"{len(options)} choices", Ink.MUTED))


def some_options(options: Sequence[str]) -> str:
    """Return as many choices as there is room for, and how many more there are."""
    options = [option or EMPTY for option in options]
    every = ", ".join(options)
    if cell_len(every) <= OPTIONS_WIDTH:
        return every
    for count in range(len(options) - 1, 0, -1):
        text = f"{', '.join(options[:count])}, + {len(options) - count}"
        if cell_len(text) <= OPTIONS_WIDTH:
            return text
    return f"{len(options)} choices"


def state_cells(shown: Form, *, only_changed: bool, wrong_field: bool) -> list[Cell]:
    """Return how many values there are, how many of them are changed, and how many are wrong."""
    wrong = shown.error_count + wrong_field
    count = len(shown.rows)
    first = f"{shown.tuned_count} tuned" if shown.tuned_count else plural(count, "value")
    words = f"{first}, {shown.changed_count} changed"
    return [
        *([Cell("changed only  ", Ink.ACCENT)] if only_changed else []),
        Cell(words, Ink.MUTED),
        *([Cell(f", {wrong} wrong", Ink.BAD)] if wrong else []),
    ]
