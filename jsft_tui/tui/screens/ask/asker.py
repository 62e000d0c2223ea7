"""Asks models for a screen: finds out what they take, sends, keeps what was asked, shows pictures before that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.status import Status
from jsft_tui.core.serving.invoke.input_kind import InputKind
from jsft_tui.services.session.asking import AskedModel, Attempt, small_copy
from jsft_tui.tui.base.screens.work_screen import WorkScreen
from jsft_tui.tui.screens.ask.lines import answer_lines, before_lines, raw_lines
from jsft_tui.tui.screens.ask.pane import TryPane
from jsft_tui.tui.theme.tokens import Ink
from jsft_tui.tui.widgets.text.cell_text import Cell
from jsft_tui.tui.widgets.text.text_pane import TextLine, line

Find = Callable[[], AskedModel]
"""Returns what can be asked; called in a thread."""


@dataclass
class _Known:
    """What is known of one model: why it cannot be asked, or what it takes; what stands in the field."""

    find: Find
    model: AskedModel | None = None
    problem: Problem | None = None
    item: str = ""
    is_asked: bool = False
    failed: Problem | None = None
    """Why the last question was not answered."""


def _asking(name: str) -> str:
    """Return the group of the flow that asks a model: it goes on while another one is asked."""
    return f"ask {name}"


class Asker:
    """The models that one pane can ask, one of them at a time."""

    def __init__(self, screen: WorkScreen, pane: TryPane) -> None:
        self._screen, self._pane = screen, pane
        self._known: dict[str, _Known] = {}
        self._name = ""
        self.changed: Callable[[], None] = lambda: None
        """Called when the state in the pane's border has changed."""

    def forget(self) -> None:
        """Another target."""
        self._screen.cancel("find model", *map(_asking, self._known), "picture")
        self._known.clear()
        self._name = ""

    @property
    def name(self) -> str:
        """The model that is asked; empty: none."""
        return self._name

    @property
    def attempts(self) -> list[Attempt]:
        """What it was asked, the newest last."""
        return self._screen.session.attempts.get(self._name, []) if self._name else []

    @property
    def state_cells(self) -> tuple[Cell, ...]:
        """Return the content type that it takes, or that it is being asked."""
        known = self._known.get(self._name)
        if known is None or known.model is None:
            return ()
        return (Cell("asking …" if known.is_asked else known.model.content_type, Ink.MUTED),)

    def show(self, name: str, find: Find) -> None:
        """Have a model asked from now on; what it takes is found out once, and again after a problem."""
        form = self._pane.form
        if name != self._name:
            self._keep_item()
            self._name = name
            known = self._known.setdefault(name, _Known(find))
            form.set_item(known.item)
            form.show_picture(None)
        known = self._known[name]
        known.find = find
        if known.model is None and not self._screen.is_running_flow("find model"):
            self._screen.start("find model", partial(self._find, name, find))
        self.draw()

    def show_none(self, lines: list[TextLine]) -> None:
        """There is nothing to ask; `lines` say why."""
        self._keep_item()
        self._name = ""
        self._pane.form.show_picture(None)
        self._pane.show_lines(lines, lines)
        self.changed()

    def _keep_item(self) -> None:
        """Keep what is typed for the model that was shown."""
        if self._name in self._known:
            self._known[self._name].item = self._pane.form.item.value

    async def _find(self, name: str, find: Find) -> None:
        try:
            found = await self._screen.call(find)
        except Problem as problem:
            if name in self._known:
                self._known[name].problem = problem
        else:
            if name in self._known:
                known = self._known[name]
                known.model, known.problem = found, None
                if found.example and not known.item and name == self._name and not self._pane.form.item.value:
                    self._pane.form.set_item(found.example)
        if name == self._name:
            self.draw()
        elif self._name and self._known[self._name].model is None:
            self._screen.start("find model", partial(self._find, self._name, self._known[self._name].find))

    # Asking

    def ask(self, item: str, parameters: str) -> None:
        """Ask the model; each model one question at a time."""
        known = self._known.get(self._name)
        if known is None or known.model is None:
            self._screen.say("This cannot be asked now.", Status.WARNING)
        elif not known.is_asked:
            self._screen.start(
                _asking(self._name), partial(self._ask, self._name, known, known.model, item, parameters)
            )

    async def _ask(self, name: str, known: _Known, model: AskedModel, item: str, parameters: str) -> None:
        session = self._screen.session
        known.is_asked, known.failed = True, None
        self.draw()
        try:
            attempt = await self._screen.call(lambda: model.ask(item, parameters))
        except Problem as problem:
            known.failed = problem
        else:
            session.attempts.setdefault(name, []).append(attempt)
        finally:
            known.is_asked = False
        if name == self._name:  # else the item is not for the model that is shown
            self.look(item)
            self.draw()

    # The picture

    def look(self, item: str) -> None:
        """Show the picture that is named, where the model takes one and there is room."""
        known, room = self._known.get(self._name), self._pane.form.room
        if known is not None and known.model is not None and known.model.kind is InputKind.PICTURE and room is not None:
            self._screen.start("picture", partial(self._look, self._name, item, room))

    async def _look(self, name: str, item: str, room: tuple[int, int]) -> None:
        services = self._screen.session.services
        try:
            picture = await self._screen.call(lambda: small_copy(services, item, room))
        except Problem as problem:
            picture = None
            self._screen.say_problem(problem)
        if name == self._name:
            self._pane.form.show_picture(picture)

    # Drawing

    def draw(self) -> None:
        """Show what is known."""
        known = self._known.get(self._name)
        if known is None:
            return
        form, attempts = self._pane.form, self.attempts
        form.show_kind(known.model.kind if known.model is not None else InputKind.ANY)
        last = attempts[-1] if attempts else None
        width = form.answer.text_width or self._screen.app.size.width
        self._pane.show_lines([*self._lines(known, last, width), *before_lines(attempts)], raw_lines(last))
        self.changed()

    def _lines(self, known: _Known, last: Attempt | None, width: int) -> list[TextLine]:
        if known.problem is not None:
            return [line(f"! {known.problem}", Ink.WARN, indent=2)]
        if known.model is None:
            return [line("Finding out what it takes …", Ink.MUTED)]
        if known.is_asked:
            return [line("Asking …", Ink.MUTED)]
        if known.failed is not None:
            return [line(f"✖ {known.failed}", Ink.BAD, indent=2)]
        if last is None:
            return [line("Nothing was asked yet.", Ink.MUTED)]
        return answer_lines(last, width)
