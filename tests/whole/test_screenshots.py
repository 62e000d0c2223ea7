"""Every picture of the README can be drawn, by the script that draws them."""

from __future__ import annotations

from pathlib import Path

import pytest

from screenshots.make import NAMES, draw_all

FOLDER = Path(__file__).resolve().parents[2] / "screenshots"
README = FOLDER.parent / "README.md"


@pytest.mark.slow  # half a minute of real training; test_snapshots draws every screen in the default run
@pytest.mark.timeout(180)
def test_every_screen_can_be_drawn_and_shows_itself() -> None:
    drawn: dict[str, str] = {}
    draw_all(drawn.__setitem__)

    assert set(drawn) == set(NAMES)
    texts = {name: svg.replace("&#160;", " ") for name, svg in drawn.items()}
    assert "fine-tunable" in texts["models"]
    assert "circles/" in texts["data"]
    assert "32 per GPU x 4 GPUs = 128" in texts["instance"]
    assert "learning_rate" in texts["hyperparameters"]
    assert "nothing blocks" in texts["review"]
    assert "Output path" in texts["job-finished"]
    assert "What to do" in texts["job-failed"]
    assert "SANDBOX" in texts["models-80x24"]


def test_the_pictures_of_the_readme_are_those_of_the_script() -> None:
    readme = README.read_text(encoding="utf-8")

    assert {path.stem for path in FOLDER.glob("*.svg")} == set(NAMES)
    assert all(f"screenshots/{name}.svg" in readme for name in NAMES)
