"""Folders of this machine, to choose from."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from jsft_tui.core.common.errors import usage

MOST_ENTRIES = 5000
"""Rows of a folder that are looked at."""


@dataclass(frozen=True)
class LocalEntry:
    """A row of a folder; `size` is in bytes, None for a folder."""

    name: str
    size: int | None


@dataclass(frozen=True)
class LocalFolder:
    """What is in a folder: folders first, hidden ones left out; `is_whole` whether all was looked at."""

    path: Path
    entries: tuple[LocalEntry, ...]
    is_whole: bool


def local_folder(path: Path) -> LocalFolder:
    """Look into a folder; of a file, into the folder that it is in.

    Raises:
        Problem: there is none, or it may not be read (code `NoSuchFolder`).
    """
    try:
        whole = path.expanduser().absolute()
        whole = whole.parent if whole.is_file() else whole
        with os.scandir(whole) as rows:
            found: list[LocalEntry] = []
            is_whole = True
            for row in rows:
                if len(found) == MOST_ENTRIES:
                    is_whole = False
                    break
                if not row.name.startswith("."):
                    found.append(_entry(row))
    except (OSError, RuntimeError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise usage("NoSuchFolder", f"cannot look into {path}: {reason}.", "Check the path.") from error
    return LocalFolder(whole, tuple(sorted(found, key=lambda each: (each.size is not None, each.name))), is_whole)


def _entry(row: os.DirEntry[str]) -> LocalEntry:
    if row.is_dir():
        return LocalEntry(row.name, None)
    try:
        return LocalEntry(row.name, row.stat().st_size)
    except OSError:  # a link that leads nowhere
        return LocalEntry(row.name, 0)
