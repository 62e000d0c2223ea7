"""The full-screen interface: which target is open, which screen is shown, and who answers whom."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import Any, ClassVar, TypeVar

from textual import on
from textual.binding import BindingType
from textual.screen import Screen

from jsft_tui.config import Config
from jsft_tui.core.account.sign_in import NO_TARGET
from jsft_tui.core.catalog.spec import ModelSpec
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.alerts import Watched
from jsft_tui.core.run.draft import gaps
from jsft_tui.core.run.run import Run
from jsft_tui.services.background.tasks import Reporter
from jsft_tui.services.session.demo import demo_run
from jsft_tui.services.session.open import SessionFactory
from jsft_tui.services.session.session import SIGN_IN, Fact, Session
from jsft_tui.tui.background.job_poller import JobPoller
from jsft_tui.tui.background.notifications import Notifier
from jsft_tui.tui.base.app_base import BaseApp
from jsft_tui.tui.base.messages import NotSaved
from jsft_tui.tui.dialogs.choice import ChoiceDialog
from jsft_tui.tui.dialogs.confirm import ConfirmDialog
from jsft_tui.tui.dialogs.text import ReadingDialog
from jsft_tui.tui.dialogs.theme import choose_theme
from jsft_tui.tui.help import help_lines, palette_choices
from jsft_tui.tui.keymap.action import ScreenId, bindings, keys_of
from jsft_tui.tui.keymap.actions import BY_SCREEN
from jsft_tui.tui.keymap.labels import KeyNames
from jsft_tui.tui.terminal.display import DiffRenderMixin
from jsft_tui.tui.terminal.guard import RestoreTerminalMixin
from jsft_tui.tui.terminal.idle_gc import EVERY, IdleCollector
from jsft_tui.tui.terminal.key_queue import KeyQueueMixin
from jsft_tui.tui.terminal.preload_screens import PreloadMixin
from jsft_tui.tui.terminal.scroll_bar import use_whole_cells
from jsft_tui.tui.theme.themes import CHOICES, THEMES, Status, theme_name
from jsft_tui.tui.widgets.footer import KeyHints
from jsft_tui.tui.widgets.text.text_pane import line

T = TypeVar("T")
P = TypeVar("P")

SETTLED = 4.0
"""Seconds after the start when the modules and the services are loaded."""

TWICE = 2.0
"""Seconds within which the second ctrl+c leaves."""

AHEAD = 1.0
"""Seconds after the start when the screens are made that keys of their own show."""


_IN_ONE_FILE = frozenset({ScreenId.MODELS, ScreenId.COMPARE, ScreenId.WELCOME})
"""Screens that are one file; of the others, the file `screen` of a folder."""


def screen_module(name: str) -> ModuleType:
    """The module of a screen, imported when it is first asked for."""
    folder = f"jsft_tui.tui.screens.{name}"
    return import_module(folder if ScreenId(name) in _IN_ONE_FILE else f"{folder}.screen")


def screen_factory(where: ScreenId) -> Callable[[], Screen[None]]:
    """Makes a screen; its module is imported when it is first shown."""

    def make() -> Screen[None]:
        module = screen_module(where.value)
        screen: Screen[None] = getattr(module, f"{where.title}Screen")()
        return screen

    return make


@dataclass(frozen=True)
class Start:
    """How to begin: the target, and whether with the demo's draft."""

    session_factory: SessionFactory
    demo: bool = False


