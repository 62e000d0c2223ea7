"""What all screens are: title bar, strip, the screen's own part, keys."""

from __future__ import annotations

import asyncio
import os
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast

from textual.containers import Vertical
from textual.widgets import Static

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import clean
from jsft_tui.tui.base.dialog import Dialog
from jsft_tui.tui.base.header import strip_columns, target_cells, work_cells
from jsft_tui.tui.base.shown_screen import ShownScreen
from jsft_tui.tui.keymap.action import ScreenId, bindings, hints, key_word
from jsft_tui.tui.keymap.actions import BY_SCREEN
from jsft_tui.tui.terminal.one_shot import one_shot
from jsft_tui.tui.theme.glyphs import glyph
from jsft_tui.tui.widgets.bars.footer import KeyHints
from jsft_tui.tui.widgets.bars.line_bar import LineBar
from jsft_tui.tui.widgets.bars.strip import StepStrip
from jsft_tui.tui.widgets.border_line import BorderLine
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from jsft_tui.tui.widgets.text.cell_text import Cell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from textual.app import ComposeResult
    from textual.binding import BindingType
    from textual.timer import Timer

    from jsft_tui.core.run.run import Run
    from jsft_tui.core.run.steps import RunSteps
    from jsft_tui.services.background.tasks import Reporter
    from jsft_tui.services.session.session import Session
    from jsft_tui.tui.base.app_base import BaseApp
    from jsft_tui.tui.base.flow import Flow
    from jsft_tui.tui.keymap.action import Action, Hint

T = TypeVar("T")
P = TypeVar("P")
R = TypeVar("R")

REST = 0.15
"""Seconds that a cursor has to rest on a row before what is told about it is drawn: moving on costs few bytes so."""
NARROW, WIDE = "-narrow", "-wide"
TOO_NARROW, TOO_SHORT = "-too-narrow", "-too-short"
BEFORE_LOADED = frozenset({"filter"})
"""Actions that need nothing of the target: what is typed early holds when the list comes."""
LOW = "-low"
"""Class of a terminal of few rows: the strip has one, and a detail below a list as well."""
BEHIND = "-behind"
"""Class of a screen that a dialog stands on."""
LEAST_WIDTH, LEAST_HEIGHT = 60, 15
"""Cells below which nothing sensible can be shown."""


def screen_bindings(where: ScreenId) -> list[BindingType]:
    """Return the bindings of a screen's own actions."""
    return bindings(BY_SCREEN[where])


