"""Keeps a list current, as often as somebody would see it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from jsft_tui.core.common.errors import Problem
from jsft_tui.tui.terminal.one_shot import one_shot

if TYPE_CHECKING:
    from textual.timer import Timer

    from jsft_tui.services.session.session import Session
    from jsft_tui.tui.base.app_base import BaseApp


class ListPoller(ABC):
    """Asks in threads, one question at a time, and tells the screen that is shown.

    Attributes:
        GROUP: of the worker that asks, and the name of the timer.
    """

    GROUP: ClassVar[str]

    def __init__(self, app: BaseApp) -> None:
        self._app = app
        self._session: Session | None = None
        self._timer: Timer | None = None
        self._is_asking = self._again = False

    def start(self, session: Session) -> None:
        """Poll for a target that was just opened."""
        self.stop()
        self._session = session
        self.ask_now()

    def stop(self) -> None:
        """Poll no more; an answer that is under way is dropped."""
        self._cancel_timer()
        self._app.cancel(self.GROUP)
        self._session, self._is_asking, self._again = None, False, False

    def ask_now(self) -> None:
        """Ask at once: something happened, or the list came on screen."""
        session = self._session
        if session is None or self._is_asking:
            self._again = self._is_asking  # what happened meanwhile may not be in the answer
            return
        self._cancel_timer()
        self._is_asking = True
        self._app.start(self.GROUP, partial(self._ask, session))

    def refresh_data(self) -> None:
        """Another screen is shown: the list is wanted more often, or less."""
        if self._session is None or self._is_asking:
            return
        if self._is_shown:
            self.ask_now()
        else:
            self._schedule(self._session)

    async def _ask(self, session: Session) -> None:
        with suppress(Problem):  # the list's state has it; only the list's screen has something to say about it
            await self._refresh(session)
        self._is_asking = False
        self._show()
        again, self._again = self._again, False
        if again:
            self.ask_now()
        elif self._session is not None:
            self._schedule(self._session)

    def _schedule(self, session: Session) -> None:
        self._cancel_timer()
        pause = self._pause(session)
        if pause is not None:
            self._timer = one_shot(self._app, pause, self.ask_now, name=self.GROUP)

    def _cancel_timer(self) -> None:
        if self._timer is not None:
            self._timer.stop()
            self._timer = None

    @property
    @abstractmethod
    def _is_shown(self) -> bool:
        """Return whether the list is on the screen."""

    @abstractmethod
    async def _refresh(self, session: Session) -> None:
        """Bring the session's list up to date.

        Raises:
            Problem: it could not be read.
        """

    @abstractmethod
    def _show(self) -> None:
        """Tell the screen that is shown what the list holds now."""

    @abstractmethod
    def _pause(self, session: Session) -> float | None:
        """Return the seconds until the next question; None for never."""
