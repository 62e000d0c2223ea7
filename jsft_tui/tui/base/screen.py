"""What all screens are: header, tabs, the screen's own part, the run sheet, status, footer."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar, TypeVar, cast

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.timer import Timer

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.run.draft import gaps
from jsft_tui.core.run.run import Run
from jsft_tui.core.sizing.summary import run_summary
from jsft_tui.services.background.tasks import Reporter
from jsft_tui.services.session.session import Session
from jsft_tui.tui.base.app_base import BaseApp
from jsft_tui.tui.base.dialog import Dialog
from jsft_tui.tui.base.header import tab_cells, target_cells, work_cells
from jsft_tui.tui.base.shown_screen import ShownScreen
from jsft_tui.tui.keymap.action import ScreenId, bindings, hints
from jsft_tui.tui.keymap.actions import BY_SCREEN
from jsft_tui.tui.theme.themes import Status
from jsft_tui.tui.widgets.footer import KeyHints
from jsft_tui.tui.widgets.line_bar import LineBar
from jsft_tui.tui.widgets.run_summary import RunLine, RunSummary
from jsft_tui.tui.widgets.status_bar import StatusBar
from jsft_tui.tui.widgets.text.text_pane import TextPane, line

T = TypeVar("T")
P = TypeVar("P")
R = TypeVar("R")

REST = 0.2
"""Seconds that a cursor has to rest on a row before what is told about it is drawn: moving on costs few bytes so."""
NARROW, WIDE = "-narrow", "-wide"
TOO_NARROW, TOO_SHORT = "-too-narrow", "-too-short"
BEFORE_LOADED = frozenset({"filter"})
"""Actions that need nothing of the target: what is typed early holds when the list comes."""
LEAST_WIDTH, LEAST_HEIGHT = 60, 15
"""Cells below which nothing sensible can be shown."""


def screen_bindings(where: ScreenId) -> list[BindingType]:
    """The bindings of a screen's own actions."""
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
    VERTICAL_BREAKPOINTS = [(0, TOO_SHORT), (LEAST_HEIGHT, "-tall")]  # noqa: RUF012
    # The notice covers the rest instead of hiding it: what is hidden loses the focus.
    DEFAULT_CSS = """
    WorkScreen { background: $background; layers: default notice; }
    WorkScreen > .too-small { layer: notice; display: none; width: 100%; height: 100%; }
    WorkScreen.-too-narrow > .too-small, WorkScreen.-too-short > .too-small { display: block; }
    WorkScreen #body { height: 1fr; }
    WorkScreen #main { width: 1fr; height: 1fr; }
    WorkScreen .tabs { color: $foreground-darken-2; }
    WorkScreen.-narrow RunSummary, WorkScreen.-too-narrow RunSummary { display: none; }
    WorkScreen.-wide RunLine { display: none; }
    """

    def __init__(self) -> None:
        super().__init__(name=self.WHERE.value)
        self._loaded: Session | None = None
        self._said_of: Run | None = None
        """The draft that the message in the status line was said of."""
        self._questions: list[Callable[[], None]] = []
        self._resting: Timer | None = None
        runs = (action.run.removeprefix("screen.") for action in BY_SCREEN[self.WHERE])
        self._own_actions = {run.partition("(")[0] for run in runs}
        self._target_bar = LineBar()
        self._tabs = LineBar(classes="tabs")
        self._sheet = RunSummary()
        self._run_line = RunLine()
        self._status = StatusBar()
        self._hints = KeyHints()
        self._too_small = TextPane(can_focus=False, classes="too-small")

    def compose(self) -> ComposeResult:
        """The frame that every screen has."""
        yield self._target_bar
        yield self._tabs
        with Horizontal(id="body"):
            with Vertical(id="main"):
                yield from self.compose_body()
            yield self._sheet
        yield self._run_line
        yield self._status
        yield self._hints
        yield self._too_small

    # For subclasses

    def compose_body(self) -> ComposeResult:
        """The screen's own part."""
        raise NotImplementedError

    def load(self) -> None:
        """Another target was opened: forget what was shown, and ask for what to show."""

    def draw(self) -> None:
        """Show what the desk holds now."""

    def offers(self, action_id: str) -> bool:
        """Whether an action makes sense as things are, so that the footer names it; its key says why not."""
        del action_id
        return True

    def step_back(self) -> bool:
        """Go back within the screen; whether there was anything to go back from."""
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
        """The board of jobs has another state: the header tells it; lists of jobs do so, too."""
        if self.is_mounted:
            self._draw_target_bar(self.jsft.session)

    def target_closed(self) -> None:
        """The target is not open any more, and what was under way has ended."""

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
        """The key of an action, as a sentence names it; the person may have given it another one."""
        return self.jsft.key_names.word(action_id)

    @property
    def session(self) -> Session:
        """The target that the screen was loaded for. Only to be asked for after `load`."""
        if self._loaded is None:
            raise Problem("NoTarget", "no target is open.", f"Wait until it is, or choose one: {self.key('target')}")
        return self._loaded

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Nothing can be done on a screen that is not loaded for the target that is open, unless it needs none."""
        is_loaded = self._loaded is not None and self._loaded is self.jsft.session
        if not is_loaded and self.NEEDS_TARGET and action in self._own_actions - BEFORE_LOADED:
            return False
        return super().check_action(action, parameters)

    @property
    def is_wide(self) -> bool:
        """Whether there is room for the run sheet."""
        return self.has_class(WIDE)

    def ask(
        self,
        name: str,
        call: Callable[[Reporter[P]], T],
        then: Callable[[T], None],
        failed: Callable[[Problem], None] | None = None,
        each: Callable[[P], None] = lambda _: None,
    ) -> None:
        """Call a service in a thread; an older question of the same name is forgotten.

        Args:
            name: of the question, within this screen.
            call: the services may be used in it, widgets may not.
            then: is given the answer.
            failed: is given the Problem; without it, the status line says it.
            each: is given what the call tells on the way.
        """
        self.jsft.ask(f"{self.WHERE.value} {name}", call, then, failed or self.say_problem, each)

    def ask_person(self, dialog: Dialog[R], then: Callable[[R | None], None]) -> None:
        """Put a question that comes of an answer: at once, or when the person is back here and done with another.

        A key that is typed for something else must never answer it: it comes late (`Dialog.guard_input`). What a key
        opens at once is pushed instead, so that the keys behind that one are for it.
        """
        if self.jsft.work_screen is self and not isinstance(self.app.screen, Dialog):
            dialog.guard_input()
            self.app.push_screen(dialog, then)
        else:
            self._questions.append(lambda: self.ask_person(dialog, then))
            self.say("A question waits here until the other one is answered.", Status.WARNING)

    def _ask_waiting(self) -> None:
        if self._questions:
            self._questions.pop(0)()

    def forget(self, name: str) -> None:
        """Drop the answer to a question."""
        self.jsft.tasks.forget(f"{self.WHERE.value} {name}")

    def when_cursor_rests(self, then: Callable[[], None]) -> None:
        """The cursor came to another row: do something when it stays there, and nothing where it is gone by then."""
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(REST, then)

    def say(self, text: str, sign: Status | None = None) -> None:
        """Show a message in the status line, until the next one or until the draft is another one."""
        self._status.say(text, sign)
        self._said_of = self._loaded.drafts.run if self._loaded is not None else None

    def say_problem(self, problem: Problem) -> None:
        """Show what went wrong in the status line."""
        self.say(str(problem), Status.FAILED)

    @property
    def status(self) -> str:
        """What the status line says."""
        return self._status.text

    # Drawing the frame

    def on_mount(self) -> None:
        """Be known to the app: what is under way here goes on while another screen is shown."""
        self.jsft.work_screens.append(self)

    def on_screen_resume(self) -> None:
        """Shown (again): load for the target that is open now, and draw."""
        self.refresh_data()
        self._ask_waiting()

    def on_resize(self) -> None:
        """Another size may need other texts."""
        self.call_after_refresh(self.refresh_data)

    def refresh_data(self) -> None:
        """The target, the draft or a fact may be another: load where needed, and draw."""
        if not self.is_mounted:
            return
        session = self.jsft.session
        if self._said_of is not None and session is not None and session.drafts.run != self._said_of:
            self.say("")
        self._draw_frame(session)
        if session is None:
            return
        if self._loaded is not session:
            self._loaded = session
            self._questions.clear()
            self.load()
        self.draw()

    def _draw_frame(self, session: Session | None) -> None:
        self._draw_target_bar(session)
        size = self.app.size
        least = f"{LEAST_WIDTH}x{LEAST_HEIGHT}"
        self._too_small.show([line(f"This terminal is too small: {size.width}x{size.height}, needed {least}.")])
        self._tabs.show(tab_cells(self.WHERE, self.jsft.key_names.short, is_wide=self.is_wide))
        self.draw_hints()
        rows = run_summary(session.run, session.spec, session.prices) if session else ()
        lacks = gaps(session.run) if session else ()
        self._sheet.show_draft(rows, lacks, self.key)
        self._run_line.show_draft(rows, lacks)

    def draw_hints(self) -> None:
        """The footer: what makes sense now."""
        actions = (*BY_SCREEN[self.WHERE], *BY_SCREEN[ScreenId.ANYWHERE])
        offered = [action for action in actions if self.offers(action.id)]
        self._hints.set_hints(hints(offered, self.jsft.keymap))

    def _draw_target_bar(self, session: Session | None) -> None:
        self._target_bar.show(target_cells(session, self.jsft.opening_label), work_cells(session))
