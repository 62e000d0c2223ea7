"""A crash leaves a file without local variables (they may hold keys) and one line on the terminal."""

from __future__ import annotations

import platform
import tempfile
import time
import traceback
from pathlib import Path

from jsft_tui import __version__
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import redact
from jsft_tui.paths import Paths, private_folder


def write_crash_report(error: BaseException) -> Path | None:
    """Write where an error came from; returns the file, None when no file can be written anywhere."""
    for folder in (Paths.from_environment().log, Path(tempfile.gettempdir())):
        try:
            return _write_report(folder, error)
        except (Problem, OSError):
            continue  # a disk that refuses must not hide the error itself
    return None


def _write_report(folder: Path, error: BaseException) -> Path:
    path = private_folder(folder) / f"crash-{time.strftime('%Y%m%d-%H%M%S')}.log"
    head = f"jsft {__version__}, Python {platform.python_version()}, {platform.platform()}\n"
    text = "".join(traceback.format_exception(error))
    path.touch(mode=0o600)
    path.write_text(head + redact(text), encoding="utf-8")
    return path
