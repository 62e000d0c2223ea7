"""A screen is laid out for the latest size, however many sizes wait for it."""

from __future__ import annotations

import pytest
from textual.app import ComposeResult
from textual.events import Resize
from textual.geometry import Size
from textual.message import Message
from textual.widgets import Static

from jsft_tui.tui.base.dialog import LEAVE, Dialog
from jsft_tui.tui.base.shown_screen import ShownScreen
from tests.tui.driver.stage import Stage


class Between(Message):
    """What comes between two sizes: without it, Textual makes one of them."""


class Plain(ShownScreen):
    """A screen with nothing but a text."""

    def compose(self) -> ComposeResult:
        yield Static("here")


class Question(Dialog[bool]):
    """A dialog with nothing but a text."""

    def __init__(self) -> None:
        super().__init__("question", (LEAVE,))

    def compose_inside(self) -> ComposeResult:
        yield Static("here")


@pytest.mark.parametrize("kind", [Plain, Question])
async def test_sizes_that_wait_at_once_do_not_follow_each_other_for_ever(kind: type[Plain | Question]) -> None:
    handled: list[Size] = []

    class Watched(kind):  # type: ignore[valid-type, misc]
        def on_resize(self, event: Resize) -> None:
            handled.append(event.size)
            assert len(handled) < 50, "for ever"
            self.post_message(Between())

    app = Stage()
    async with app.run_test(size=(100, 30)) as pilot:
        screen = Watched()
        await app.push_screen(screen)
        await pilot.pause()
        handled.clear()
        for width in (60, 80, 70, 90):
            screen.post_message(Resize(Size(width, 20), Size(width, 20)))
            screen.post_message(Between())
        for _ in range(50):
            await pilot.pause()
        assert len(handled) <= 5
        assert screen.size == Size(100, 30)
        await pilot.resize_terminal(80, 24)
        await pilot.pause()
        assert screen.size == Size(80, 24)
