"""Starting: what is no terminal, settings that are wrong, and the keys that belong to the terminal itself."""

from __future__ import annotations

import os
import re
import signal
from pathlib import Path

import pytest

from tests.tui.driver.pseudo_terminal import Terminal

pytestmark = pytest.mark.terminal

PROGRAM = ("-m", "jsft_tui")
WELCOME = "Browse the catalog"


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Nobody is signed in, and nothing of the machine's own is seen."""
    nowhere = str(folder / "nowhere")
    files = dict.fromkeys(("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"), nowhere)
    said = dict.fromkeys(("AWS_PROFILE", "AWS_REGION", "AWS_DEFAULT_REGION", "AWS_ENDPOINT_URL", "JSFT_SANDBOX"), "")
    return {"JSFT_HOME": str(folder), "AWS_EC2_METADATA_DISABLED": "true", **files, **said, **more}


@pytest.mark.parametrize(
    ("settings", "says"),
    [("keys: {lunch: x}", "Did you mean launch?"), ("keys: {launch: ctrl+b}", "tmux"), ("theme: pink", "no theme")],
)
def test_settings_that_are_wrong_are_one_line_before_any_screen(settings: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.yaml").write_text(settings + "\n")
    with Terminal(*PROGRAM, size=(200, 24), environment=environment(tmp_path)) as terminal:
        assert terminal.wait_end() == 2
        assert says in terminal.text()
        assert len([line for line in terminal.text().splitlines() if line.strip()]) <= 2
        assert b"\x1b[?1049h" not in terminal.received


def test_a_dumb_terminal_is_told_which_command_to_use(tmp_path: Path) -> None:
    with Terminal(*PROGRAM, environment=environment(tmp_path, TERM="dumb")) as terminal:
        assert terminal.wait_end() == 2
        assert "TERM is dumb" in terminal.text()
        assert b"\x1b" not in terminal.received


def test_the_terminals_own_keys_work_also_over_a_dialog(tmp_path: Path) -> None:
    with Terminal(*PROGRAM, size=(80, 24), environment=environment(tmp_path, NO_COLOR="1")) as terminal:
        terminal.wait_for(WELCOME)
        terminal.press("ctrl+p")
        terminal.wait_for("Find an action")
        terminal.press("ctrl+z")
        terminal.wait_stopped()
        terminal.show(b"\x1b[2J\x1b[H$ fg")
        os.kill(terminal.pid, signal.SIGCONT)
        terminal.wait_for("Find an action")
        terminal.show(b"\x1b[2J")
        terminal.press("ctrl+l")
        terminal.wait_for("Find an action")
        terminal.press("?", "q")
        terminal.wait_for("?q")
        terminal.press("ctrl+c")
        terminal.wait_quiet()
        assert terminal.alive()
        terminal.press("ctrl+c")
        assert terminal.wait_end() == 130
        colors = re.findall(rb"\x1b\[[0-9;]*?(?:3[0-79]|4[0-79]|[34]8;[25])[0-9;]*m", bytes(terminal.received))
        assert not colors
