"""Tells alerts about jobs to a person who may look elsewhere: status line, bell, notification, their own command."""

from __future__ import annotations

import os
from collections.abc import Sequence

from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import clean
from jsft_tui.core.jobs.alerts import JobSnapshot
from jsft_tui.services.jobs.alerts import JobAlert
from jsft_tui.tui.base.app_base import BaseApp

MOST_NOTIFICATIONS = 3
"""Notifications at once; a hundred jobs that end together need no more."""


class Notifier:
    """Asks the open target's book what is to be told, and tells it."""

    def __init__(self, app: BaseApp) -> None:
        self._app = app

    def look_at_list(self) -> None:
        """Jobs and searches of the list may have ended, or be near a limit."""
        session = self._app.session
        if session is None:
            return
        state, tracker = session.job_list.state, session.alerts
        found = tracker.listed(state.jobs, session.now(), session.prices, session.cap_of)
        self._tell([*found, *tracker.ended_searches(state.searches.values())])

    def look_at_job(self, watched: JobSnapshot) -> None:
        """More is known of a job that is watched."""
        if self._app.session is not None:
            self._tell(self._app.session.alerts.watched(watched))

    def _tell(self, told: Sequence[JobAlert]) -> None:
        if not told:
            return
        ends = [each.job for each in told if each.is_end and not each.is_search]
        first = [words for job in ends if (words := self._app.first_model_words(job))]
        self._app.say("  ".join([*(each.text for each in told), *first]), _sign(told[-1]))
        if self._app.session_factory.config.notify:
            self._app.bell()
            if os.environ.get("TERM") != "linux":  # the console knows no notifications
                for each in told[:MOST_NOTIFICATIONS]:
                    self._app.write_sequence(notification(each.text))
        for each in told:
            if each.is_end:
                self._run_hook(each)

    def _run_hook(self, ended: JobAlert) -> None:
        job, session = ended.job, self._app.session
        if session is not None and session.services.config.on_finish:
            hook = session.services.finish_hook

            async def run() -> None:
                await self._app.call(lambda: hook.run(job))

            self._app.start(f"on_finish {job.name}", run)


def _sign(told: JobAlert) -> Status:
    return told.job.status.as_status if told.is_end else Status.WARNING


def notification(text: str) -> str:
    """Return the escape sequence OSC 9: iTerm2, kitty, WezTerm, Ghostty and others show its text on the desktop.

    The word before the text keeps it from being taken for a number: `9;4` is a progress bar to some terminals.
    """
    return f"\x1b]9;jsft: {clean(text)}\x07"
