"""What screens, dialogs and background work may use of the app and of the screen that is shown.

`JsftApp` is the only subclass of `BaseApp`, `WorkScreen` the only one of `ShownScreen`: what builds on them imports
this file, so that no two files of the interface import each other.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeVar

from textual import on
from textual.app import App

from jsft_tui.config import Config
from jsft_tui.core.account.sign_in import signed_out
from jsft_tui.core.common.errors import Problem, ProblemKind
from jsft_tui.core.jobs.alerts import Watched
from jsft_tui.crash import write_crash_report
from jsft_tui.services.background.tasks import Answer, ExclusiveTasks, Reporter
from jsft_tui.services.session.open import SessionFactory
from jsft_tui.services.session.session import SIGN_IN, Fact, Session
from jsft_tui.tui.base.dialog import Dialog
from jsft_tui.tui.base.messages import Answered
from jsft_tui.tui.base.model_download import ModelDownload
from jsft_tui.tui.base.remedy_text import on_screen
from jsft_tui.tui.base.shown_screen import ShownScreen
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.keymap.actions import BY_SCREEN
from jsft_tui.tui.keymap.labels import KeyNames
from jsft_tui.tui.theme.themes import Status

T = TypeVar("T")
P = TypeVar("P")
R = TypeVar("R")

_WAY_TO = {ScreenId.JOB: ScreenId.JOBS, ScreenId.COMPARE: ScreenId.JOBS}
"""Screens that show what is chosen on another one."""

MOST_BACK = 20
"""Screens that one can go back."""


class BaseApp(App[None]):
    """Calls services, goes from screen to screen, and says what comes of it."""

    session_factory: SessionFactory
    keymap: Mapping[str, str]
    key_names: KeyNames

    def __init__(self) -> None:
        super().__init__()
        self.tasks = ExclusiveTasks(lambda answer: self._post(answer))
        self.session: Session | None = None
        self.problem: Problem | None = None
        """Why no account can be reached; the welcome screen shows it."""
        self.work_screens: list[ShownScreen] = []
        """The screens that were shown so far; what is under way on them goes on."""
        self.download: ModelDownload | None = None
        """The one that is under way."""
        self.job_name = ""
        """The job that the Job screen shows."""
        self.compared_jobs: tuple[str, ...] = ()
        """The jobs that the Compare screen shows."""
        self._here = ScreenId.MODELS
        self._before: list[ScreenId] = []

    # What only the whole app can do

    @property
    def greeting(self) -> str:
        """What is said where there is nothing else to say."""
        raise NotImplementedError

    def write_sequence(self, sequence: str) -> None:
        """Write an escape sequence to the terminal, between two frames."""
        raise NotImplementedError

    @property
    def opening_label(self) -> str:
        """What the header says while no target is open."""
        raise NotImplementedError

    def refresh_data(self) -> None:
        """The target, the draft or a fact may be another: the screen that is shown draws it."""
        raise NotImplementedError

    def find_out(self, fact: Fact, then: Callable[[], None] = lambda: None) -> None:
        """Ask for something about the target, and show it everywhere; `then` is called after that."""
        raise NotImplementedError

    def open_target(self, session_factory: SessionFactory) -> None:
        """Open a target; what was under way for another one is forgotten."""
        raise NotImplementedError

    def switch_target(self, session_factory: SessionFactory) -> None:
        """Open another target; asks when something under way would be lost."""
        raise NotImplementedError

    def take_config(self, config: Config) -> None:
        """Other settings: what they give to runs is found out again."""
        raise NotImplementedError

    def poll_jobs(self) -> None:
        """Ask for the list of jobs at once: something happened, or the list came on screen."""
        raise NotImplementedError

    def jobs_shown_changed(self) -> None:
        """Other jobs are on screen: the list of jobs is wanted more often, or less."""
        raise NotImplementedError

    def look_at_jobs(self) -> None:
        """Jobs of the list may have ended, or be near a limit: tell it."""
        raise NotImplementedError

    def look_at_job(self, watched: Watched) -> None:
        """More is known of a job that is watched: tell what is worth it."""
        raise NotImplementedError

    # Asking

    def ask(
        self,
        group: str,
        call: Callable[[Reporter[P]], T],
        then: Callable[[T], None],
        failed: Callable[[Problem], None],
        each: Callable[[P], None] = lambda _: None,
    ) -> None:
        """Call a service in a thread; what it comes to is handed over here, where widgets may be touched."""

        def wrong(error: BaseException) -> None:
            failed(on_screen(self.told(error)) if isinstance(error, Problem) else _unexpected(error))

        self.tasks.start(group, call, then, wrong, each)

    def told(self, problem: Problem) -> Problem:
        """The problem as it is shown; that the sign-in is over is remembered for `retry` and for the header."""
        profile = self.session.target.profile if self.session else None
        told = signed_out(problem, profile, self.key_names.word("retry"))
        if told is not problem and self.session is not None and SIGN_IN not in self.session.problems:
            self.session.problems[SIGN_IN] = problem
            self.call_later(self.refresh_data)
        return told

    def signed_in(self) -> None:
        """An answer came: whoever was signed out is signed in again."""
        if self.session is not None and self.session.problems.pop(SIGN_IN, None) is not None:
            self.call_later(self.refresh_data)

    def _post(self, answer: Answer) -> None:
        self.post_message(Answered(answer))

    @on(Answered)
    def _answered(self, event: Answered) -> None:
        event.stop()
        self.tasks.settle(event.answer)

    # From screen to screen

    @property
    def work_screen(self) -> ShownScreen | None:
        """The screen that is shown, below any dialog."""
        shown = [screen for screen in self.screen_stack if isinstance(screen, ShownScreen)]
        return shown[-1] if shown else None

    def go(self, where: ScreenId) -> None:
        """Show a screen; `back` comes back from it."""
        if where is self._here or isinstance(self.screen, Dialog):
            return
        if not self._may_show(where):
            why = "No target is open: sign in and try again, choose a profile, or enter the sandbox."
            self.say(why, Status.WARNING)
            return
        if self._here is not ScreenId.WELCOME:
            self._before = [*self._before[-MOST_BACK:], self._here]
        self._show(where)

    def _may_show(self, where: ScreenId) -> bool:
        """Without an account only the welcome screen has something to show."""
        return self.problem is None or where is ScreenId.WELCOME

    def _show(self, where: ScreenId) -> None:
        self._here = where
        self.switch_screen(where.value)
        self.jobs_shown_changed()

    def open_job(self, name: str) -> None:
        """Show a job."""
        self.job_name = name
        self._go_or_look(ScreenId.JOB)
        self.poll_jobs()  # it may have been launched just now

    def compare_jobs(self, names: Sequence[str]) -> None:
        """Show jobs side by side."""
        self.compared_jobs = tuple(names)
        self._go_or_look(ScreenId.COMPARE)

    def _go_or_look(self, where: ScreenId) -> None:
        """Show a screen that has something else to show now, which may be the one that is shown already."""
        if where is self._here and (screen := self.work_screen) is not None:
            screen.refresh_data()
        else:
            self.go(where)

    def action_go(self, name: str) -> None:
        """Show a screen by its name."""
        self.go(ScreenId(name))

    def action_show_action(self, action_id: str) -> None:
        """Go where an action can be done, and say with which key."""
        where, action = next((w, a) for w, actions in BY_SCREEN.items() for a in actions if a.id == action_id)
        self.go(_WAY_TO.get(where, where))
        if (screen := self.work_screen) is not None and self._here is _WAY_TO.get(where, where):
            first = "" if where is self._here else f"{where.title} is reached from here. There, "
            self.call_later(self.say, f"{first}{screen.key(action_id)}: {action.help}")

    async def action_back(self) -> None:
        """Go back within the screen, else show the one before it."""
        if isinstance(self.screen, ShownScreen) and self.screen.step_back():
            return
        if self._before and not isinstance(self.screen, Dialog) and self._may_show(self._before[-1]):
            self._show(self._before.pop())

    def action_settings(self) -> None:
        """Show the settings."""
        self.go(ScreenId.SETTINGS)

    def ask_person(self, dialog: Dialog[R], then: Callable[[R | None], None]) -> None:
        """Put a question that comes of an answer on the screen that is shown."""
        if (screen := self.work_screen) is not None:
            screen.ask_person(dialog, then)

    def say(self, text: str, sign: Status | None = None) -> None:
        """Show a message on the screen that is shown."""
        if (screen := self.work_screen) is not None:
            screen.say(text, sign)

    def say_problem(self, problem: Problem) -> None:
        """Show what went wrong."""
        self.say(str(problem), Status.FAILED)


def _unexpected(error: BaseException) -> Problem:
    path = write_crash_report(error)
    message = f"an unexpected error: {type(error).__name__}."
    return Problem("Unexpected", message, f"Details are in {path}.", kind=ProblemKind.UNEXPECTED)
