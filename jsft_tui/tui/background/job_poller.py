"""Keeps the list of jobs current, as often as somebody would see it."""

from __future__ import annotations

from collections.abc import Mapping

from textual.timer import Timer

from jsft_tui.core.common.errors import Problem
from jsft_tui.services.background.tasks import Reporter
from jsft_tui.services.jobs.job_list import BoardState
from jsft_tui.services.session.session import Desk
from jsft_tui.tui.base.app_base import BaseApp

GROUP = "board"


class BoardPoller:
    """Asks the board in threads, and tells the screen that is shown."""

    def __init__(self, app: BaseApp) -> None:
        self._app = app
        self._desk: Desk | None = None
        self._timer: Timer | None = None
        self._is_asking = self._again = False

    def start(self, desk: Desk) -> None:
        """Poll for a target that was just opened."""
        self.stop()
        self._desk = desk
        self.ask_now()

    def stop(self) -> None:
        """Poll no more; an answer that is under way is dropped."""
        self._cancel_timer()
        self._app.tasks.forget(GROUP)
        self._desk, self._is_asking = None, False

    def ask_now(self) -> None:
        """Ask at once: something happened, or the list came on screen."""
        desk, visible = self._desk, self._visible
        if desk is None or self._is_asking:
            self._again = self._is_asking  # what happened meanwhile may not be in the answer
            return
        self._cancel_timer()
        self._is_asking = True
        curves = screen.shown_curves if (screen := self._app.work_screen) is not None else ()
        board, launcher = desk.board, desk.bench.launcher

        def call(wanted: Reporter[BoardState]) -> Mapping[str, float]:
            board.refresh(visible, wanted.tell, curves)
            return launcher.caps()

        self._app.ask(GROUP, call, self._refreshed, self._failed, self._show)

    def look_again(self) -> None:
        """Another screen is shown: the list is wanted more often, or less."""
        if self._desk is None or self._is_asking:
            return
        if self._visible is not None:
            self.ask_now()
        else:
            self._schedule()

    @property
    def _visible(self) -> tuple[str, ...] | None:
        screen = self._app.work_screen
        return screen.shown_jobs if screen is not None else None

    def _refreshed(self, caps: Mapping[str, float]) -> None:
        self._is_asking = False
        if self._desk is not None:
            self._desk.caps = caps
            self._show(self._desk.board.state)
        self._go_on()

    def _failed(self, problem: Problem) -> None:
        del problem  # the board's state has it; only the Jobs screen has something to say about it
        self._is_asking = False
        if self._desk is not None:
            self._show(self._desk.board.state)
        self._go_on()

    def _go_on(self) -> None:
        again, self._again = self._again, False
        if again:
            self.ask_now()
        else:
            self._schedule()

    def _show(self, state: BoardState) -> None:
        del state  # the desk's board holds it
        if (screen := self._app.work_screen) is not None:
            screen.jobs_changed()
        self._app.look_at_jobs()

    def _schedule(self) -> None:
        self._cancel_timer()
        if self._desk is None:
            return
        pause = self._desk.board.pause(is_shown=self._visible is not None)
        if pause is not None:
            self._timer = self._app.set_timer(pause, self.ask_now, name="board")

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None
