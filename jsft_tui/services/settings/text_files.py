"""Text that a person saves: run files, exported programs, logs, tables."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import threading
from collections.abc import Iterable
from pathlib import Path

from jsft_tui.core.common.errors import usage
from jsft_tui.paths import sweep

EXISTS = "FileExists"
"""Code of the Problem of a file that would be overwritten."""
UNFINISHED = re.compile(r"\.jsft-\d+-\d+\.part")
"""Names of files that are being written. The file's own name is not in them: it may be as long as a name can be."""


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

    Only a file in whose folder nothing can be made is written over where it lies, once all parts have come.

    Raises:
        Problem: as for `save_text`; or what the parts raise.
    """
    place = expanded(path)
    try:
        if place.exists() and not overwrite:
            raise usage(EXISTS, f"{path} exists already.", "Use another name.")
        place.parent.mkdir(parents=True, exist_ok=True)
        if place.exists() and not place.is_file():  # a pipe, a device: nothing to put in its place
            _write(place, parts)
            return place
        whole = place.resolve()
        if whole.exists() and not _takes_files(whole.parent):
            _write_over(whole, parts)
        else:
            _put(whole, parts)
    except OSError as error:
        raise usage("CannotWrite", f"{path} cannot be written: {error.strerror}.", "Check the folder.") from error
    return place


def _takes_files(folder: Path) -> bool:
    return os.access(folder, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids)


def _put(whole: Path, parts: Iterable[str]) -> None:
    """Write a file beside it, then put that in its place."""
    sweep(whole.parent, UNFINISHED)
    unfinished = whole.with_name(f".jsft-{os.getpid()}-{threading.get_ident()}.part")
    try:
        _write(unfinished, parts)
        if whole.exists():
            shutil.copymode(whole, unfinished)
        unfinished.replace(whole)
    finally:
        unfinished.unlink(missing_ok=True)


def _write_over(whole: Path, parts: Iterable[str]) -> None:
    """Write elsewhere, then copy: parts that fail to come leave the file as it is."""
    with tempfile.TemporaryDirectory(prefix="jsft-") as folder:
        unfinished = Path(folder) / "text"
        _write(unfinished, parts)
        shutil.copyfile(unfinished, whole)


def _write(place: Path, parts: Iterable[str]) -> None:
    # Line ends stay what they are; half a UTF-16 pair, as JSON can hold it, cannot be written.
    with place.open("w", encoding="utf-8", errors="replace", newline="") as file:
        file.writelines(parts)
