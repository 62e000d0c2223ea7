"""Keys that come together are handled one after the other."""

from __future__ import annotations

from textual import events

from jsft_tui.tui.screens.models.screen import ModelsScreen
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from tests.common.home import Home
from tests.tui.driver.pilot import Work, at_work


def all_at_once(work: Work, *keys: str) -> None:
    """Keys as a terminal sends them that sends several in one piece."""
    for key in keys:
        work.app.post_message(events.Key(key, key if len(key) == 1 else None))


async def test_what_is_typed_behind_a_slash_is_the_filter(home: Home) -> None:
    async with at_work(home) as work:
        all_at_once(work, "slash", *"lite0")
        await work.wait_for("1 of 75")
        all_at_once(work, "enter", "enter", "2", "u", *"s3")
        await work.wait_for("enter  Take")
        await work.settle()
        assert "s3" in work.text
        assert "lite0" in work.run.model.id


async def test_no_key_is_lost_when_many_come(home: Home) -> None:
    async with at_work(home) as work:
        all_at_once(work, *["j"] * 40, *["k"] * 15)
        await work.settle()
        assert work.screen(ModelsScreen).query_one(VirtualTable).cursor == 25


async def test_a_key_that_ends_the_typing_is_done_before_the_next_one(home: Home) -> None:
    async with at_work(home) as work:
        all_at_once(work, "slash", *"lite0", "down", "enter")
        await work.wait_for("is chosen")
        assert "lite0" in work.run.model.id


async def test_what_comes_late_of_a_key_frees_no_newer_one(home: Home) -> None:
    async with at_work(home) as work:
        app = work.app
        await work.press("j")
        older = app._number
        app._number, app._in_flight = older + 1, app.screen
        await app._release(older)
        assert not app.keys_are_settled
        await app._release(older + 1)
        assert app.keys_are_settled
