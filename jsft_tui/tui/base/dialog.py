"""What all dialogs are: a box over the screen whose title is the question and whose last line has the answers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, NamedTuple, TypeVar

from rich.cells import cell_len
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.events import Resize
from textual.screen import ModalScreen
from textual.timer import Timer

from jsft_tui.core.common.text import clean
from jsft_tui.tui.terminal.latest_size import leave_out_former_size
from jsft_tui.tui.terminal.one_shot import one_shot
from jsft_tui.tui.theme.tokens import BUTTON, Ink
from jsft_tui.tui.widgets.bars.line_bar import LineBar
from jsft_tui.tui.widgets.border_line import BorderLine, Edge
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine, TextPane

R = TypeVar("R")


WIDTH, MOST_WIDTH = 64, 74
"""Cells of the box, and of one with long lines."""
AROUND = 8
"""Cells of the screen beside the box at least."""
BLANK = 1
"""Empty cells at each side of the box, which set it apart from the texts below it."""
BESIDE = 5
"""Cells of the box beside a text: borders, two blanks before it and one after it."""
AIRY = 20
"""Rows of the terminal from which empty lines set the text apart."""
TAKE = "enter"
"""The key that takes what a dialog offers first."""
INPUT_DELAY = 0.4
"""Seconds, from when it is drawn, before a question that comes late is answered while the person types."""
QUIET = 0.5
"""Share of that where no key was pressed since the one that asked: nobody reads and answers faster."""
TOO_EARLY = "That key came too early: press it again"


class Answer(NamedTuple):
    """A key, and what it answers."""

    key: str
    words: str


NOT_NOW = Answer("esc", "Not now")
LEAVE = Answer("esc", "leave")


class DialogEdge(BorderLine):
    """The upper or lower border of a dialog, always lit."""

    @property
    def is_lit(self) -> bool:
        """Whether it is drawn as that of the pane with the focus."""
        return True

    @property
    def line_type(self) -> str:
        """The type of the line."""
        return self.app.theme_variables["raised-border-type"]


class Dialog(ModalScreen[R | None]):
    """A box over the screen. Its answer is None when the person leaves it with escape.

    Class attributes:
        FIRST_IS_BUTTON: whether the first answer has the look of a button.
        IS_CLOSE: whether the text begins right below the title.
        WIDEST: cells of the box with its longest lines.
    """

    FIRST_IS_BUTTON: ClassVar[bool] = True
    IS_CLOSE: ClassVar[bool] = False
    WIDEST: ClassVar[int] = MOST_WIDTH

    # The screen below is not dimmed: that would paint all of it twice.
    DEFAULT_CSS = f"""
    Dialog {{ align: center middle; background: transparent; }}
    Dialog > #box {{
        width: {WIDTH + 2 * BLANK}; height: auto; padding: 0 {BLANK}; background: $background;
    }}
    Dialog > #box > BorderLine {{ color: $focused-border; background: $raised; }}
    Dialog > #box > .dialog--body {{
        height: auto; padding: 1 0 1 1; background: $raised;
        border-left: $raised-border-type $focused-border; border-right: $raised-border-type $focused-border;
    }}
    Dialog > #box.-close > .dialog--body {{ padding: 0 0 1 1; }}
    Dialog > #box.-low > .dialog--body {{ padding: 0 0 0 1; }}
    Dialog LineBar, Dialog TextPane, Dialog VirtualTable {{ background: $raised; }}
    Dialog TextPane {{ height: auto; scrollbar-size-vertical: 0; }}
    Dialog .dialog--keys {{ margin-top: 1; padding: 0 0 0 1; }}
    Dialog .dialog--after {{ height: auto; margin-top: 1; }}
    Dialog #box.-low .dialog--after {{ margin-top: 0; }}
    Dialog Input, Dialog Input:focus {{
        height: 1; border: none; padding: 0 1; margin-right: 1; background: $bar; background-tint: transparent;
    }}
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "leave", "Leave", show=False)]

    def __init__(self, title: str, answers: Sequence[Answer], *, after: Sequence[TextLine] = ()) -> None:
        """Create the dialog; `answers` stand in the last line, `after` below them."""
        super().__init__()
        self._is_answered = self._is_deaf = False
        self._delay = 0.0
        self._deaf_until: Timer | None = None
        self._answers = tuple(answers)
        self._text_width = WIDTH - BESIDE
        self._key_line = LineBar(self._answer_cells(), classes="dialog--keys")
        self._top, self._bottom = DialogEdge(Edge.TOP, (Cell(title, "title"),)), DialogEdge(Edge.BOTTOM)
        self._heading = title
        self._after = tuple(after)

    def compose(self) -> ComposeResult:
        """Compose the box."""
        with Vertical(id="box", classes="-close" if self.IS_CLOSE else ""):
            yield self._top
            with Vertical(classes="dialog--body"):
                yield from self.compose_inside()
                yield self._key_line
                if self._after:
                    yield TextPane(self._after, can_focus=False, classes="dialog--after")
            yield self._bottom

    # What a subclass says

    def compose_inside(self) -> ComposeResult:
        """Compose what is between the title and the answers."""
        raise NotImplementedError

    def content_width(self) -> int:
        """Return the cells of the longest line of text."""
        return 0

    def fit_inside(self, width: int, rows: int) -> None:
        """Fit the content, which has `width` cells of text and `rows` at most."""

    # What it uses

    def show_state(self, text: str) -> None:
        """Say something at the right end of the upper border."""
        self._top.show((Cell(self._heading, "title"),), (Cell(text, "muted"),) if text else ())

    def show_answers(self, *answers: Answer) -> None:
        """Offer other answers from now on."""
        self._answers = answers
        self._show_answers()

    def _answer_cells(self, width: int = MOST_WIDTH) -> tuple[Cell, ...]:
        if self._is_deaf:
            return (Cell("…", "muted"),)
        answers = self._answers
        for gap in ("   ", "  "):
            if _width(apart := self._apart(answers, gap)) <= width:
                return apart
        while len(answers) > 2 and _width(self._apart(answers, "  ")) > width:
            answers = (*answers[:-2], answers[-1])  # how to leave is always said
        return self._apart(answers, "  ")

    def _apart(self, answers: Sequence[Answer], gap: str) -> tuple[Cell, ...]:
        cells: list[Cell] = []
        for number, each in enumerate(answers):
            if not number and self.FIRST_IS_BUTTON:
                cells.append(Cell(f" {each.key}  {each.words} ", BUTTON))
                continue
            cells += [Cell(gap)] if cells else []
            cells += [Cell(each.key, Ink.KEY), Cell(f" {each.words}")]
        return tuple(cells)

    def _show_answers(self) -> None:
        self._key_line.show(self._answer_cells(self._text_width))

    def guard_input(self, share: float = 1.0) -> None:
        """Answer to no key for a moment: the question comes late, maybe while the person types.

        What is typed into a line stays there, and a text scrolls: that is seen, and decides nothing. A key that would
        answer is not lost in silence: the dialog says that it came too early.

        Args:
            share: of `INPUT_DELAY`, which begins when the dialog is drawn.
        """
        self._delay = INPUT_DELAY * share
        self._is_deaf = self._delay > 0
        self._show_answers()
        if self._is_deaf and self.is_mounted:
            self._listen_later()

    def _listen_later(self) -> None:
        def wait() -> None:
            if self._deaf_until is not None:
                self._deaf_until.stop()
            self._deaf_until = one_shot(self, self._delay, self.listen)

        self.call_after_refresh(wait)

    @property
    def border_text(self) -> str:
        """What the lower border says."""
        return self._bottom.text

    def refuse_early_key(self) -> None:
        """Say that the key is to be pressed again, and wait for the end of the typing."""
        self._bottom.show((Cell(TOO_EARLY, Ink.WARN),), ())
        self._delay = INPUT_DELAY
        self._listen_later()

    def on_mount(self) -> None:
        """Begin the moment when the dialog is visible."""
        self.fit()
        if self._is_deaf:
            self._listen_later()

    async def _on_resize(self, event: Resize) -> None:
        """Fit the box: another width wraps its lines in another way."""
        leave_out_former_size(self, event)
        self.fit()

    def fit(self) -> None:
        """Fit the box to the terminal and to what is inside."""
        terminal = self.app.size
        wanted = max(WIDTH, min(self.WIDEST, self.content_width() + BESIDE))
        width = max(20, min(wanted, terminal.width - AROUND))
        box = self.query_one("#box")
        box.styles.width = width + 2 * BLANK
        is_low = terminal.height < AIRY
        box.set_class(is_low, "-low")
        text = self._text_width = width - BESIDE
        self._show_answers()
        after = sum(-(-cell_len(clean(each.text)) // text) or 1 for each in self._after)
        frame = 2 + 2  # borders; the answers, and the empty line before them
        frame += 0 if is_low else 2 - self.IS_CLOSE
        frame += after + (0 if is_low else 1) if after else 0
        self.fit_inside(text, max(1, terminal.height - 2 - frame))

    def listen(self) -> None:
        """Accept answers from now on."""
        self._is_deaf = False
        self._show_answers()

    def action_leave(self) -> None:
        """Leave without an answer."""
        self.answer(None)

    def answer(self, result: R | None) -> None:
        """Answer and go, once: a second answer would take the screen below away. Not before it listens."""
        if self._is_deaf:
            self.refuse_early_key()
        elif not self._is_answered:
            self._is_answered = True
            self.dismiss(result)


def _width(cells: Sequence[Cell]) -> int:
    return sum(cell_len(cell.text) for cell in cells)
