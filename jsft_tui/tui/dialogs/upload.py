"""The dialog of an upload: where to, then what it sends, then how far it is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import Enum
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.widgets import Input

from jsft_tui.core.common.durations import clock
from jsft_tui.core.common.text import clean
from jsft_tui.services.storage.transfer import TransferProgress, size
from jsft_tui.tui.base.dialog import NOT_NOW, Answer, Dialog
from jsft_tui.tui.dialogs.prompt import Check
from jsft_tui.tui.widgets.bars.line_bar import LineBar
from jsft_tui.tui.widgets.chart.bars import bar
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine, TextPane, fact, line, wrapped_rows

LABEL = 11
"""Cells of a label with the blank after it."""
BAR_CELLS = 30
COMPARES = (Answer("enter", "Compare"), NOT_NOW)
ASKS = (Answer("enter", "Upload"), NOT_NOW)
SENDS = (Answer("x", "cancel: what is there stays"), Answer("esc", "go on behind"))


class Stage(Enum):
    """How far the dialog is."""

    ADDRESS = "address"
    """The destination is typed."""
    COMPARING = "comparing"
    ASKING = "asking"
    """It is known what would be sent."""
    SENDING = "sending"


class UploadDialog(Dialog[bool]):
    """Asks where to, shows what would be sent, then the progress. Its answer is False where the upload is canceled."""

    DEFAULT_CSS = f"""
    UploadDialog .to {{ height: 1; }}
    UploadDialog .to LineBar {{ width: {LABEL}; }}
    UploadDialog .to Input {{ width: 1fr; }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,y", "agree", "Upload", show=False),
        Binding("n", "not_now", "Not now", show=False),
        Binding("x", "cancel_upload", "Cancel", show=False),
    ]

    def __init__(self, source: str, proposal: str, check: Check, compare: Callable[[str], None]) -> None:
        """Create it; `compare` is given the destination once that is valid, and has `show_plan` called."""
        super().__init__("Upload a folder", COMPARES)
        self._check, self._compare = check, compare
        self._send: Callable[[], None] | None = None
        self._stage = Stage.ADDRESS
        self._source = fact("From", source)
        self._plan: tuple[TextLine, ...] = ()
        self._begin_with = proposal
        self._head = TextPane((self._source,), can_focus=False)
        self._input = Input(select_on_focus=False)
        self._input.cursor_blink = False
        self._text = TextPane(can_focus=False)
        self._lines: tuple[TextLine, ...] = ()

    def compose_inside(self) -> ComposeResult:
        """Compose the two places, and below them what is known."""
        yield self._head
        with Horizontal(classes="to"):
            yield LineBar((Cell(" To", "muted"),))
            yield self._input
        yield self._text

    def on_mount(self) -> None:
        """Begin with the destination."""
        self._input.value = self._begin_with
        self._input.cursor_position = len(self._begin_with)
        self._input.focus()
        self._show(self._about())

    def fit_inside(self, width: int, rows: int) -> None:
        """Take the rows of the places, the plan and the progress, as far as there is room."""
        head = len(wrapped_rows(self._source, width))
        self._head.styles.height = head
        wanted = sum(len(wrapped_rows(each, width)) for each in self._lines)
        self._text.styles.height = max(1, min(wanted, rows - head - 1))

    def _show(self, lines: Sequence[TextLine]) -> None:
        self._lines = tuple(lines)
        self._text.show(self._lines)
        self.fit()

    # The destination

    def _about(self, wrong: str | None = None) -> list[TextLine]:
        return [line(f"! {wrong}" if wrong else "", "bad"), line("The files go below this prefix.", "muted")]

    @property
    def _target(self) -> str:
        return clean(self._input.value).strip()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self._stage is Stage.ADDRESS and self.is_mounted:
            is_begun = self._target not in ("", self._begin_with)
            self._show(self._about(self._check(self._target) if is_begun else None))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._stage is not Stage.ADDRESS:
            return
        if (wrong := self._check(self._target)) is not None:
            self._show(self._about(wrong))
            return
        self._stage = Stage.COMPARING
        self._show([TextLine(), line("Comparing with what is there …", "muted")])
        self._compare(self._target)

    def show_wrong(self, text: str) -> None:
        """Say why it could not be compared; another destination can be typed."""
        self._stage = Stage.ADDRESS
        self._show(self._about(text))

    # The plan

    def show_plan(self, plan: Sequence[TextLine], send: Callable[[], None]) -> None:
        """Show what would be sent, and ask; `send` starts the upload once the person has agreed."""
        self._plan, self._send, self._stage = tuple(plan), send, Stage.ASKING
        self._input.disabled = True
        self.guard_input()
        self.show_answers(*ASKS)
        self._show(self._plan)

    def action_agree(self) -> None:
        """Begin to upload, and stay."""
        if self._stage is Stage.ASKING and self._send is not None and not self._is_deaf:
            self._stage = Stage.SENDING
            self.show_answers(*SENDS)
            self._send()

    def action_not_now(self) -> None:
        """Leave, unless it uploads already."""
        if self._stage is Stage.ASKING:
            self.answer(None)

    # The progress

    def show_progress(self, progress: TransferProgress) -> None:
        """Show how far the upload is."""
        if self.is_mounted:
            self._show((*self._plan, TextLine(), progress_line(progress)))

    def action_cancel_upload(self) -> None:
        """Cancel the upload."""
        if self._stage is Stage.SENDING:
            self.answer(False)


def progress_line(progress: TransferProgress) -> TextLine:
    """Return a bar, the percentage, the rate and the time that is left."""
    share = progress.done / max(1, progress.total)
    cells = [*bar(share, BAR_CELLS), Cell(f"  {int(100 * share)} %")]
    if progress.seconds and progress.done:
        rate = progress.done / progress.seconds
        left = (progress.total - progress.done) / rate
        cells.append(Cell(f"  {size(int(rate))}/s  {clock(left)} left", "muted"))
    return TextLine(tuple(cells), is_drawing=True)
