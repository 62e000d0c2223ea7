"""Screen 1: browse, narrow, pick; and what it shows when something is in the way."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from jsft_tui.core.hyperparameters.values import with_hyperparameter
from jsft_tui.services.session.open import SessionFactory
from jsft_tui.services.session.session import Session
from jsft_tui.tui.screens.data.screen import DataScreen
from jsft_tui.tui.screens.models.rows import ModelRows
from jsft_tui.tui.screens.models.screen import ModelsScreen
from jsft_tui.tui.widgets.table.virtual_table import VirtualTable
from jsft_tui.tui.widgets.text.detail_view import DetailView
from tests.common.effort import PATIENCE
from tests.common.home import BUCKET, IMAGE_MODEL, Home
from tests.tui.driver.pilot import Work, at_work


async def test_the_models_of_the_region_are_listed_and_one_is_picked(home: Home) -> None:
    async with at_work(home, (120, 36)) as work:
        screen = work.screen(ModelsScreen)
        assert "75 of 100 can be fine-tuned" in screen.panes.list_pane.title
        await work.press("slash")
        assert screen.panes.list_pane.title.endswith("typing")
        await work.type("lite0")
        await work.wait_for("1 of 1")
        await work.press("enter")  # from the filter to the list
        assert screen.panes.list_pane.title == "Models / lite0  1 of 75 fit, esc clears"
        await work.wait_for("s3://your-bucket/flowers/")
        await work.press("enter")
        assert work.run.model.id == IMAGE_MODEL
        assert work.run.hyperparameters["batch_size"] == "auto"
        work.screen(DataScreen)


async def test_what_the_sandbox_trains_is_first_and_what_it_cannot_train_is_said_at_once(home: Home) -> None:
    async with at_work(home, (120, 36)) as work:
        rows = work.screen(ModelsScreen).query_one(VirtualTable).source
        assert isinstance(rows, ModelRows)
        assert [group.title for group in rows.groups] == ["Train in this sandbox", "Need an AWS account"]
        trained = rows.groups[1].start
        assert all(card.sandbox_runnable for card in rows.cards[:trained])
        await work.press(*["down"] * trained, "space")
        assert "! The sandbox cannot train this." in work.text
        assert "✖" in work.lines[2]
        await work.press("down")
        assert "The sandbox cannot train this." not in work.text  # until the next key


async def test_what_was_chosen_for_a_model_is_there_again_after_another_was_taken(home: Home) -> None:
    async with at_work(home) as work:
        screen = work.screen(ModelsScreen)

        async def take(words: str) -> None:
            await work.press("slash", "ctrl+u")
            await work.type(words)
            await work.wait_for("1 of 1")
            await work.press("enter", "space")

        await take("lite0")
        drafts = work.session.drafts
        drafts.put(replace(with_hyperparameter(work.run, "epochs", "300"), data={"training": f"s3://{BUCKET}/mine/"}))
        chosen = work.run
        await take("sklearn-classification")
        assert screen.status.startswith("Your settings for efficientnet-lite0")
        assert work.run.data == {}
        await take("lite0")
        assert "Back to your last settings for this model." in screen.status
        assert "Your settings for" not in screen.status  # for the other one nothing was
        assert replace(work.run, name="") == replace(chosen, name="")


async def test_one_menu_narrows_by_facets_and_the_title_says_so(home: Home) -> None:
    async with at_work(home, (120, 36)) as work:
        screen = work.screen(ModelsScreen)
        for typed in ("text generation", "no license"):
            await work.press("f")
            await work.type(typed)
            await work.press("enter")
        assert "text generation, not gated · " in screen.panes.list_pane.title
        await work.press("f", "enter")  # the first takes all away
        assert "can be fine-tuned" in screen.panes.list_pane.title


def focused(work: Work) -> str:
    """The list's name, or that of the pane with the focus."""
    widget = work.app.focused
    return "detail" if isinstance(widget, DetailView) else (widget.id or "") if widget is not None else ""


async def test_escape_leaves_the_zoom_then_the_detail_then_the_filter(home: Home) -> None:
    async with at_work(home, (120, 36)) as work:
        screen = work.screen(ModelsScreen)
        await work.press("slash")
        await work.type("lite0")
        await work.press("enter", "tab")
        assert focused(work) == "detail"
        await work.press("z")
        assert screen.panes.detail_pane.size.width == 120
        await work.press("escape")
        assert screen.panes.zoomed is None
        assert focused(work) == "models"
        await work.press("tab", "escape")
        assert focused(work) == "models"
        await work.press("escape")
        assert "can be fine-tuned" in screen.panes.list_pane.title
        assert len(screen.query_one(VirtualTable).source) == 75


async def test_keys_before_the_target_is_open_do_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    may_open, open_now = threading.Event(), SessionFactory.open_session

    def open_later(session_factory: SessionFactory) -> Session:
        assert may_open.wait(PATIENCE)
        return open_now(session_factory)

    monkeypatch.setattr(SessionFactory, "open_session", open_later)
    async with at_work(home, settled=False) as work:
        await work.pilot.press("r", "v", "enter", "f", "z", "a")
        assert work.app.session is None
        may_open.set()
        await work.wait_for("75 of 100")


async def test_a_sync_does_not_take_the_demos_greeting_away(home: Home) -> None:
    async with at_work(home, demo=True) as work:
        await work.wait_for("Your run is ready")
        await work.pilot.press("r")
        await work.settle()
        assert "Your run is ready" in work.text
