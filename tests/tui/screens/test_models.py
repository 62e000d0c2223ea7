"""Screen 1: browse, narrow, pick; and what it shows when something is in the way."""

from __future__ import annotations

import threading
from dataclasses import replace

import pytest

from jsft_tui.core.hyperparameters.values import with_hyperparameter
from jsft_tui.services.session.open import SessionFactory
from jsft_tui.services.session.session import Session
from jsft_tui.tui.screens.models import ModelsScreen
from tests.effort import PATIENCE
from tests.home import BUCKET, IMAGE_MODEL, Home
from tests.tui.pilot import at_work


async def test_the_models_of_the_region_are_listed_and_one_is_picked(home: Home) -> None:
    async with at_work(home) as work:
        screen = work.screen(ModelsScreen)
        assert "73 of 73 fine-tunable, 98 in all" in work.text
        await work.press("slash")
        await work.type("lite0")
        await work.wait_for("1 of 73")
        await work.press("enter")  # from the filter to the list
        await work.press("enter")
        assert work.run.model.id == IMAGE_MODEL
        assert work.run.hyperparameters["batch_size"] == "auto"
        assert "one sub-folder" in work.text or "folder" in work.text
        assert "lite0" in screen.status


async def test_what_was_chosen_for_a_model_is_there_again_after_another_was_taken(home: Home) -> None:
    async with at_work(home) as work:
        screen = work.screen(ModelsScreen)

        async def take(words: str) -> None:
            await work.press("slash", "ctrl+u")
            await work.type(words)
            await work.wait_for("─ 1 of 73")
            await work.press("enter", "enter")
            await work.wait_for("Next: 2 for the data of")

        await take("lite0")
        drafts = work.session.drafts
        drafts.put(replace(with_hyperparameter(work.run, "epochs", "300"), data={"training": f"s3://{BUCKET}/mine/"}))
        chosen = work.run
        await take("sklearn-classification")
        assert screen.status.startswith("What you chose for efficientnet-lite0")
        assert work.run.data == {}
        await take("lite0")
        assert "It is as you had it." in screen.status
        assert "What you chose" not in screen.status  # for the other one nothing was
        assert replace(work.run, name="") == replace(chosen, name="")


async def test_keys_before_the_target_is_open_do_nothing(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    may_open, open_now = threading.Event(), SessionFactory.open_session

    def open_later(session_factory: SessionFactory) -> Session:
        assert may_open.wait(PATIENCE)
        return open_now(session_factory)

    monkeypatch.setattr(SessionFactory, "open_session", open_later)
    async with at_work(home, settled=False) as work:
        await work.pilot.press("r", "v", "enter", "t", "e", "a")
        assert work.app.session is None
        may_open.set()
        await work.wait_for("73 of 73")


async def test_a_sync_does_not_take_the_demos_greeting_away(home: Home) -> None:
    async with at_work(home, demo=True) as work:
        await work.wait_for("The draft is ready")
        await work.pilot.press("r")
        await work.settle()
        assert "The draft is ready" in work.text
