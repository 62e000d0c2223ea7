"""The full-screen interface: which target is open, which screen is shown, and who answers whom."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple

from textual import on
from textual.binding import BindingType
from textual.screen import Screen

from jsft_tui.core.account.sign_in import NO_TARGET, SIGN_IN
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.status import Status
from jsft_tui.tui.application.appearance import AppearanceApp
from jsft_tui.tui.application.demo import DemoApp
from jsft_tui.tui.application.leaving import LeavingApp
from jsft_tui.tui.application.menu import MenuApp
from jsft_tui.tui.background.endpoint_poller import EndpointPoller
from jsft_tui.tui.background.job_poller import JobPoller
from jsft_tui.tui.base.flow import flow
from jsft_tui.tui.base.messages import NotSaved, OtherDraft
from jsft_tui.tui.keymap.action import ScreenId, bindings, keys_of
from jsft_tui.tui.keymap.actions import BY_SCREEN
from jsft_tui.tui.keymap.former_ids import renamed_actions, with_current_ids
from jsft_tui.tui.keymap.labels import KeyNames
from jsft_tui.tui.screens.imports import import_for_session, screen_factory, screen_module
from jsft_tui.tui.terminal.drawing.display import DiffRenderMixin
from jsft_tui.tui.terminal.drawing.scroll_bar import use_whole_cells
from jsft_tui.tui.terminal.guard import RestoreTerminalMixin
from jsft_tui.tui.terminal.idle_gc import CHECK_INTERVAL, IdleCollector
from jsft_tui.tui.terminal.input.key_queue import KeyQueueMixin
from jsft_tui.tui.terminal.one_shot import one_shot
from jsft_tui.tui.terminal.preload_screens import PreloadMixin
from jsft_tui.tui.theme.color_support import Background
from jsft_tui.tui.theme.themes import THEMES
from jsft_tui.tui.widgets.text.text_pane import line

if TYPE_CHECKING:
    from jsft_tui.config import Config
    from jsft_tui.core.jobs.alerts import JobSnapshot
    from jsft_tui.core.run.run import Run
    from jsft_tui.services.session.open import SessionFactory
    from jsft_tui.services.session.session import Fact, Session
    from jsft_tui.tui.background.notifications import Notifier
    from jsft_tui.tui.background.tab_writer import TabWriter

SETTLED = 4.0
"""Seconds after the start when the modules and the services are loaded."""

TWICE = 2.0
"""Seconds within which the second ctrl+c leaves."""

AHEAD = 1.0
"""Seconds after the start when the screens are made that keys of their own show."""


class Start(NamedTuple):
    """How to begin: the target, whether with the demo's draft, and on which terminal."""

    session_factory: SessionFactory
    demo: bool = False
    background: Background | None = None
    """The terminal's, as far as it is known."""


