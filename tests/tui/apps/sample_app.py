"""A small program for the display's tests: `python -m tests.tui.apps.sample_app thrift|plain`."""

from __future__ import annotations

import sys
from typing import Any, ClassVar

from rich.text import Text
from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.screen import ModalScreen, Screen
from textual.widgets import DataTable, Footer, Input, Label, OptionList, Static, TabbedContent, TabPane

from jsft_tui.tui.terminal.drawing.display import DiffRenderMixin
from jsft_tui.tui.terminal.guard import RestoreTerminalMixin

WORDS = (
    "roses",
    "日本語のバケット",
    "flowers/데이터",
    "tulips 🌷 x",
    "café/naïve",
    "مرحبا/עברית",
    "e\u0301a\u0308 marks",
)
ROWS = [f"{WORDS[index % len(WORDS)]} number {index}" + " wide 漢字" * (index % 5) for index in range(300)]


class Question(ModalScreen[None]):
    """A box over the screen."""

    CSS = "Question { align: center middle; } Question > Static { width: 31; height: 5; border: round red; }"
    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss", "Close")]

    def compose(self) -> ComposeResult:
        yield Static(Content("漢字漢字漢字漢字漢字 over the list"))


class Other(Screen[None]):
    """Another screen."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape", "dismiss", "Back")]

    def compose(self) -> ComposeResult:
        yield Static(Content("another screen\n" + "漢字 " * 60))
        yield Footer()


class Sample(App[None]):
    """Plain Textual."""

    CSS = """
    OptionList { width: 1fr; height: 1fr; } DataTable { width: 37; height: 1fr; }
    .ragged { width: 1fr; } TabbedContent { height: 12; }
    """
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = [
        ("m", "ask", "Modal"),
        ("o", "other", "Other"),
        ("1", "tab('one')", "One"),
        ("2", "tab('two')", "Two"),
        ("x", "crash", "Crash"),
        ("s", "shift", "Shift"),
        ("ctrl+l", "redraw", "Redraw"),
        ("ctrl+z", "suspend_process", "Suspend"),
        ("q", "quit", "Quit"),
        Binding("ctrl+e", "hostile", "Hostile"),
    ]

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.animation_level = "none"

    def compose(self) -> ComposeResult:
        yield Label("count 0", id="count", markup=False)
        with Horizontal():
            yield OptionList(*(Content(row) for row in ROWS))
            yield DataTable(cursor_type="row")
        with TabbedContent(initial="one"):
            with TabPane(Content("One"), id="one"):
                yield Static(Content("一" * 200))
            with TabPane(Content("Two"), id="two"):
                yield Input(placeholder="text")
                yield Static("", id="hostile", markup=False)
        yield Footer()

    def on_mount(self) -> None:
        table = self.query_one(DataTable)
        table.add_columns("key", "size")
        for index, row in enumerate(ROWS):
            table.add_row(Text(row[:14]), Text(str(index * 7919)))
        self.query_one(Input).cursor_blink = False
        self.query_one(OptionList).focus()

    def action_ask(self) -> None:
        self.push_screen(Question())

    def action_other(self) -> None:
        self.push_screen(Other())

    def action_tab(self, name: str) -> None:
        self.query_one(TabbedContent).active = name

    def action_shift(self) -> None:
        """Change the layout by one column, so that wide characters are cut elsewhere."""
        table = self.query_one(DataTable)
        table.styles.width = table.size.width - 1
        self.query_one("#count", Label).update(Content(f"width {table.size.width - 1} 漢字"))

    def action_crash(self) -> None:
        secret = "local-variable-value"
        raise ValueError(f"a crash of {len(secret)}")

    def action_hostile(self) -> None:
        hostile = "\x1b]52;c;aGVsbG8=\x07 \x1b[2J \x9b31m \x1b]8;;http://evil\x1b\\here\x1b]8;;\x1b\\ \ud800 \u202etxt"
        self.query_one("#hostile", Static).update(Content(hostile))
        self.query_one("#count", Label).update(Text("link", style="link http://evil"))


class ThriftSample(RestoreTerminalMixin, DiffRenderMixin, Sample):
    """The same through the display."""


def main(kind: str) -> int:
    app = ThriftSample() if kind == "thrift" else Sample()
    app.run(mouse=False)
    return app.return_code or 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
