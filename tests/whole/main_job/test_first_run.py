"""A newcomer's first minutes: from an empty home, with enter and the keys that the screens name, to a trained model."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.tui.driver.pseudo_terminal import Terminal

pytestmark = [pytest.mark.terminal, pytest.mark.training]

PROGRAM = ("-m", "jsft_tui")
LONGEST = 240.0
"""Seconds that a first model may take on a busy machine."""


@pytest.fixture
def environment(tmp_path: Path) -> Iterator[dict[str, str]]:
    """An empty home, without any account."""
    names = ("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "AWS_ACCESS_KEY_ID")
    said = {"HOME": str(tmp_path), "JSFT_HOME": str(tmp_path / "jsft"), "AWS_EC2_METADATA_DISABLED": "true"}
    variables = {**dict.fromkeys((*names, "AWS_CONFIG_FILE", "JSFT_SANDBOX"), ""), **said}
    yield variables
    stop = [sys.executable, *PROGRAM, "sandbox", "stop"]
    subprocess.run(stop, env={**variables, "PATH": ""}, capture_output=True, check=True, timeout=60)


def is_trained(text: str) -> bool:
    return "Completed" in text and "model.tar.gz" in text


@pytest.mark.parametrize("size", [(120, 36), (80, 24)], ids=["120x36", "80x24"])
def test_enter_5_launch_enter_ends_with_a_trained_model(size: tuple[int, int], environment: dict[str, str]) -> None:
    with Terminal(*PROGRAM, size=size, environment=environment) as terminal:
        terminal.wait_for("Enter the sandbox")
        terminal.wait_for("5 ")
        terminal.press("enter")
        terminal.wait_for("Your run is ready: 5", LONGEST)
        terminal.press("5")
        terminal.wait_for("Ready", LONGEST)
        assert "L  Launch" in terminal.text()
        terminal.press("L")
        terminal.wait_for("enter  Launch")
        terminal.press("enter")
        terminal.wait_for(is_trained, LONGEST)


def test_who_just_presses_enter_chooses_step_by_step(environment: dict[str, str]) -> None:
    with Terminal(*PROGRAM, size=(120, 36), environment=environment) as terminal:
        terminal.wait_for("Enter the sandbox")
        terminal.press("enter")
        terminal.wait_for("Your run is ready", LONGEST)
        terminal.wait_for("Fine-tune this model")
        terminal.press("enter")
        terminal.wait_for("default dataset")
        terminal.wait_for("Data ─")
        terminal.press("enter")
        terminal.wait_for("Instance")
        terminal.wait_for("quota")
        terminal.press("enter")
        terminal.wait_for("learning_rate")
        terminal.press("5")
        terminal.wait_for("Ready", LONGEST)
        terminal.press("L")
        terminal.wait_for("enter  Launch")
        terminal.press("enter")
        terminal.wait_for(is_trained, LONGEST)
