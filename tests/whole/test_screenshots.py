"""Every picture of the README can be drawn, by the script that draws them."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pyte
import pytest

from screenshots.make import NAMES, draw_all
from screenshots.record import NAME as RECORDING
from screenshots.record import record

FOLDER = Path(__file__).resolve().parents[2] / "screenshots"
MOST_BYTES = 500_000
UNKNOWN_TO_PYTE = re.compile(r"\x1b\[[<>=][0-9;]*u|\x1b\[\?\d+\$p")
README = FOLDER.parent / "README.md"


@pytest.mark.slow  # half a minute of real training; test_snapshots draws every screen in the default run
@pytest.mark.timeout(180)
def test_every_screen_can_be_drawn_and_shows_itself() -> None:
    drawn: dict[str, str] = {}
    draw_all(drawn.__setitem__)

    assert set(drawn) == set(NAMES)
    texts = {name: svg.replace("&#160;", " ") for name, svg in drawn.items()}
    assert "can be fine-tuned" in texts["models"]
    assert "circles/" in texts["data"]
    assert "32 per GPU × 4 GPUs = 128" in texts["instance"]
    assert "learning_rate" in texts["hyperparameters"]
    assert "Ready to launch" in texts["review"]
    assert "Output path" in texts["job-finished"]
    assert "What to do" in texts["job-failed"]
    assert "SANDBOX" in texts["models-80x24"]


def test_the_pictures_of_the_readme_are_those_of_the_script() -> None:
    readme = README.read_text(encoding="utf-8")

    pictures = {*NAMES, RECORDING}
    assert {path.stem for path in FOLDER.glob("*.svg")} == pictures
    assert all(f"screenshots/{name}.svg" in readme for name in pictures)


def test_the_recording_is_small_and_ends_with_the_trained_model() -> None:
    assert (FOLDER / f"{RECORDING}.svg").stat().st_size < MOST_BYTES
    header, *events = map(json.loads, (FOLDER / f"{RECORDING}.cast").read_text(encoding="utf-8").splitlines())
    screen = pyte.Screen(header["width"], header["height"])
    stream = pyte.Stream(screen)
    seen = ""
    for _, kind, data in events:
        assert kind == "o"
        stream.feed(UNKNOWN_TO_PYTE.sub("", data))
        seen += "" if "What next" in seen else "\n".join(screen.display)
    assert "Ready to launch" in seen and "Launch this job?" in seen
    assert "What next" in seen and "Download the model" in seen


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_the_main_job_can_be_recorded() -> None:
    assert "Download the model" in record()
