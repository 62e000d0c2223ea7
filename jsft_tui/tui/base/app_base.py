"""What screens, dialogs and background work may use of the app and of the screen that is shown.

`JsftApp` is the only subclass of `BaseApp`, `WorkScreen` the only one of `ShownScreen`: what builds on them imports
this file, so that no two files of the interface import each other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar
from weakref import WeakSet

from textual import events
from textual.app import App
from textual.dom import DOMNode
from textual.worker import Worker, active_worker, get_current_worker

from jsft_tui.core.account.sign_in import SIGN_IN, signed_out
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import clean_block
from jsft_tui.services.background.tasks import AwaitedCalls
from jsft_tui.tui.base.dialog import Dialog
from jsft_tui.tui.base.shown_screen import ShownScreen
from jsft_tui.tui.base.surprises import without_surprises
from jsft_tui.tui.base.texts.remedy_text import on_screen
from jsft_tui.tui.keymap.action import ScreenId
from jsft_tui.tui.keymap.actions import find_action

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from jsft_tui.config import Config
    from jsft_tui.core.jobs.alerts import JobSnapshot
    from jsft_tui.core.jobs.training_job import TrainingJob
    from jsft_tui.services.background.tasks import Reporter
    from jsft_tui.services.session.open import SessionFactory
    from jsft_tui.services.session.session import Fact, Session
    from jsft_tui.tui.base.flow import Flow
    from jsft_tui.tui.base.model_download import ModelDownload
    from jsft_tui.tui.keymap.labels import KeyNames

T = TypeVar("T")
P = TypeVar("P")
R = TypeVar("R")

_WAY_TO = {
    ScreenId.JOB: ScreenId.JOBS,
    ScreenId.TUNING: ScreenId.JOBS,
    ScreenId.COMPARE: ScreenId.JOBS,
    ScreenId.ASK: ScreenId.JOBS,
    ScreenId.CUSTOMIZE: ScreenId.MODELS,
}
"""Screens that show what is chosen on another one."""

WITHOUT_TARGET = frozenset({"target", "theme", "leave", "preload"})
"""Flows of the app that go on while another target is opened."""

MOST_BACK = 20
"""Screens that one can go back."""


class BaseApp(App[None]):
    """Calls services, goes from screen to screen, and says what comes of it."""

    session_factory: SessionFactory
    keymap: Mapping[str, str]
    key_names: KeyNames

    def __init__(self) -> None:
        super().__init__()
        self.calls = AwaitedCalls()
        self._delayed: WeakSet[Worker[Any]] = WeakSet()
        """Flows that awaited a call since the last key or answer that was meant for them."""
        self.session: Session | None = None
        self.problem: Problem | None = None
        """Why no account can be reached; the welcome screen shows it."""
        self.work_screens: list[ShownScreen] = []
        """The screens that were shown so far; what is under way on them goes on."""
        self.download: ModelDownload | None = None
        """The one that is under way."""
        self.job_name = ""
        """The job that the Job screen shows."""
        self.search_name = ""
        """The search that the Tuning screen shows."""
        self.deploying = ""
        """The endpoint that is being created."""
        self.endpoint_name = ""
        """The endpoint that the Endpoints screen has its cursor on when it is shown next."""
        self.wants_to_ask = False
        """Whether that one is to be asked there."""
        self.asked_job = ""
        """The job whose model is asked on a screen of its own."""
        self.keys_pressed = 0
        self._keys_until: dict[str, int] = {}
        """Job that was launched from here -> keys that were pressed until then."""
        self._first_model: tuple[str, str] | None = None
        """The first job ever that completed, and what is said of it."""
        self.compared_jobs: tuple[str, ...] = ()
        """The jobs that the Compare screen shows."""
        self._here = ScreenId.MODELS
        self._before: list[ScreenId] = []

    async def on_event(self, event: events.Event) -> None:
        """Tell the screen of a key before it has any effect: what the key causes may be said after that."""
        if isinstance(event, events.Key) and not event.is_forwarded:
            self.keys_pressed += 1
            if isinstance(self.screen, ShownScreen):
                self.screen.key_pressed()
        await super().on_event(event)

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
        """Draw the screen that is shown: the target, the draft or a fact may have changed."""
        raise NotImplementedError

    def find_out(self, fact: Fact, then: Callable[[], None] = lambda: None) -> None:
        """Ask for something about the target, and show it everywhere; `then` is called after that."""
        raise NotImplementedError

    def begin_in_sandbox(self) -> None:
        """Enter the sandbox, and have a draft ready there."""
        raise NotImplementedError

    def open_target(self, session_factory: SessionFactory) -> None:
        """Open a target; what was under way for another one is forgotten."""
        raise NotImplementedError

    async def switch_target(self, session_factory: SessionFactory) -> None:
        """Open another target; asks when something under way would be lost."""
        raise NotImplementedError

    def show_theme(self, choice: str) -> None:
        """Use the theme of a choice (value of the setting `theme`)."""
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

    def poll_endpoints(self) -> None:
        """Ask for the list of endpoints at once: something happened."""
        raise NotImplementedError

    def look_at_jobs(self) -> None:
        """Jobs of the list may have ended, or be near a limit: tell it."""
        raise NotImplementedError

    def look_at_job(self, watched: JobSnapshot) -> None:
        """More is known of a job that is watched: tell what is worth it."""
        raise NotImplementedError

    # Flows

    def start(self, group: str, flow: Flow) -> None:
        """Run a coroutine; an older flow of the same group is cancelled.

        A Problem that the coroutine does not handle is shown in the status line.
        """
        self.start_on(self, group, flow, self.say_problem)

    def start_on(self, node: DOMNode, group: str, flow: Flow, say_problem: Callable[[Problem], None]) -> None:
        """Run a coroutine as a worker of the app or of a screen; `say_problem` shows what it does not handle."""

        async def run() -> None:
            try:
                await flow()
            except Problem as problem:
                say_problem(problem)

        _: Worker[None] = node.run_worker(run, group=group, exclusive=True)

    async def call(self, function: Callable[[], T]) -> T:
        """Call a service in a thread, from a flow. No widget may be touched in the function.

        Raises:
            Problem: what the service raised, in the words of a screen.
        """
        return await self.call_with_progress(lambda _: function(), lambda _: None)

    async def call_with_progress(self, function: Callable[[Reporter[P]], T], on_progress: Callable[[P], None]) -> T:
        """Call a service in a thread, from a flow; `on_progress` is given what it reports, and may touch widgets.

        Raises:
            Problem: what the service raised, in the words of a screen.
        """
        worker = get_current_worker()
        try:
            return await self.calls.run(_call_name(worker), without_surprises(function), on_progress)
        except Problem as problem:
            raise on_screen(self.told(problem)) from problem
        finally:
            self._delayed.add(worker)

    async def open_dialog(self, dialog: Dialog[R]) -> R | None:
        """Show a dialog, from a flow, and return its answer; None when it was left without one.

        After a service call it comes late, maybe while the person types: then it waits until the screen that is shown
        has no other dialog, and ignores keys for a moment.
        """
        return await self.open_dialog_on(self.work_screen, dialog)

    async def open_dialog_on(self, screen: ShownScreen | None, dialog: Dialog[R]) -> R | None:
        """Show a dialog on a screen; a late one waits until that screen is shown."""
        worker = get_current_worker()
        if worker in self._delayed and screen is not None:
            await screen.wait_for_turn()
            dialog.guard_input()
        # A dialog that is opened by a key, or by the answer to another dialog, gets the keys right behind that one.
        self._delayed.discard(worker)
        return await self.push_screen_wait(dialog)

    def cancel(self, *groups: str) -> None:
        """Cancel flows of the app."""
        for group in groups:
            self.workers.cancel_group(self, group)

    def cancel_flows(self) -> None:
        """Cancel the flows of the app and of all screens that are about a target, but not the one that calls this."""
        for worker in list(self.workers):
            is_ours = isinstance(worker.node, BaseApp | ShownScreen) and worker.group not in WITHOUT_TARGET
            if is_ours and worker is not active_worker.get(None):
                worker.cancel()

    def told(self, problem: Problem) -> Problem:
        """Return the problem as it is shown; remember an expired sign-in for `retry` and for the header."""
        profile = self.session.target.profile if self.session else None
        shown = on_screen(problem)
        told = signed_out(shown, profile, self.key_names.word("retry"))
        if told is not shown and self.session is not None and SIGN_IN not in self.session.problems:
            self.session.problems[SIGN_IN] = problem
            self.call_later(self.refresh_data)
        return told

    def signed_in(self) -> None:
        """Forget that the sign-in had expired: a call has succeeded."""
        if self.session is not None and self.session.problems.pop(SIGN_IN, None) is not None:
            self.call_later(self.refresh_data)

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

    def first_model_words(self, job: TrainingJob) -> str:
        """Return what is said when somebody's first job ever completes; empty for every other one."""
        from jsft_tui.core.jobs.training_job import JobStatus
        from jsft_tui.services.jobs.first_model import FirstModel

        session = self.session
        if session is None or job.status is not JobStatus.COMPLETED:
            return ""
        first = FirstModel(self.session_factory.paths.state / "first-model")
        if self._first_model is None and first.take(job, session.job_list.state.jobs):
            keys = self._keys_until.get(job.name)
            took = f" It took {keys} keys." if keys else ""
            self._first_model = job.name, f"Your first fine-tuned model.{took}"
        return self._first_model[1] if self._first_model is not None and self._first_model[0] == job.name else ""

    def open_job(self, name: str) -> None:
        """Show a job."""
        self.job_name = name
        if self.session is not None and self.session.job_list.state.get(name) is None:
            self._keys_until.setdefault(name, self.keys_pressed)  # launched just now
        self._go_or_look(ScreenId.JOB)
        self.poll_jobs()  # it may have been launched just now

    def open_search(self, name: str) -> None:
        """Show a search."""
        self.search_name = name
        self._go_or_look(ScreenId.TUNING)
        self.poll_jobs()  # it may have been launched just now

    def open_endpoint(self, name: str) -> None:
        """Show an endpoint in the list."""
        self.endpoint_name = name
        self._go_or_look(ScreenId.ENDPOINTS)
        self.poll_endpoints()  # it may have been created just now

    def ask_endpoint(self, name: str) -> None:
        """Show an endpoint in the list, ready to be asked."""
        self.wants_to_ask = True
        self.open_endpoint(name)

    def ask_job(self, name: str) -> None:
        """Ask the model of a job, which needs no endpoint in the sandbox."""
        self.asked_job = name
        self._go_or_look(ScreenId.ASK)

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
        where, action = find_action(action_id)
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

    async def tell(self, dialog: Dialog[R]) -> None:
        """Show a dialog that no key has opened on the screen that is shown, from a flow."""
        self._delayed.add(get_current_worker())
        await self.open_dialog(dialog)

    def copy_to_clipboard(self, text: str) -> None:
        """Send a text to the terminal's clipboard: no controls, no line end after it that runs it.

        What is meant as one line is cleaned to one line by whoever sends it.
        """
        super().copy_to_clipboard(clean_block(text).rstrip("\n"))

    def say(self, text: str, sign: Status | None = None) -> None:
        """Show a message on the screen that is shown."""
        if (screen := self.work_screen) is not None:
            screen.say(text, sign)

    def say_problem(self, problem: Problem) -> None:
        """Show what went wrong."""
        self.say(str(problem), Status.FAILED)


def _call_name(worker: Worker[Any]) -> str:
    return f"{worker.node.WHERE.value} {worker.group}" if isinstance(worker.node, ShownScreen) else worker.group