class JsftApp(RestoreTerminalMixin, DiffRenderMixin, KeyQueueMixin, PreloadMixin, BaseApp):
    """Holds the open target; screens show it."""

    TITLE = "jsft"
    ENABLE_COMMAND_PALETTE = False
    SCREENS: ClassVar[dict[str, Callable[[], Screen[Any]]]] = {
        where.value: screen_factory(where) for where in ScreenId if where is not ScreenId.ANYWHERE
    }
    BINDINGS: ClassVar[list[BindingType]] = bindings(BY_SCREEN[ScreenId.ANYWHERE])

    def __init__(self, start: Start) -> None:
        """Nothing is asked of anybody before the first frame.

        Raises:
            Problem: the settings name keys that cannot be (code `BadConfig`).
        """
        super().__init__()
        use_whole_cells()
        self.animation_level = "none"
        self._start = start
        self.session_factory = start.session_factory
        self.keymap: Mapping[str, str] = start.session_factory.config.keys
        self.key_names = KeyNames(self.keymap)
        every = [action for actions in BY_SCREEN.values() for action in actions]
        if self.keymap:
            # It looks at the widgets of all screens, which a start without own keys has no use for.
            from jsft_tui.tui.keymap_check import check_keymap

            check_keymap(self.keymap, self.session_factory.config_file)
        self.set_keymap({action.id: ",".join(keys_of(action, self.keymap)) for action in every if action.keys})
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = theme_name(CHOICES[start.session_factory.config.theme], os.environ)
        self._desk_before: Session | None = None
        """The desk before, until another one is open: its draft may still be on its way to the disk."""
        self.board_poller = JobPoller(self)
        self.notifier = Notifier(self)
        self._interrupted_at = 0.0
        self._demo_is_ready = False

    # The target

    def on_mount(self) -> None:
        """Show the first screen, then open the target."""
        self.push_screen(ScreenId.MODELS.value)
        if not self.is_headless:
            garbage = IdleCollector(lambda: self.last_key_at)
            garbage.take_over()
            self.set_timer(SETTLED, garbage.take_over)
            self.set_interval(EVERY, garbage.look)
            self.set_timer(AHEAD, self._build_ahead)
        self.call_after_refresh(self.open_target, self._start.session_factory)

    def _build_ahead(self) -> None:
        wanted = (
            ScreenId.DATA,
            ScreenId.INSTANCE,
            ScreenId.HYPERPARAMETERS,
            ScreenId.REVIEW,
            ScreenId.JOBS,
            ScreenId.SETTINGS,
        )
        self.run_worker(self.build_ahead([where.value for where in wanted], screen_module), exit_on_error=False)

    @property
    def opening_label(self) -> str:
        """What the header says while no target is open."""
        choice = self.session_factory.choice
        name = "the sandbox" if choice.sandbox else choice.profile or "the target"
        return "not signed in" if self.problem else f"opening {name} …"

    def open_target(self, session_factory: SessionFactory) -> None:
        """Open a target; what was under way for another one is forgotten."""
        if self.session is not None:
            self._desk_before = self.session
        closed = self._desk_before
        self.close_session()
        self.session_factory, self.problem = session_factory, None
        self.refresh_data()

        def call(_: Reporter[None]) -> Session:
            if closed is not None:  # it may be the same target, whose draft is read again
                closed.drafts.flush()
            return session_factory.open_session()

        self.ask("open", call, self._opened, self._not_opened)

    def close_session(self) -> None:
        """Forget the open target; its draft is on its way to the disk."""
        self.tasks.forget()
        self.board_poller.stop()
        for screen in self.work_screens:
            screen.target_closed()
        self.session = self.download = None

    def _opened(self, session: Session) -> None:
        self.session, self._desk_before = session, None
        session.drafts.subscribe(self._draft_changed)
        for fact in (*session.facts(), session.spec_fact()):
            if fact is not None:
                self.find_out(fact)
        session.drafts.on_problem = lambda problem: self.post_message(NotSaved(problem))
        if self._start.demo and session.target.sandbox and not self._demo_is_ready:
            self._demo_is_ready = True
            self._prepare_demo(session)
        self.refresh_data()
        self._say_found(session)
        self.board_poller.start(session)

    def _say_found(self, session: Session) -> None:
        """What an earlier session left that the person has to know of."""
        if session.unsettled:
            names = ", ".join(session.unsettled[-3:])
            self.say(f"It was never told whether {names} was launched: see the list of jobs.", Status.WARNING)
        if (aside := session.drafts.kept_aside) is not None:
            # Not in the status line, where the next message takes its place.
            said = f"The draft could not be read and begins anew; it is kept as {aside}."
            self.ask_person(ReadingDialog("Draft", [line(said)]), lambda _: None)

    def _not_opened(self, problem: Problem) -> None:
        """No account can be reached: how to sign in, or the sandbox."""
        self.problem = problem
        self.go(ScreenId.WELCOME)
        self.refresh_data()

    def _identity_settled(self) -> None:
        """Whether anybody is signed in is known now."""
        problem = self.session.problems.get("identity") if self.session else None
        if problem is not None and problem.code in NO_TARGET:
            self._not_opened(problem)
        elif self._here is ScreenId.WELCOME:
            self.go(ScreenId.MODELS)

    def find_out(self, fact: Fact, then: Callable[[], None] = lambda: None) -> None:
        """Ask for something about the target, and show it everywhere; `then` is called after that."""

        def take(value: Any) -> None:
            fact.take(value)
            settled()

        def missed(problem: Problem) -> None:
            fact.missed(problem)
            settled()
            if fact.name in ("identity", "spec"):
                self.say_problem(problem)

        def settled() -> None:
            if fact.name == "identity":
                self._identity_settled()
            self.refresh_data()
            then()

        self.ask(f"fact {fact.name}", lambda _: fact.ask(), take, missed)

    def _prepare_demo(self, session: Session) -> None:
        """Have a draft ready: that of the last time, when it is complete, else the demo's own."""

        def take(found: tuple[Run, ModelSpec]) -> None:
            run, session.spec = found
            session.drafts.put(run)
            self._say_ready()

        if not session.drafts.run.model.id:
            self.ask("demo", lambda _: demo_run(session.services), take, self.say_problem)
        elif not gaps(session.run):
            self._say_ready()

    def _say_ready(self) -> None:
        self.say(self.greeting)

    @property
    def greeting(self) -> str:
        """What is said where there is nothing else to say: in the demo, that the draft waits to be launched."""
        if not self._demo_is_ready or self.session is None or self.session.drafts.is_launched or gaps(self.session.run):
            return ""
        review, launch = self.key_names.word("go_review"), self.key_names.word("launch")
        return f"The draft is ready: {review} to review it, {launch} there to launch. Nothing is paid."

    def _draft_changed(self, run: Run) -> None:
        del run  # the desk holds it
        if self.session is None:
            return
        if (fact := self.session.spec_fact()) is not None:
            self.find_out(fact)
        self.refresh_data()

    @on(NotSaved)
    def _not_saved(self, event: NotSaved) -> None:
        event.stop()
        self.say_problem(event.problem)

    # Screens

    def refresh_data(self) -> None:
        """Show the welcome screen where no account can be reached, and draw what is shown."""
        if self.problem is not None and self._here is not ScreenId.WELCOME:
            self.go(ScreenId.WELCOME)
        if (screen := self.work_screen) is not None:
            screen.refresh_data()

    def action_help(self) -> None:
        """Show every key of this screen."""
        lines = help_lines(self._here, self.keymap)
        self.push_screen(ReadingDialog(f"Keys of {self._here.title}", lines))

    def action_palette(self) -> None:
        """Find any action by its name."""
        choices = palette_choices(self._here, self.keymap)
        self.push_screen(ChoiceDialog("Commands", choices), self._run_chosen)

    def _run_chosen(self, action: str | None) -> None:
        if action is not None:
            self.call_later(partial(self.run_action, action, default_namespace=self.screen))

    @on(KeyHints.Chosen)
    async def _hint_chosen(self, event: KeyHints.Chosen) -> None:
        event.stop()
        await self.run_action(event.hint.action, default_namespace=self.screen)

    def action_choose_theme(self) -> None:
        """Choose colours."""
        choose_theme(self)

    def take_config(self, config: Config) -> None:
        """Other settings: what they give to runs is found out anew."""
        self.session_factory = replace(self.session_factory, config=config)
        if self.session is not None:
            self.session.services.adopt(config)
            self.find_out(self.session.defaults_fact())
        self.say(f"Kept in {self.session_factory.config_file}.", Status.COMPLETED)

    def action_target(self) -> None:
        """Switch profile or region, or enter the sandbox."""
        from jsft_tui.tui.dialogs.target import choose_target

        choose_target(self)

    def action_retry(self) -> None:
        """Ask again for what could not be found out; open the target when none is."""
        if self.session is None or SIGN_IN in self.session.problems or self.problem is not None:
            # Only new clients take new keys.
            self.switch_target(self.session_factory)
            return
        self.session.services.catalog.forget()
        for fact in self.session.facts():
            self.find_out(fact)
        if (screen := self.work_screen) is not None:
            screen.load()

    # Jobs

    def poll_jobs(self) -> None:
        """Ask for the list of jobs at once."""
        self.board_poller.ask_now()

    def jobs_shown_changed(self) -> None:
        """Other jobs are on screen."""
        self.board_poller.refresh_data()

    def look_at_jobs(self) -> None:
        """Tell which jobs of the list ended, or are near a limit."""
        self.notifier.look_at_list()

    def look_at_job(self, watched: Watched) -> None:
        """Tell what is worth it of a job that is watched."""
        self.notifier.look_at_job(watched)

    # Leaving

    async def action_leave(self) -> None:
        """Leave; asks only when something would be lost."""
        self.unless_lost("Leave?", "leave", self.exit)

    def switch_target(self, session_factory: SessionFactory) -> None:
        """Open another target; asks when something under way would be lost."""
        self.unless_lost("Switch all the same?", "switch", lambda: self.open_target(session_factory))

    def unless_lost(self, question: str, label: str, then: Callable[[], object]) -> None:
        """Do something that ends what is under way on any screen, after asking where that would be a loss."""
        losses = [loss for screen in self.work_screens if (loss := screen.would_lose)]
        if not losses:
            then()
            return

        def answered(agreed: bool | None) -> None:
            if agreed:
                then()

        self.push_screen(ConfirmDialog(question, [line(loss) for loss in losses], label=label), answered)

    def action_interrupt(self) -> None:
        """Leave when pressed twice."""
        if time.monotonic() - self._interrupted_at < TWICE:
            self.exit(return_code=130)
        self._interrupted_at = time.monotonic()
        self.say(f"Press {self.key_names.word('interrupt')} once more to leave. Jobs go on running.", Status.WARNING)

    def on_unmount(self) -> None:
        """The draft is on the disk before the program ends, and what is under way finds nobody who waits."""
        self.tasks.forget()
        for session in (self.session, self._desk_before):
            if session is not None:
                session.drafts.flush()
