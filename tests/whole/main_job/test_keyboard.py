"""The whole main job by keyboard alone in a real terminal: from `jsft demo` to the five fields of its output."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.common.home import IMAGE_MODEL, TINY_SHAPES, Home
from tests.whole.tmux import Tmux, needs_tmux

pytestmark = pytest.mark.terminal

OUTPUT_FIELDS = ("Training job", "Parent model", "ARN", "model.tar.gz")


@needs_tmux
def test_from_the_demo_to_the_output_by_keyboard_alone(home: Home, folder: Path) -> None:
    shutil.rmtree(home.paths.state / "drafts", ignore_errors=True)
    with Tmux("-m", "jsft_tui", "demo", size=(100, 30), environment=home.environment(), folder=folder) as terminal:
        terminal.ask_to_launch()
        terminal.press("y")
        shown = terminal.wait_for(lambda text: all(field in text for field in OUTPUT_FIELDS), seconds=90)
        assert "model.tar.gz" in shown
        assert IMAGE_MODEL in shown
        terminal.press("q")
        terminal.wait_for("EXIT 0")


@needs_tmux
def test_a_run_is_put_together_screen_by_screen_at_80x24(home: Home, folder: Path) -> None:
    environment = home.environment()
    with Tmux("-m", "jsft_tui", "--sandbox", size=(80, 24), environment=environment, folder=folder) as terminal:
        terminal.wait_for("can be fine-tuned")
        terminal.press("/")
        terminal.type("lite0")
        terminal.wait_for("1 of 1 ")
        terminal.press("Enter", "Enter")
        terminal.wait_for("is chosen")
        terminal.press("u")
        terminal.wait_for("enter  Take")
        terminal.type(TINY_SHAPES)
        terminal.press("Enter")
        terminal.wait_for("circles/")
        terminal.press("Space")
        terminal.wait_for("tiny-shapes")
        terminal.press("3")
        terminal.wait_for("ml.g5.12xlarge")
        terminal.press("4")
        terminal.wait_for("learning_rate")
        terminal.press("5")
        terminal.wait_for(lambda text: "passed" in text and "checking" not in text)
