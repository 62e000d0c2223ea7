"""The pane in which a model is asked: a field, the answer beside a picture, and the answer as it came."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input

from jsft_tui.core.common.text import clean
from jsft_tui.core.serving.invoke.input_kind import InputKind
from jsft_tui.core.storage.pixels import Pixels
from jsft_tui.tui.screens.ask.lines import HINTS, LABEL, label_of
from jsft_tui.tui.terminal.one_shot import one_shot
from jsft_tui.tui.widgets.bars.line_bar import LineBar
from jsft_tui.tui.widgets.image_view import ImageView
from jsft_tui.tui.widgets.pane import Pane
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine, TextPane

PICTURE_CELLS = 28
"""Cells of the picture beside the answer."""
PICTURE_FROM = 100
"""Cells of the terminal from which a picture has room beside the answer."""
REST = 0.3
"""Seconds without a key after which a path is looked at."""
PARAMETERS = "max_new_tokens=256 temperature=0.2"


class AskForm(Vertical):
    """The field, the parameters of a generation, and the answer."""

    DEFAULT_CSS = f"""
    AskForm {{ height: 1fr; padding: 0 1; }}
    AskForm .ask--field {{ height: 1; }}
    AskForm .ask--field LineBar {{ width: {LABEL + 1}; }}
    AskForm Input, AskForm Input:focus {{
        width: 1fr; height: 1; border: none; padding: 0; background: $bar; background-tint: transparent;
    }}
    AskForm .ask--below {{ height: 1fr; margin-top: 1; }}
    AskForm.-low .ask--below {{ margin-top: 0; }}
    AskForm TextPane {{ width: 1fr; scrollbar-size-vertical: 0; padding: 0; }}
    AskForm ImageView {{ width: {PICTURE_CELLS}; display: none; margin: 0 0 0 1; }}
    AskForm.-picture ImageView {{ display: block; }}
    AskForm .ask--parameters {{ display: none; }}
    AskForm.-parameters .ask--parameters {{ display: block; }}
    """

    @dataclass(eq=False, repr=False)
    class Sent(Message):
        """Posted when something is to be asked."""

        item: str
        parameters: str

    @dataclass(eq=False, repr=False)
    class Typed(Message):
        """Posted when typing has paused."""

        item: str

    def __init__(self) -> None:
        super().__init__()
        self.item, self.parameters = _field(), _field()
        self.parameters.placeholder = PARAMETERS
        self._label = LineBar()
        self.answer = TextPane()
        self.picture = ImageView()
        self._typing: Timer | None = None

    def compose(self) -> ComposeResult:
        """Compose the fields above the answer."""
        with Horizontal(classes="ask--field"):
            yield self._label
            yield self.item
        with Horizontal(classes="ask--field ask--parameters"):
            yield LineBar((Cell("Options", "muted"),))
            yield self.parameters
        with Horizontal(classes="ask--below"):
            yield self.answer
            yield self.picture

    def show_kind(self, kind: InputKind) -> None:
        """Ask for what the model takes."""
        self._label.show((Cell(label_of(kind), "muted"),))
        self.item.placeholder = HINTS[kind]
        self.set_class(kind is InputKind.PROMPT, "-parameters")

    @property
    def has_parameters(self) -> bool:
        """Whether the model takes parameters, in a field below."""
        return self.has_class("-parameters")

    @property
    def room(self) -> tuple[int, int] | None:
        """The size of a picture in pixels at most; None where it has no room."""
        if self.app.size.width < PICTURE_FROM or not self.size.height:
            return None
        return ImageView.room_in(PICTURE_CELLS - 2, max(1, self.size.height - 2))

    def show_picture(self, picture: Pixels | None) -> None:
        """Show a picture beside the answer, or none."""
        self.set_class(picture is not None, "-picture")
        self.picture.show(picture)

    def set_item(self, text: str) -> None:
        """Put a text into the field; that is no typing."""
        with self.prevent(Input.Changed):
            self.item.value = text
            self.item.cursor_position = len(text)

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        if event.input is self.item:
            if self._typing is not None:
                self._typing.stop()
            self._typing = one_shot(self, REST, self._rests)

    def _rests(self) -> None:
        self._typing = None
        self.post_message(self.Typed(clean(self.item.value).strip()))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        item = clean(self.item.value).strip()
        if item:
            self.post_message(self.Sent(item, clean(self.parameters.value).strip()))


def _field() -> Input:
    field = Input(select_on_focus=False, compact=True)
    field.cursor_blink = False
    return field


class TryPane(Pane):
    """The form; or the answer as it came; or what else a screen has for it."""

    def __init__(self, title: str, *others: Widget) -> None:
        """Create the pane; `others` are views of the screen's own, which are not shown at first."""
        self.form, self.raw = AskForm(), TextPane()
        self._views: tuple[Widget, ...] = (self.form, self.raw, *others)
        super().__init__(title, *self._views, classes="try")
        self.show_view(self.form)

    @property
    def view(self) -> Widget:
        """What is shown."""
        return next(each for each in self._views if each.display)

    def show_view(self, view: Widget) -> None:
        """Show one of the views."""
        for each in self._views:
            each.display = each is view

    def next_view(self, step: int = 1) -> Widget:
        """Show the next view, and return it."""
        at = self._views.index(self.view)
        self.show_view(self._views[(at + step) % len(self._views)])
        return self.view

    def show_lines(self, answer: Sequence[TextLine], raw: Sequence[TextLine]) -> None:
        """Show an answer, and the same as it came."""
        self.form.answer.show(answer)
        self.raw.show(raw)
