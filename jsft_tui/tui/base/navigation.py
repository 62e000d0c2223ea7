"""From screen to screen and back, and what a screen is to show when one gets there."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, TypeVar

from jsft_tui.core.common.errors import Problem
from jsft_tui.tui.base.dialog import Dialog
from jsft_tui.tui.base.screen import WorkScreen
from jsft_tui.tui.keymap.action import Where
from jsft_tui.tui.keymap.actions import BY_SCREEN
from jsft_tui.tui.theme.themes import Sign

if TYPE_CHECKING:
    from textual.app import App

    from jsft_tui.tui.background.job_poller import BoardPoller

    _Base = App[Any]
else:
    _Base = object

R = TypeVar("R")

_WAY_TO = {Where.JOB: Where.JOBS, Where.COMPARE: Where.JOBS}
"""Screens that show what is chosen on another one."""

MOST_BACK = 20
"""Screens that one can go back."""


class NavigationMixin(_Base):
    """Put before `App` in the bases."""

    board_poller: BoardPoller
    problem: Problem | None
    """Why no account can be reached; the welcome screen shows it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.job_name = ""
        """The job that the Job screen shows."""
        self.compared_jobs: tuple[str, ...] = ()
        """The jobs that the Compare screen shows."""
        self._here = Where.MODELS
        self._before: list[Where] = []

    @property
    def work_screen(self) -> WorkScreen | None:
        """The screen that is shown, below any dialog."""
        shown = [screen for screen in self.screen_stack if isinstance(screen, WorkScreen)]
        return shown[-1] if shown else None

    def go(self, where: Where) -> None:
        """Show a screen; `back` comes back from it."""
        if where is self._here or isinstance(self.screen, Dialog):
            return
        if not self._may_show(where):
            why = "No target is open: sign in and try again, choose a profile, or enter the sandbox."
            self.say(why, Sign.WARNING)
            return
        if self._here is not Where.WELCOME:
            self._before = [*self._before[-MOST_BACK:], self._here]
        self._show(where)

    def _may_show(self, where: Where) -> bool:
        """Without an account only the welcome screen has something to show."""
        return self.problem is None or where is Where.WELCOME

    def _show(self, where: Where) -> None:
        self._here = where
        self.switch_screen(where.value)
        self.board_poller.look_again()

    def open_job(self, name: str) -> None:
        """Show a job."""
        self.job_name = name
        self._go_or_look(Where.JOB)
        self.board_poller.ask_now()  # it may have been launched just now

    def compare_jobs(self, names: Sequence[str]) -> None:
        """Show jobs side by side."""
        self.compared_jobs = tuple(names)
        self._go_or_look(Where.COMPARE)

    def _go_or_look(self, where: Where) -> None:
        """Show a screen that has something else to show now, which may be the one that is shown already."""
        if where is self._here and (screen := self.work_screen) is not None:
            screen.look_again()
        else:
            self.go(where)

    def action_go(self, name: str) -> None:
        """Show a screen by its name."""
        self.go(Where(name))

    def action_show_action(self, action_id: str) -> None:
        """Go where an action can be done, and say with which key."""
        where, action = next((w, a) for w, actions in BY_SCREEN.items() for a in actions if a.id == action_id)
        self.go(_WAY_TO.get(where, where))
        if (screen := self.work_screen) is not None and self._here is _WAY_TO.get(where, where):
            first = "" if where is self._here else f"{where.title} is reached from here. There, "
            self.call_later(self.say, f"{first}{screen.key(action_id)}: {action.help}")

    async def action_back(self) -> None:
        """Go back within the screen, else show the one before it."""
        if isinstance(self.screen, WorkScreen) and self.screen.step_back():
            return
        if self._before and not isinstance(self.screen, Dialog) and self._may_show(self._before[-1]):
            self._show(self._before.pop())

    def action_settings(self) -> None:
        """Show the settings."""
        self.go(Where.SETTINGS)

    def ask_person(self, dialog: Dialog[R], then: Callable[[R | None], None]) -> None:
        """Put a question that comes of an answer on the screen that is shown."""
        if (screen := self.work_screen) is not None:
            screen.ask_person(dialog, then)

    def say(self, text: str, sign: Sign | None = None) -> None:
        """Show a message on the screen that is shown."""
        if (screen := self.work_screen) is not None:
            screen.say(text, sign)
