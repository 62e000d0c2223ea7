"""Keys that are typed before a list is there: a filter holds when it comes, and enter takes no row that nobody saw."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, fields
from pathlib import Path

import pytest

from jsft_tui.services.session.session import Session
from jsft_tui.tui.application.app import JsftApp, Start
from jsft_tui.tui.screens.models.screen import ModelsScreen
from jsft_tui.tui.widgets.bars.filter_bar import FilterBar
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from tests.common.effort import PATIENCE
from tests.tui.driver.pilot import Work
from tests.tui.driver.still import StillOpening, still_app
from tests.tui.driver.worlds import ORDINARY


@dataclass(frozen=True)
class LateOpening(StillOpening):
    """Opens its world when it is told to."""

    may_open: threading.Event = field(default_factory=threading.Event)

    def open_session(self) -> Session:
        self.may_open.wait(PATIENCE)
        return super().open_session()


@asynccontextmanager
async def before_it_opens(folder: Path) -> AsyncIterator[tuple[Work, threading.Event]]:
    """The app that has shown its first screen, but has no target yet; the event opens it."""
    start = still_app(ORDINARY, folder).session_factory
    assert isinstance(start, StillOpening)
    session_factory = LateOpening(**{each.name: getattr(start, each.name) for each in fields(start)})
    app = JsftApp(Start(session_factory))
    async with app.run_test(size=(100, 30)) as pilot:
        work = Work(app, pilot)
        try:
            yield work, session_factory.may_open
        finally:
            session_factory.may_open.set()


async def opened(work: Work, may_open: threading.Event) -> None:
    may_open.set()
    await work.wait_for(lambda: work.app.session is not None)
    await work.settle()


@pytest.mark.parametrize(
    ("keys", "text", "shown", "hidden"),
    [
        ((), "textgeneration", " 1 of 1 ", "efficientnet-lite0-c"),
        (("2",), "archive", "team-archive", "team-data "),
        (("3",), "12xlarge", "ml.g5.12xlarge", "ml.g4dn.xlarge"),
        (("4",), "epoch", "epochs", "batch_size  "),
        (("6",), "stopped", "1 of ", "completed"),
    ],
    ids=["models", "data", "instance", "hyperparameters", "jobs"],
)
async def test_a_filter_typed_early_holds_when_the_list_comes(
    keys: tuple[str, ...], text: str, shown: str, hidden: str, tmp_path: Path
) -> None:
    async with before_it_opens(tmp_path) as (work, may_open):
        for key in (*keys, "slash", *text):
            await work.pilot.press(key)
        bar = work.app.screen.query_one(FilterBar)
        bar.post_message(bar.Changed(bar, text))  # as after a pause
        await work.pilot.pause()
        await opened(work, may_open)
        assert bar.value == text
        await work.wait_for(shown)
        listed = "\n".join(line[:60] for line in work.lines[3:20])
        assert hidden not in listed, listed


async def test_moves_and_enter_before_the_list_do_nothing(tmp_path: Path) -> None:
    async with before_it_opens(tmp_path) as (work, may_open):
        for key in ("down", "down", "enter"):
            await work.pilot.press(key)
        before = ORDINARY.draft
        await opened(work, may_open)
        assert work.run == before
        await work.press("slash", *"textgen", "enter", "enter")
        assert "textgeneration" in work.run.model.id


async def test_the_cursor_stays_where_the_person_put_it_when_the_region_answers(tmp_path: Path) -> None:
    app = still_app(ORDINARY, tmp_path)
    async with app.run_test(size=(100, 30)) as pilot:
        work = Work(app, pilot)
        await work.settle()
        table = work.screen(ModelsScreen).query_one(VirtualTable)
        assert table.cursor_key == work.run.model.id  # at first the draft's model
        await work.press("G")
        last = table.cursor_key
        assert last != work.run.model.id
        await work.press("r")  # asked again, and answered
        assert table.cursor_key == last
        await work.press("slash", *"tc", "enter", "escape")
        await work.press("slash", "escape", "escape")
        await work.press("r")
        assert table.cursor_key != work.run.model.id