class JsftApp(
    RestoreTerminalMixin, DiffRenderMixin, KeyQueueMixin, PreloadMixin, MenuApp, AppearanceApp, DemoApp, LeavingApp
):
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
        self.wants_demo = start.demo
        self.session_factory = start.session_factory
        keys = start.session_factory.config.keys
        self.keymap: Mapping[str, str] = with_current_ids(keys)
        self._renamed_actions = renamed_actions(keys)
        """What to say once about former action ids in the settings."""
        self.key_names = KeyNames(self.keymap)
        if self.keymap:
            # It looks at the actions and widgets of all screens, which a start without own keys has no use for.
            from jsft_tui.tui.keymap_check import check_keymap

            check_keymap(self.keymap, self.session_factory.config_file)
            every = [action for actions in BY_SCREEN.values() for action in actions if action.keys]
            self.set_keymap({action.id: ",".join(keys_of(action, self.keymap)) for action in every})
        for theme in THEMES:
            self.register_theme(theme)
        self.background = start.background
        self.show_theme(start.session_factory.config.theme)
        self._desk_before: Session | None = None
        """The desk before, until another one is open: its draft may still be on its way to the disk."""
        self.job_poller = JobPoller(self)
        self.endpoint_poller = EndpointPoller(self)
        self._interrupted_at = 0.0

    @cached_property
    def notifier(self) -> Notifier:
        """Tells alerts about jobs; before there is any job to tell of, it is not needed."""
        from jsft_tui.tui.background.notifications import Notifier

        return Notifier(self)

    @cached_property
    def tab(self) -> TabWriter:
        """Tells the terminal's tab of jobs; before there is any job, it is not needed."""
        from jsft_tui.tui.background.tab_writer import TabWriter

        return TabWriter(self)

    # The target

    def get_default_screen(self) -> Screen[Any]:
        """Begin with the list of models: a screen below it would be laid out for nobody."""
        screen = self.get_screen(ScreenId.MODELS.value)
        # Textual 8.2 does so for every other screen, and cannot switch from one without.
        screen._push_result_callback(self, None)
        return screen

    def on_mount(self) -> None:
        """Open the target when the first screen is shown."""
        if not self.is_headless:
            garbage = IdleCollector(lambda: self.last_key_at)
            self.call_after_refresh(garbage.take_over)
            one_shot(self, SETTLED, garbage.take_over)
            self.set_interval(CHECK_INTERVAL, garbage.collect_if_due)
            one_shot(self, AHEAD, self._build_ahead)
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
        names = [where.value for where in wanted]
        self.run_worker(self.preload_screens(names, screen_module), group="preload", exit_on_error=False)

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

        self._open(session_factory, closed)

    @flow("open")
    async def _open(self, session_factory: SessionFactory, closed: Session | None) -> None:
        def open_session() -> Session:
            from jsft_tui.tui.dialogs.sign_in.mfa_code import CodeAsker

            if closed is not None:  # it may be the same target, whose draft is read again
                closed.drafts.flush()
            session = replace(session_factory, ask_code=CodeAsker(self)).open_session()
            import_for_session()
            return session

        try:
            session = await self.call(open_session)
        except Problem as problem:
            self._not_opened(problem)
        else:
            self._opened(session)

    def close_session(self) -> None:
        """Forget the open target; its draft is on its way to the disk."""
        self.cancel_flows()
        self.job_poller.stop()
        self.endpoint_poller.stop()
        for screen in self.work_screens:
            screen.target_closed()
        self.session = self.download = None
        self.deploying = ""

    def _opened(self, session: Session) -> None:
        self.session, self._desk_before = session, None
        session.drafts.subscribe(self._draft_changed)
        session.drafts.on_other = lambda path: self.post_message(OtherDraft(path))
        session.drafts.on_problem = lambda problem: self.post_message(NotSaved(problem))
        self.prepare_demo(session)
        self.refresh_data()
        for fact in (*session.facts(), session.spec_fact()):
            if fact is not None:
                self.find_out(fact)
        self._say_found(session)
        self.job_poller.start(session)
        self.endpoint_poller.start(session)

    def _say_found(self, session: Session) -> None:
        """Report what an earlier session left that the person has to know."""
        if self._renamed_actions:
            self._tell_text("Keys", self._renamed_actions)
            self._renamed_actions = ""
        self._say_unsettled(session)
        if (aside := session.drafts.kept_aside) is not None:
            said = f"The draft could not be read and begins anew; it is kept as {aside}."
            self._tell_text("Draft", said)

    def _tell_text(self, title: str, text: str) -> None:
        """Show a text in a dialog: in the status line the next message would take its place."""
        from jsft_tui.tui.dialogs.text import ReadingDialog

        self.start(f"tell {title}", partial(self.tell, ReadingDialog(title, [line(text)])))

    @flow("unsettled")
    async def _say_unsettled(self, session: Session) -> None:
        """Say what became of earlier launches whose answer was lost."""
        verdicts = await self.call(lambda: session.services.settling.settle_all())
        if verdicts:
            from jsft_tui.services.launch.launched import sentence
            from jsft_tui.tui.dialogs.text import ReadingDialog

            lines = [line(sentence(each)) for each in verdicts]
            await self.tell(ReadingDialog("Launches that were not answered", lines))

    def _not_opened(self, problem: Problem) -> None:
        """No account can be reached: how to sign in, or the sandbox."""
        self.problem = problem
        self.go(ScreenId.WELCOME)
        self.refresh_data()

    def _identity_settled(self) -> None:
        """Whether anybody is signed in is known now."""
        problem = self.session.problems.get("identity") if self.session else None
        is_needed = not self.session_factory.choice.public
        if problem is not None and problem.code in NO_TARGET and is_needed:
            self._not_opened(problem)
        elif self._here is ScreenId.WELCOME:
            self.go(ScreenId.MODELS)

    def find_out(self, fact: Fact, then: Callable[[], None] = lambda: None) -> None:
        """Ask for something about the target, and show it everywhere; `then` is called after that."""
        self.start(f"fact {fact.name}", partial(self._find_out, fact, then))

    async def _find_out(self, fact: Fact, then: Callable[[], None]) -> None:
        missed: Problem | None = None
        try:
            fact.take(await self.call(fact.ask))
        except Problem as problem:
            missed = problem
            fact.missed(problem)
        if fact.name == "identity":
            self._identity_settled()
        self.refresh_data()
        then()
        is_told = fact.name == "spec" or (fact.name == "identity" and not self.session_factory.choice.public)
        if missed is not None and is_told:
            self.say_problem(missed)

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

    @on(OtherDraft)
    def _other_draft(self, event: OtherDraft) -> None:
        """Two jsft work on one target: nothing of the other one is lost."""
        from jsft_tui.tui.dialogs.text import ReadingDialog

        event.stop()
        said = (
            "Another jsft works on this target and has changed its draft. The draft here goes on; the other one is "
            f"kept as {event.path}, and for its model."
        )
        self.start("draft", partial(self.tell, ReadingDialog("Draft", [line(said)])))

    # Screens

    def refresh_data(self) -> None:
        """Show the welcome screen where no account can be reached, and draw what is shown."""
        if self.problem is not None and self._here is not ScreenId.WELCOME:
            self.go(ScreenId.WELCOME)
        if (screen := self.work_screen) is not None:
            screen.refresh_data()

    def take_config(self, config: Config) -> None:
        """Other settings: what they give to runs is found out anew."""
        self.session_factory = replace(self.session_factory, config=config)
        if self.session is not None:
            self.session.services.adopt(config)
            self.find_out(self.session.defaults_fact())
        self.say(f"Kept in {self.session_factory.config_file}.", Status.COMPLETED)

    @flow("target")
    async def action_target(self) -> None:
        """Switch profile or region, or enter the sandbox."""
        from jsft_tui.tui.dialogs.sign_in.target import choose_target

        await choose_target(self)

    def action_retry(self) -> None:
        """Ask again for what could not be found out; open the target when none is."""
        if self.session is None or SIGN_IN in self.session.problems or self.problem is not None:
            # Only new clients take new keys.
            self.start("target", partial(self.switch_target, self.session_factory))
            return
        self.session.services.catalog.forget()
        for fact in self.session.facts():
            self.find_out(fact)
        if (screen := self.work_screen) is not None:
            screen.load()

    # Jobs

    def poll_jobs(self) -> None:
        """Ask for the list of jobs at once."""
        self.job_poller.ask_now()

    def jobs_shown_changed(self) -> None:
        """Other jobs, or endpoints, are on screen."""
        self.job_poller.refresh_data()
        self.endpoint_poller.refresh_data()

    def poll_endpoints(self) -> None:
        """Ask for the list of endpoints at once."""
        self.endpoint_poller.ask_now()

    def look_at_jobs(self) -> None:
        """Tell which jobs of the list ended, or are near a limit."""
        self.notifier.look_at_list()
        self.tab.show()

    def look_at_job(self, watched: JobSnapshot) -> None:
        """Tell what is worth it of a job that is watched."""
        self.notifier.look_at_job(watched)
        self.tab.show()

    # Leaving

    def action_interrupt(self) -> None:
        """Leave when pressed twice."""
        if time.monotonic() - self._interrupted_at < TWICE:
            self.exit(return_code=130)
        self._interrupted_at = time.monotonic()
        self.say(f"Press {self.key_names.word('interrupt')} once more to leave. Jobs go on running.", Status.WARNING)

    def on_unmount(self) -> None:
        """Save the draft and cancel running tasks before the program ends; the terminal gets its title back."""
        self.cancel_flows()
        if "tab" in self.__dict__ and (title := self.tab.restore()):
            self.write_sequence(title)
        for session in (self.session, self._desk_before):
            if session is not None:
                session.drafts.flush()
