"""From `jsft demo` by keyboard alone: train, deploy, try, tear down, and nothing is left behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.common.home import TINY_SHAPES, Home
from tests.whole.tmux import Tmux, needs_tmux

pytestmark = [pytest.mark.terminal, pytest.mark.training, pytest.mark.timeout(300)]

PICTURE = f"{TINY_SHAPES}circles/circles-000.jpg"


@pytest.fixture
def own_home(tmp_path: Path) -> Iterator[Home]:
    """A home whose sandbox serves nothing of other tests."""
    home = Home(tmp_path / "jsft")
    yield home
    home.sandbox.stop()


def left(home: Home) -> list[str]:
    """The names of all models, configurations and endpoints."""
    client = home.sandbox.client("sagemaker")
    return [
        *(each["EndpointName"] for each in client.list_endpoints()["Endpoints"]),
        *(each["EndpointConfigName"] for each in client.list_endpoint_configs()["EndpointConfigs"]),
        *(each["ModelName"] for each in client.list_models()["Models"]),
    ]


@needs_tmux
def test_train_deploy_try_and_tear_down_by_keyboard_alone(own_home: Home, folder: Path) -> None:
    environment = own_home.environment()
    with Tmux("-m", "jsft_tui", "demo", size=(120, 36), environment=environment, folder=folder) as terminal:
        terminal.ask_to_launch()
        terminal.press("Enter")
        terminal.wait_for("Deploy an endpoint", seconds=90)

        terminal.press("E")
        terminal.wait_for("Deploy for 2 hours", seconds=90)
        terminal.press("Enter")
        terminal.wait_for("In service", seconds=90)
        assert len(left(own_home)) == 3
        assert "$" in terminal.text.splitlines()[0]

        terminal.press("t")
        terminal.type(PICTURE)
        terminal.press("Enter")
        shown = terminal.wait_for(lambda text: re.search(r"\d+\.\d %.*\d ms", text) is not None, seconds=90)
        assert "━" in shown

        terminal.press("Escape")
        terminal.press("D")
        terminal.wait_for(lambda text: "Keep it" in text and "Configuration" in text)
        terminal.press("D")
        terminal.wait_for("Nothing costs you anything here", seconds=90)
        assert left(own_home) == []
        terminal.press("q")
        terminal.wait_for("EXIT 0")
