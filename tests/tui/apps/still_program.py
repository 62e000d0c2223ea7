"""The app over a world as a program: `python -m tests.tui.apps.still_program WORLD FOLDER`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from jsft_tui.tui.terminal.environment import textual_settings
from tests.tui.apps.restless import let_cursors_rest_soon
from tests.tui.driver import worlds
from tests.tui.driver.still import still_app

WORLDS = {
    "ordinary": worlds.ORDINARY,
    "hostile": worlds.HOSTILE,
    "customizing": worlds.CUSTOMIZING,
    "serving": worlds.SERVING,
}

if __name__ == "__main__":
    os.environ.update(textual_settings(os.environ))
    let_cursors_rest_soon()
    still_app(WORLDS[sys.argv[1]], Path(sys.argv[2])).run()
