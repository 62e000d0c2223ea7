"""The app over the hostile world as a program: `python -m tests.tui.hostile_app FOLDER`."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.tui.still import still_app
from tests.tui.worlds import HOSTILE

if __name__ == "__main__":
    still_app(HOSTILE, Path(sys.argv[1])).run()
