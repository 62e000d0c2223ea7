"""Local folders to choose from."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from jsft_tui.core.common.errors import usage
from jsft_tui.given_files import special_kind

MAX_ENTRIES = 5000
"""The most entries of a folder that are listed."""


@dataclass(frozen=True)
class LocalEntry:
    """A file or folder; `size` is in bytes, None for a folder."""

    name: str
    size: int | None


@dataclass(frozen=True)
class LocalFolder:
    """Entries of a folder: folders first, without hidden ones; `is_complete` is False if there are more."""

    path: Path
    entries: tuple[LocalEntry, ...]
    is_complete: bool


def local_folder(path: Path) -> LocalFolder:
    """List a folder, or for a file the folder that it is in.

    Raises:
        Problem: it does not exist or cannot be read (code `NoSuchFolder`).
    """
    try:
        folder = path.expanduser().absolute()
        folder = folder.parent if folder.is_file() else folder
        with os.scandir(folder) as rows:
            found: list[LocalEntry] = []
            is_complete = True
            for row in rows:
                if len(found) == MAX_ENTRIES:
                    is_complete = False
                    break
                if not row.name.startswith("."):
                    found.append(_entry(row))
    except (OSError, RuntimeError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise usage("NoSuchFolder", f"cannot list {path}: {reason}.", "Check the path.") from error
    return LocalFolder(folder, tuple(sorted(found, key=lambda each: (each.size is not None, each.name))), is_complete)


def _entry(row: os.DirEntry[str]) -> LocalEntry:
    if row.is_dir():
        return LocalEntry(row.name, None)
    try:
        return LocalEntry(row.name, row.stat().st_size)
    except OSError:  # a broken link
        return LocalEntry(row.name, 0)


def is_file(path: Path) -> bool:
    """Return whether there is such a file; a text that can be no file name is none.

    Raises:
        Problem: it is a pipe, a device or a socket, which is neither a file nor meant as a text (code `NotAFile`).
    """
    if kind := special_kind(path):
        raise usage("NotAFile", f"{path} is {kind}, not a file.", "Save it as a file.")
    try:
        return path.is_file()
    except (OSError, ValueError):  # too long for a name, or with a NUL in it
        return False
