"""The app over a world as a program: `python -m tests.tui.apps.still_program ordinary|hostile FOLDER`."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from jsft_tui.tui.theme.themes import textual_settings
from tests.tui import worlds
from tests.tui.apps.restless import let_cursors_rest_soon
from tests.tui.still import still_app

if __name__ == "__main__":
    os.environ.update(textual_settings(os.environ))
    let_cursors_rest_soon()
    still_app({"ordinary": worlds.ORDINARY, "hostile": worlds.HOSTILE}[sys.argv[1]], Path(sys.argv[2])).run()
