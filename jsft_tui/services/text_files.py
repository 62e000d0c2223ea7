"""Text that a person saves: run files, exported programs, logs, tables."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from jsft_tui.core.errors import usage

EXISTS = "FileExists"
"""Code of the Problem of a file that would be overwritten."""


def expanded(path: Path) -> Path:
    """The path with the person's home for `~`.

    Raises:
        Problem: `~name` of a user that is not there (code `NoSuchUser`).
    """
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise usage("NoSuchUser", f"{path}: there is no such user.", "Write the folder out.") from error


def save_text(path: Path, text: str, *, overwrite: bool = False) -> Path:
    """Write a text file; `~` is the person's home. Returns where it lies.

    Raises:
        Problem: it exists already (code `FileExists`), or the disk refuses (code `CannotWrite`).
    """
    return save_parts(path, (text,), overwrite=overwrite)


def save_parts(path: Path, parts: Iterable[str], *, overwrite: bool = False) -> Path:
    """The same for a text that comes in parts, of any length. Half of it is never there: it is whole, or not at all.

    Raises:
        Problem: as for `save_text`; or what the parts raise.
    """
    place = expanded(path)
    if place.exists() and not overwrite:
        raise usage(EXISTS, f"{path} exists already.", "Use another name.")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.exists() and not place.is_file():  # a pipe, a device: nothing to put in its place
            _write(place, parts)
            return place
        whole = place.resolve()
        unfinished = whole.with_name(f".{whole.name[:100]}.{os.getpid()}.part")
        try:
            _write(unfinished, parts)
            if whole.exists():
                shutil.copymode(whole, unfinished)
            unfinished.replace(whole)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise usage("CannotWrite", f"{path} cannot be written: {error.strerror}.", "Check the folder.") from error
    return place


def _write(place: Path, parts: Iterable[str]) -> None:
    # Line ends stay what they are; half a UTF-16 pair, as JSON can hold it, cannot be written.
    with place.open("w", encoding="utf-8", errors="replace", newline="") as file:
        file.writelines(parts)
