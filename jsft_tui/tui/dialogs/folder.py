"""Choose a folder (or a file) of this machine."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, cast

import humanize
from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Input

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import clean, plural
from jsft_tui.services.storage.local_files import LocalFolder, local_folder
from jsft_tui.tui.base.app_base import BaseApp
from jsft_tui.tui.base.dialog import Dialog
from jsft_tui.tui.widgets.line_bar import LineBar
from jsft_tui.tui.widgets.table.columns import Column
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from jsft_tui.tui.widgets.text.cell_text import Align, Cell

UP = "\0up"
"""The key of the row that leads to the folder above; no file can have this name."""
COLUMNS = (Column("name", "", min_width=20), Column("size", "", width=10, align=Align.RIGHT, priority=1))


@dataclass(frozen=True)
class FolderRows:
    """What is in a folder, below the way up."""

    folder: LocalFolder

    def __len__(self) -> int:
        return len(self.folder.entries) + 1

    def key(self, index: int) -> str:
        """The name."""
        return self.folder.entries[index - 1].name if index else UP

    def cells(self, index: int) -> Sequence[Cell]:
        """Folders end with a slash; files have a size."""
        if not index:
            return (Cell(".."), Cell(""))
        entry = self.folder.entries[index - 1]
        if entry.size is None:
            return (Cell(f"{entry.name}/"), Cell(""))
        return (Cell(entry.name, "quiet"), Cell(humanize.naturalsize(entry.size, binary=True), "quiet"))

    def is_folder(self, key: str) -> bool:
        """Whether the row is a folder."""
        return any(entry.name == key and entry.size is None for entry in self.folder.entries)


class FolderDialog(Dialog[str]):
    """Answers a path, a folder's with a slash at its end. With the cursor on the way up it is the open folder's."""

    DEFAULT_CSS = "FolderDialog VirtualTable { height: 12; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "take", "Take", show=False),
        Binding("backspace,left,h", "up", "Up", show=False),
    ]

    def __init__(self, title: str, start: str) -> None:
        """`start` is the folder to begin with."""
        super().__init__(title, "enter open   space take   backspace up   tab type a path   esc leave")
        self._start = start
        self._table = VirtualTable(COLUMNS)
        self._input = Input(start, select_on_focus=False)
        self._input.cursor_blink = False
        self._note = LineBar()
        self._rows: FolderRows | None = None

    def compose_inside(self) -> ComposeResult:
        """The path, what is there, and what is to be said about it."""
        yield self._input
        yield self._table
        yield self._note

    def on_mount(self) -> None:
        """Look into the first folder."""
        self._table.set_message("Reading …")
        self._table.focus()
        self._look(Path(self._start))

    def _look(self, path: Path, at: str = "", *, is_typed: bool = False) -> None:
        """Show a folder. A typed path that cannot be looked into stays where it is, to be mended."""

        def show(folder: LocalFolder) -> None:
            if not self.is_mounted:
                return
            self._rows = FolderRows(folder)
            self._table.set_source(self._rows)
            if is_typed:
                self._table.focus()
            self._table.cursor = 0
            self._table.move_to_key(at)
            self._input.value = str(folder.path)
            self._input.cursor_position = len(self._input.value)
            more = "" if folder.is_whole else "+"
            self._note.show((Cell(f" {plural(len(folder.entries), 'entry', 'entries')}{more}", "quiet"),))

        def failed(problem: Problem) -> None:
            if self.is_mounted:
                self._note.show((Cell(f" ! {clean(str(problem))}", "warning"),))

        app = cast("BaseApp", self.app)
        app.ask("dialog folder", lambda _: local_folder(path), show, failed)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        path = Path(event.value.strip())
        self._look(path, path.name, is_typed=True)

    @on(VirtualTable.RowSelected)
    def _selected(self, event: VirtualTable.RowSelected) -> None:
        event.stop()
        if event.key == UP:
            self.action_up()
        elif self._rows is not None and self._rows.is_folder(event.key):
            self._look(self._rows.folder.path / event.key)
        else:
            self.action_take()

    def action_up(self) -> None:
        """Look into the folder above."""
        if self._rows is not None:
            self._look(self._rows.folder.path.parent, self._rows.folder.path.name)

    def action_take(self) -> None:
        """Take what the cursor is on, or the folder open."""
        key = self._table.cursor_key
        if self._rows is not None and key is not None:
            path = self._rows.folder.path if key == UP else self._rows.folder.path / key
            slash = "/" if key == UP or self._rows.is_folder(key) else ""
            self.answer(f"{path}{slash}")
