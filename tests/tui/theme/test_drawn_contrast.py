"""What is drawn can be read: every letter on the ground that it stands on, on screens and behind dialogs."""

from __future__ import annotations

from pathlib import Path

import pytest
from textual.color import Color

from jsft_tui.config import Config
from jsft_tui.tui.theme.tokens import Ink
from tests.tui.driver.pilot import Work
from tests.tui.driver.still import still_app
from tests.tui.driver.worlds import ORDINARY
from tests.tui.screens.every_screen.opened import NEVER_DONE
from tests.tui.theme.test_palettes import COLORED, contrast

LEAST = 4.5
WALK = ("3", "question_mark", "escape", "4", "tab", "5", "6", "space", "up", "ctrl+p", "escape", "enter", "comma")


def unreadable(work: Work, line: str) -> set[tuple[str, str, str]]:
    """The letters with too little contrast; lines and bars are in the ink of lines, and are no text."""
    found = set()
    for row in work.app.screen._compositor.render_strips():
        for text, style, _ in row:
            if style is None or not any(character.isalnum() for character in text):
                continue
            colors = [each.get_truecolor() for each in (style.color, style.bgcolor) if each is not None]
            if len(colors) == 2:
                one, other = (Color(*each).hex.lower() for each in colors)
                if one != line and contrast(one, other) < LEAST:
                    found.add((text.strip(), one, other))
    return found


@pytest.mark.parametrize("theme", COLORED)
async def test_every_letter_can_be_read(theme: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLORTERM", "truecolor")
    app = still_app(ORDINARY, tmp_path, config=Config(theme=theme))
    async with app.run_test(size=(120, 36)) as pilot:
        work = Work(app, pilot)
        await work.settle()
        line = COLORED[theme].inks[Ink.LINE].lower()
        assert not unreadable(work, line)
        for key in WALK:
            await pilot.press(key)
            await work.settle(*NEVER_DONE)
            assert not unreadable(work, line), key
        assert app.theme.endswith(theme)
