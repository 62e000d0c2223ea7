"""Nothing that an account holds is obeyed: not by the terminal, not by Textual. It is shown as it stands."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from rich.segment import Segment

from tests.tui.driver.pilot import Work
from tests.tui.driver.pseudo_terminal import Terminal
from tests.tui.driver.worlds import CLICK, HOSTILE
from tests.tui.screens.every_screen.opened import SIGNED_IN, Shown

CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
SIZES = ((80, 24), pytest.param((120, 36), marks=pytest.mark.slow))
FRAME = re.compile(rb"\x1b\[[0-9;]*[ABCDHmKXLMr]|\x1b\[\?2026[hl]|\x1b\]22;[a-z]+\x07")
"""What our own frames are made of: cursor moves, renditions, erased cells, scrolled lines, the two ends of a frame, and
the mouse pointer's shape."""


def segments(work: Work) -> list[Segment]:
    """All segments of the screen as the compositor has them."""
    update: Any = work.app.screen._compositor.render_update(full=True)
    return [segment for strips in update.strips for strip in strips for segment in strip]


def assert_nothing_is_obeyed(work: Work, where: str) -> None:
    for segment in segments(work):
        assert not segment.control, (where, segment)
        assert not CONTROL.search(segment.text), (where, segment)
        style = segment.style
        assert style is None or (style.link is None and "@click" not in style.meta), (where, segment)


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("screen", SIGNED_IN, ids=lambda screen: screen.name)
async def test_nothing_of_a_hostile_account_is_obeyed(
    screen: Shown, size: tuple[int, int], tmp_path: Path, plain_environment: None
) -> None:
    app = screen.app(HOSTILE, tmp_path)
    async with app.run_test(size=size) as pilot:
        work = Work(app, pilot)
        await screen.open(work)
        assert_nothing_is_obeyed(work, screen.name)
        seen = work.text
        for _ in range(len(HOSTILE.specs)):
            await screen.press(work, "down")
            assert_nothing_is_obeyed(work, f"{screen.name}, further down")
            seen += work.text
        assert "[@click=app.quit]" in seen or not screen.holds_harm
        for key in ("question_mark", "ctrl+p", "ctrl+t"):
            await screen.press(work, key)
            assert_nothing_is_obeyed(work, f"{screen.name}, {key}")
            await screen.press(work, "escape")
        assert app.is_running
        assert app.work_screen is not None


async def test_a_click_on_what_looks_like_an_action_runs_nothing(tmp_path: Path, plain_environment: None) -> None:
    screen = SIGNED_IN[0]
    app = screen.app(HOSTILE, tmp_path)
    async with app.run_test(size=(120, 36)) as pilot:
        work = Work(app, pilot)
        await screen.open(work)
        y, line = next((y, line) for y, line in enumerate(work.lines) if CLICK in line)
        await pilot.click(offset=(line.index(CLICK) + 20, y))
        await work.settle()
        assert app.is_running


@pytest.mark.terminal
def test_a_terminal_is_sent_nothing_but_our_own_frames(tmp_path: Path) -> None:
    with Terminal("-m", "tests.tui.apps.still_program", "hostile", str(tmp_path), size=(120, 36)) as terminal:
        terminal.wait_for("Runs on")
        terminal.wait_quiet()
        begin = len(terminal.received)
        for key in ("ctrl+l", "down", "down", "down", "pagedown", "home", "?", "escape"):
            terminal.press(key)
            terminal.wait_quiet(0.1)
        sent = bytes(terminal.received)
        rest = FRAME.sub(b"", sent[begin:])
        assert not re.search(rb"[\x00-\x1f\x7f]|\xc2[\x80-\x9f]", rest)
        assert b"\x1b]8;" not in sent
        assert b"owned\x07" not in sent
        assert b"[2J" not in rest
        assert terminal.alive()