class WorkScreen(ShownScreen):
    """Base of the screens. A subclass composes its part, loads what it shows, and draws it from the desk.

    `load` is called when a target was opened, `draw` whenever the draft or a fact changed and when the screen is
    shown again; both only while the screen is the one shown, so a screen that nobody looks at costs nothing.
    """

    WHERE: ClassVar[ScreenId]
    NEEDS_TARGET: ClassVar[bool] = True
    """Whether its actions need an open target."""
    HORIZONTAL_BREAKPOINTS = [(0, TOO_NARROW), (LEAST_WIDTH, NARROW), (100, WIDE)]  # noqa: RUF012  (Textual's)
    VERTICAL_BREAKPOINTS = [(0, TOO_SHORT), (LEAST_HEIGHT, LOW), (24, "-tall")]  # noqa: RUF012
    # The notice covers the rest instead of hiding it: what is hidden loses the focus.
    DEFAULT_CSS = """
    WorkScreen { background: $background; layers: default notice; }
    WorkScreen > .too-small { layer: notice; display: none; width: 100%; height: 100%; }
    WorkScreen.-too-narrow > .too-small, WorkScreen.-too-short > .too-small { display: block; }
    WorkScreen > .too-small { content-align: center middle; text-align: center; }
    WorkScreen > .title-bar { background: $bar; }
    WorkScreen > #main { height: 1fr; }
    WorkScreen.-behind Pane:focus-within > .pane--body {
        border-left: round $line; border-right: round $line;
    }
    WorkScreen.-behind Pane:focus-within > BorderLine { color: $line; }
    WorkScreen.-low > StepStrip, WorkScreen.-too-short > StepStrip { height: 1; }
    """

    def __init__(self) -> None:
        super().__init__(name=self.WHERE.value)
        self._loaded: Session | None = None
        self._said_of: Run | None = None
        """The draft that the message was said of."""
        self._turns: list[asyncio.Future[None]] = []
        self._resting: Timer | None = None
        runs = (action.run.removeprefix("screen.") for action in BY_SCREEN[self.WHERE])
        self._own_actions = {run.partition("(")[0] for run in runs}
        self._target_bar = LineBar(classes="title-bar")
        self._strip = StepStrip()
        self._message = ""
        """What was said last and not been read."""
        self._message_sign: Status | None = None
        self._hints = KeyHints()
        self._too_small = Static(classes="too-small")

    def compose(self) -> ComposeResult:
        """Compose the frame that every screen has."""
        self.add_class(*self._size_classes(), update=False)
        yield self._target_bar
        yield self._strip
        with Vertical(id="main"):
            yield from self.compose_body()
        yield self._hints
        yield self._too_small

    def _size_classes(self) -> Iterator[str]:
        """Return the classes of the terminal's size. Textual sets them after the first layout, and draws all twice."""
        width, height = self.app.size
        for size, breakpoints in ((width, self.HORIZONTAL_BREAKPOINTS), (height, self.VERTICAL_BREAKPOINTS)):
            yield max((least, name) for least, name in breakpoints if least <= size)[1]

    # For subclasses

    def compose_body(self) -> ComposeResult:
        """Compose the screen's own part."""
        raise NotImplementedError

    def draw_message(self) -> None:
        """Show what was said last, or what stands in its place while there is nothing to say."""
        raise NotImplementedError

    def load(self) -> None:
        """Another target was opened: forget what was shown, and ask for what to show."""

    def draw(self) -> None:
        """Show what the desk holds now."""

    def offers(self, action_id: str) -> bool:
        """Return whether an action makes sense now, so that the footer names it; its key says why not."""
        del action_id
        return True

    def hinted(self, action: Action) -> Action:
        """Return an action as the footer shows it here: with a number in its label, or at another rank."""
        return action

    def keys_of_widgets(self) -> Sequence[Hint]:
        """Return hints of keys that belong to a widget, for the footer."""
        return ()

    def step_back(self) -> bool:
        """Go back within the screen; return whether there was anything to go back from."""
        return False

    @property
    def shown_jobs(self) -> tuple[str, ...] | None:
        """The jobs whose rows are on screen; None for a screen that shows no list of jobs."""
        return None

    @property
    def shown_curves(self) -> tuple[str, ...]:
        """The jobs whose curves are on screen."""
        return ()

    def jobs_changed(self) -> None:
        """Draw what has changed in the list of jobs: the header, and on some screens a list."""
        if self.is_mounted:
            self.draw_frame()

    def endpoints_changed(self) -> None:
        """Draw what has changed in the list of endpoints: the header, and on one screen the list."""
        if self.is_mounted:
            self.draw_frame()

    def target_closed(self) -> None:
        """Forget what was under way: the target is closed."""

    @property
    def would_lose(self) -> str:
        """What would be lost by leaving now, in a sentence; empty when nothing."""
        return ""

    # What subclasses use

    @property
    def jsft(self) -> BaseApp:
        """The app."""
        return cast("BaseApp", self.app)

    def key(self, action_id: str) -> str:
        """Return the key of an action, as a sentence names it; the person may have given it another one."""
        return self.jsft.key_names.word(action_id)

    @property
    def session(self) -> Session:
        """The target that the screen was loaded for. Only to be asked for after `load`."""
        if self._loaded is None:
            raise Problem("NoTarget", "no target is open.", f"Wait until it is, or choose one: {self.key('target')}")
        return self._loaded

    @property
    def is_loaded(self) -> bool:
        """Whether it was loaded for a target, so that there is a session."""
        return self._loaded is not None

    async def action_former(self, action_id: str, key: str) -> None:
        """Do what a key of an earlier version did, and say which key does it now."""
        action = next(action for action in BY_SCREEN[self.WHERE] if action.id == action_id)
        self.say(f"{self.key(action_id)} is the key for {action.label} now; {key_word(key)} will not be for long.")
        await self.run_action(action.run)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing can be done on a screen that is not loaded for the target that is open, unless it needs none."""
        if action == "former" and self._is_own_key(str(parameters[-1])):
            return False
        is_current = self._loaded is not None and self._loaded is self.jsft.session
        if not is_current and self.NEEDS_TARGET and action in self._own_actions - BEFORE_LOADED:
            return False
        return super().check_action(action, parameters)

    def _is_own_key(self, key: str) -> bool:
        """Whether the person gave a key to some action: it does nothing else any more."""
        return any(key == own.strip() for keys in self.jsft.keymap.values() for own in keys.split(","))

    @property
    def is_wide(self) -> bool:
        """Whether there is room for two panes beside each other."""
        return self.has_class(WIDE)

    def start(self, group: str, flow: Flow) -> None:
        """Run a coroutine; an older flow of the same group is cancelled."""
        self.jsft.start_on(self, group, flow, self.say_problem)

    async def call(self, function: Callable[[], T]) -> T:
        """Call a service in a thread, from a flow. No widget may be touched in the function.

        Raises:
            Problem: what the service raised, in the words of a screen.
        """
        return await self.jsft.call(function)

    async def call_with_progress(self, function: Callable[[Reporter[P]], T], on_progress: Callable[[P], None]) -> T:
        """Call a service in a thread, from a flow; `on_progress` is given what it reports, and may touch widgets.

        Raises:
            Problem: what the service raised, in the words of a screen.
        """
        return await self.jsft.call_with_progress(function, on_progress)

    async def open_dialog(self, dialog: Dialog[R]) -> R | None:
        """Show a dialog, from a flow, and return its answer; None when it was left without one.

        A key that is typed for something else must never answer it: after a service call it waits until the person
        is back on this screen and done with another dialog, and ignores keys for a moment (`Dialog.guard_input`).
        """
        return await self.jsft.open_dialog_on(self, dialog)

    async def wait_for_turn(self) -> None:
        """Wait until a late dialog may be shown here."""
        while self.jsft.work_screen is not self or isinstance(self.app.screen, Dialog):
            self.say("A question waits here until the other one is answered.", Status.WARNING)
            turn = asyncio.get_running_loop().create_future()
            self._turns.append(turn)
            await turn

    def _give_turn(self) -> None:
        while self._turns:
            if not (turn := self._turns.pop(0)).done():
                turn.set_result(None)
                return

    def cancel(self, *groups: str) -> None:
        """Cancel flows of this screen."""
        for group in groups:
            self.workers.cancel_group(self, group)

    def is_running_flow(self, group: str) -> bool:
        """Return whether a flow of this screen is under way."""
        return any(worker.node is self and worker.group == group for worker in self.workers)

    def when_cursor_rests(self, then: Callable[[], None]) -> None:
        """Call a function when the cursor has stayed on its row for a moment, unless it moves on before."""
        if self._resting is not None:
            self._resting.stop()
        self._resting = one_shot(self, REST, then)

    def say(self, text: str, sign: Status | None = None) -> None:
        """Show a message until the next key or the next message, or until the draft is another one."""
        self._message, self._message_sign = clean(text), sign
        self._said_of = self._loaded.drafts.run if self._loaded is not None else None
        self.draw_message()

    def say_problem(self, problem: Problem) -> None:
        """Show what went wrong."""
        self.say(str(problem), Status.FAILED)

    def key_pressed(self) -> None:
        """Take the message away: the key says that it was read."""
        if self._message:
            self.say("")

    @property
    def status(self) -> str:
        """What was said last and not been read."""
        return self._message

    @property
    def message_cell(self) -> Cell:
        """The message with its sign, in the ink of that."""
        sign = self._message_sign
        if sign is None or not self._message:
            return Cell(self._message, "text")
        return Cell(f"{glyph(sign, os.environ)} {self._message}", sign.value)

    # Drawing the frame

    def on_mount(self) -> None:
        """Be known to the app: what is under way here goes on while another screen is shown."""
        self.jsft.work_screens.append(self)

    def on_screen_suspend(self) -> None:
        """Behind a dialog, nothing is lit."""
        if isinstance(self.app.screen, Dialog):
            self.add_class(BEHIND)
            self._draw_lit()

    def on_screen_resume(self) -> None:
        """Shown (again): load for the target that is open now, and draw."""
        if self.has_class(BEHIND):
            self.remove_class(BEHIND)
            self._draw_lit()
        self.refresh_data()
        self._give_turn()

    def _draw_lit(self) -> None:
        """Draw what shows where the focus is."""
        for line in self.query(BorderLine):
            line.refresh()
        for table in self.query(VirtualTable):
            table.refresh_cursor()

    def on_resize(self) -> None:
        """Another size may need other texts."""
        self.call_after_refresh(self.fit_texts)

    def fit_texts(self) -> None:
        """Draw the texts for the size that the screen has now."""
        self.refresh_data()

    def refresh_data(self) -> None:
        """Load where needed, and draw: the target, the draft or a fact may have changed."""
        if not self.is_mounted:
            return
        session = self.jsft.session
        if self._said_of is not None and session is not None and session.drafts.run != self._said_of:
            self.say("")
        self.draw_frame()
        if session is None:
            return
        if self._loaded is not session:
            self._loaded = session
            self.load()
        self.draw()

    def draw_frame(self) -> None:
        """Draw the bands around the screen's own part: something that they say has changed."""
        session = self.jsft.session
        self._draw_target_bar(session)
        size = self.app.size
        least = f"{LEAST_WIDTH} x {LEAST_HEIGHT}"
        self._too_small.update(f"jsft needs {least} cells, this terminal has {size.width} x {size.height}.")
        self.draw_hints()
        self._strip.show(strip_columns(self.WHERE, self.jsft.key_names.short, _steps(session)))

    def draw_hints(self) -> None:
        """Draw the footer: what makes sense now."""
        actions = (*BY_SCREEN[self.WHERE], *BY_SCREEN[ScreenId.ANYWHERE])
        offered = [self.hinted(action) for action in actions if self.offers(action.id)]
        first, *others = hints(offered, self.jsft.keymap)
        self._hints.set_hints([first, *self.keys_of_widgets(), *others])

    def _draw_target_bar(self, session: Session | None) -> None:
        width = self.app.size.width
        waiting = Cell(self.jsft.opening_label, "warn" if self.jsft.problem is not None else "muted")
        cells = target_cells(session, waiting, width)
        self._target_bar.show(cells, work_cells(session, width))


def _steps(session: Session | None) -> RunSteps | None:
    """Return the steps of the run; the first frame, without a session, needs no module for that."""
    if session is None:
        return None
    from jsft_tui.services.session.steps import session_steps

    return session_steps(session)
