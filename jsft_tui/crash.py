"""A crash leaves a file without local variables (they may hold keys) and one line on the terminal."""

from __future__ import annotations

import os
import platform
import tempfile
import time
import traceback
from contextlib import suppress
from pathlib import Path

from jsft_tui import __version__
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import clean_block, redact
from jsft_tui.paths import Paths, private_folder

KEPT = 5
"""Reports that are kept, the newest ones."""


def write_crash_report(error: BaseException) -> Path | None:
    """Write where an error came from; returns the file, None when no file can be written anywhere.

    Older reports than the newest few are removed from the log folder.
    """
    text = _report(error)
    name = f"crash-{time.strftime('%Y%m%d-%H%M%S')}-{os.getpid()}"
    try:
        path = private_folder(Paths.from_environment().log) / f"{name}.log"
        _write(path, text)
    except (Problem, OSError):
        return _write_to_temporary(name, text)  # a disk that refuses must not hide the error itself
    _tidy(path)
    return path


def _report(error: BaseException) -> str:
    head = f"jsft {__version__}, Python {platform.python_version()}, {platform.platform()}\n"
    return head + clean_block(redact("".join(traceback.format_exception(error))))


def _write(path: Path, text: str) -> None:
    path.touch(mode=0o600)
    path.write_text(text, encoding="utf-8")


def _write_to_temporary(name: str, text: str) -> Path | None:
    """Write a report into the folder of everybody, under a name that nobody else can have taken."""
    try:
        descriptor, path = tempfile.mkstemp(prefix=f"jsft-{name}-", suffix=".log")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
    except OSError:
        return None
    return Path(path)


def _tidy(newest: Path) -> None:
    reports = sorted(newest.parent.glob("crash-*.log"), key=lambda path: (path == newest, path.name))
    for path in reports[:-KEPT]:
        with suppress(OSError):  # removed by another jsft, or not ours to remove: the report itself is written
            path.unlink()
