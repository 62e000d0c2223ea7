"""A dialog to choose a local folder or file."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, cast

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import clean, plural, short_size
from jsft_tui.core.storage.left_out import is_utf8, shown_name
from jsft_tui.services.storage.local_files import LocalFolder, local_folder
from jsft_tui.tui.base.app_base import BaseApp
from jsft_tui.tui.base.dialog import LEAVE, Answer, Dialog
from jsft_tui.tui.widgets.bars.line_bar import LineBar
from jsft_tui.tui.widgets.table.columns import Column
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from jsft_tui.tui.widgets.text.cell_text import Align, Cell

UP = "\0up"
"""Key of the row for the parent folder; no file can have this name."""
COLUMNS = (Column("name", "", min_width=20), Column("size", "", width=10, align=Align.RIGHT, priority=1))


@dataclass(frozen=True)
class FolderRows:
    """The entries of a folder, after a row for the parent folder."""

    folder: LocalFolder

    def __len__(self) -> int:
        return len(self.folder.entries) + 1

    def key(self, index: int) -> str:
        """Return the name."""
        return self.folder.entries[index - 1].name if index else UP

    def cells(self, index: int) -> Sequence[Cell]:
        """Return the cells: folders end with a slash, files have a size."""
        if not index:
            return (Cell(".."), Cell(""))
        entry = self.folder.entries[index - 1]
        if entry.size is None:
            return (Cell(f"{shown_name(entry.name)}/"), Cell(""))
        return (Cell(shown_name(entry.name), "muted"), Cell(short_size(entry.size), "muted"))

    def is_folder(self, key: str) -> bool:
        """Return whether the row is a folder."""
        return any(entry.name == key and entry.size is None for entry in self.folder.entries)


class FolderDialog(Dialog[str]):
    """Returns a path, which ends with a slash for a folder; on the parent row, the path of the open folder."""

    FIRST_IS_BUTTON = False
    DEFAULT_CSS = "FolderDialog VirtualTable { margin-top: 1; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "take", "Take", show=False),
        Binding("backspace,left,h", "up", "Up", show=False),
    ]

    def __init__(self, title: str, start: str) -> None:
        """Create the dialog; `start` is the first folder to open."""
        answers = (
            Answer("enter", "open"),
            Answer("space", "take"),
            Answer("bksp", "up"),
            Answer("tab", "type a path"),
            LEAVE,
        )
        super().__init__(title, answers)
        self._start = start
        self._table = VirtualTable(COLUMNS)
        self._input = Input(start, select_on_focus=False)
        self._input.cursor_blink = False
        self._note = LineBar()
        self._rows: FolderRows | None = None

    def compose_inside(self) -> ComposeResult:
        """Compose the path, the entries and a note."""
        yield self._input
        yield self._table
        yield self._note

    def fit_inside(self, width: int, rows: int) -> None:
        """Take some rows, as far as there is room beside the path and the note."""
        del width
        self._table.styles.height = max(1, min(12, rows - 5))

    def on_mount(self) -> None:
        """Open the first folder."""
        self._table.set_message("Reading …")
        self._table.focus()
        self._open_folder(Path(self._start))

    def _open_folder(self, path: Path, at: str = "", *, is_typed: bool = False) -> None:
        """Open a folder. A typed path that cannot be opened stays in the input to be corrected."""

        def show(folder: LocalFolder) -> None:
            if not self.is_mounted:
                return
            self._rows = FolderRows(folder)
            self._table.set_source(self._rows)
            if is_typed:
                self._table.focus()
            self._table.cursor = 0
            self._table.move_to_key(at)
            path = str(folder.path)
            self._input.value = path if is_utf8(path) else shown_name(path)
            self._input.cursor_position = len(self._input.value)
            more = "" if folder.is_complete else "+"
            self._note.show((Cell(f" {plural(len(folder.entries), 'entry', 'entries')}{more}", "muted"),))

        def failed(problem: Problem) -> None:
            if self.is_mounted:
                self._note.show((Cell(f" ! {clean(str(problem))}", "bad"),))

        app = cast("BaseApp", self.app)

        async def read() -> None:
            try:
                folder = await app.call(lambda: local_folder(path))
            except Problem as problem:
                failed(problem)
            else:
                show(folder)

        app.start("dialog folder", read)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        path = Path(event.value.strip())
        self._open_folder(path, path.name, is_typed=True)

    @on(VirtualTable.RowSelected)
    def _selected(self, event: VirtualTable.RowSelected) -> None:
        event.stop()
        if event.key == UP:
            self.action_up()
        elif self._rows is not None and self._rows.is_folder(event.key):
            self._open_folder(self._rows.folder.path / event.key)
        else:
            self.action_take()

    def action_up(self) -> None:
        """Open the parent folder."""
        if self._rows is not None:
            self._open_folder(self._rows.folder.path.parent, self._rows.folder.path.name)

    def action_take(self) -> None:
        """Take the entry under the cursor, or the open folder."""
        key = self._table.cursor_key
        if self._rows is not None and key is not None:
            path = self._rows.folder.path if key == UP else self._rows.folder.path / key
            slash = "/" if key == UP or self._rows.is_folder(key) else ""
            self.answer(f"{path}{slash}")
