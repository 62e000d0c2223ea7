"""The whole interface in this process, driven by keys: `async with at_work(home) as work`."""

from __future__ import annotations

import asyncio
import shutil
import time
from collections.abc import AsyncIterator, Callable, Collection, Set
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from rich.segment import Segment
from textual import events
from textual.pilot import Pilot

from jsft_tui.config import load_config
from jsft_tui.core.run.run import Run
from jsft_tui.services.session.open import SessionFactory
from jsft_tui.services.session.session import Session
from jsft_tui.services.storage.range_cache import RangeCache
from jsft_tui.services.target.resolve import TargetChoice
from jsft_tui.tui.application.app import JsftApp, Start
from jsft_tui.tui.base.dialog import Dialog
from jsft_tui.tui.base.screens.work_screen import WorkScreen
from jsft_tui.tui.widgets.text.text_pane import TextPane
from tests.common.effort import PATIENCE
from tests.common.home import Home, environment

W = TypeVar("W", bound=WorkScreen)

SANDBOX = TargetChoice(sandbox=True)
BETWEEN_KEYS = 2.0
"""Seconds that somebody waits at most for the answer to one key before the next one is pressed."""

PIECES = RangeCache()
"""What preflight reads of the demo's 400 pictures, the same in every test."""


class Work:
    """The app with its pilot."""

    def __init__(self, app: JsftApp, pilot: Pilot[None]) -> None:
        self.app, self.pilot = app, pilot

    @property
    def session(self) -> Session:
        """The open target."""
        assert self.app.session is not None
        return self.app.session

    @property
    def run(self) -> Run:
        """The draft."""
        return self.session.drafts.run

    def screen(self, kind: type[W]) -> W:
        """The screen that is shown, which has to be of this kind."""
        screen = self.app.work_screen
        assert isinstance(screen, kind), screen
        return screen

    @property
    def text(self) -> str:
        """What the whole screen shows, line by line."""
        return "\n".join(self.lines)

    @property
    def lines(self) -> list[str]:
        """The lines that are shown."""
        width, height = self.app.size
        update: Any = self.app.screen._compositor.render_update(full=True)
        rows: list[str] = []
        for strips in update.strips:
            segments: list[Segment] = [segment for strip in strips for segment in strip]
            rows.append("".join(segment.text for segment in segments if not segment.control)[:width].rstrip())
        return rows[:height]

    @property
    def question(self) -> str:
        """What the dialog that is shown says, however its lines are wrapped; empty without one."""
        dialog = self.app.screen
        return "\n".join(pane.text for pane in dialog.query(TextPane)) if isinstance(dialog, Dialog) else ""

    async def press(self, *keys: str) -> None:
        """Press keys, then wait until nothing is under way any more."""
        for key in keys:
            before = self._busy()
            await self.pilot.press(key)
            await self._await_answers(before)
        await self.settle()

    async def type(self, text: str) -> None:
        """Put a text into what has the focus, as a terminal does that pastes: key by key would take seconds."""
        focused = self.app.screen.focused
        assert focused is not None
        focused.post_message(events.Paste(text))
        await self.settle()

    async def settle(self, *ignored: str) -> None:
        """Wait until no question is open (but those of the groups `ignored`) and all messages are handled."""
        ends = time.monotonic() + PATIENCE
        while True:
            await self.pilot.pause()
            if not (busy := self._busy(ignored)):
                return
            while busy:
                assert time.monotonic() < ends, f"still busy: {busy}\n{self.text}"
                await asyncio.sleep(0.005)
                busy = self._busy(ignored)

    async def _await_answers(self, before: Set[str]) -> None:
        """Wait for a while until no question is open that was not open before."""
        ends = time.monotonic() + BETWEEN_KEYS
        while not self._busy() <= before and time.monotonic() < ends:
            await asyncio.sleep(0.005)

    def _busy(self, ignored: Collection[str] = ()) -> Set[str]:
        keys = set() if self.app.keys_are_settled else {"keys"}
        return self.app.calls.busy - set(ignored) | keys

    async def wait_for(self, condition: Callable[[], bool] | str) -> None:
        """Wait until a condition holds, or the screen shows a text."""
        holds = condition if callable(condition) else lambda: condition in self.text
        ends = time.monotonic() + PATIENCE
        while not holds():
            assert time.monotonic() < ends, f"{condition} never came true:\n{self.text}"
            await self.pilot.pause(0.02)


@asynccontextmanager
async def at_work(
    home: Home,
    size: tuple[int, int] = (100, 30),
    *,
    demo: bool = False,
    choice: TargetChoice = SANDBOX,
    settled: bool = True,
    fresh: bool = True,
    **variables: str,
) -> AsyncIterator[Work]:
    """The app at work in a home's sandbox (or at another target).

    Args:
        home: whose files, and which sandbox.
        size: of the terminal, columns and rows.
        demo: whether to begin with the demo's draft.
        choice: the target.
        settled: whether to wait until the target is open and nothing is under way.
        fresh: whether to begin without the draft and the recent places of the last time.
        variables: of the environment.
    """
    if fresh:
        for name in ("drafts", "recents"):
            shutil.rmtree(home.paths.state / name, ignore_errors=True)
    with environment(home.environment(**variables)):
        session_factory = SessionFactory(choice, home.paths, load_config(home.paths.config_file))
        app = JsftApp(Start(session_factory, demo))
        async with app.run_test(size=size) as pilot:
            work = Work(app, pilot)
            if settled:
                await work.wait_for(lambda: app.session is not None)
                await work.settle()
                if demo:
                    work.session.services.storage._ranges = PIECES
            yield work
