"""The app at the list of endpoints of an account that stands still."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import cast

from jsft_tui.config import Config
from jsft_tui.tui.screens.endpoints.screen import EndpointsScreen
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from tests.tui.driver.pilot import Work
from tests.tui.driver.still import StillServing, still_app
from tests.tui.driver.worlds import SERVING, World


@asynccontextmanager
async def at_endpoints(
    folder: Path, size: tuple[int, int] = (120, 36), world: World = SERVING, config: Config | None = None
) -> AsyncIterator[Work]:
    """Screen 7, once all of it is shown."""
    app = still_app(world, folder, config=config)
    async with app.run_test(size=size) as pilot:
        work = Work(app, pilot)
        await work.wait_for(lambda: app.session is not None)
        await work.settle()
        await work.press("7")
        yield work


def serving_of(work: Work) -> StillServing:
    """What the account has."""
    return cast(StillServing, work.session.services.account.serving)


def table_of(work: Work) -> VirtualTable:
    """The list."""
    return work.screen(EndpointsScreen).query_one(VirtualTable)


def row(work: Work, name: str) -> str:
    """The line of a name in the list; empty where it is not on screen."""
    inside = (line for line in work.lines[4:] if line[:1] in ("│", "┃"))
    return next((line for line in inside if f" {name} " in line[:30]), "")


async def go_to(work: Work, key: str) -> None:
    """Put the cursor on a row."""
    assert table_of(work).move_to_key(key)
    await work.settle()
    work.screen(EndpointsScreen).draw_detail()
    await work.settle()
