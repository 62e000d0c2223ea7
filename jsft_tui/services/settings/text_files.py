"""Save text files for the user: run files, exported programs, logs, tables."""

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
"""Problem code for a file that would be overwritten."""
UNFINISHED = re.compile(r"\.jsft-\d+-\d+\.part")
"""Names of files being written. They leave out the target's own name, which may have the maximum length already."""


def expanded(path: Path) -> Path:
    """Return the path with `~` replaced by the home folder.

    Raises:
        Problem: `~name` of an unknown user (code `NoSuchUser`).
    """
    try:
        return path.expanduser()
    except RuntimeError as error:
        raise usage("NoSuchUser", f"{path}: there is no such user.", "Enter the full path.") from error


def save_text(path: Path, text: str, *, overwrite: bool = False) -> Path:
    """Write a text file and return its path, with `~` replaced by the home folder.

    Raises:
        Problem: the file exists (code `FileExists`), or cannot be written (code `CannotWrite`).
    """
    return save_parts(path, (text,), overwrite=overwrite)


def save_parts(path: Path, parts: Iterable[str], *, overwrite: bool = False) -> Path:
    """Write a text of any length, given in parts: the file appears complete, or not at all.

    If no file can be created in the folder, an existing file is overwritten in place once all parts are there.

    Raises:
        Problem: as for `save_text`; or what the parts raise.
    """
    target = expanded(path)
    try:
        if target.exists() and not overwrite:
            raise usage(EXISTS, f"{path} already exists.", "Use another name.")
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and not target.is_file():  # a pipe or device cannot be replaced
            _write(target, parts)
            return target
        file = target.resolve()
        if file.exists() and not _can_create_in(file.parent):
            _overwrite(file, parts)
        else:
            _replace(file, parts)
    except OSError as error:
        raise usage("CannotWrite", f"{path} cannot be written: {error.strerror}.", "Check the folder.") from error
    return target


def _can_create_in(folder: Path) -> bool:
    return os.access(folder, os.W_OK | os.X_OK, effective_ids=os.access in os.supports_effective_ids)


def _replace(file: Path, parts: Iterable[str]) -> None:
    """Write a temporary file next to the file, then rename it over the file."""
    sweep(file.parent, UNFINISHED)
    unfinished = file.with_name(f".jsft-{os.getpid()}-{threading.get_ident()}.part")
    try:
        _write(unfinished, parts)
        if file.exists():
            shutil.copymode(file, unfinished)
        unfinished.replace(file)
    finally:
        unfinished.unlink(missing_ok=True)


def _overwrite(file: Path, parts: Iterable[str]) -> None:
    """Write to a temporary folder, then copy, so that an error in the parts leaves the file unchanged."""
    with tempfile.TemporaryDirectory(prefix="jsft-") as folder:
        unfinished = Path(folder) / "text"
        _write(unfinished, parts)
        shutil.copyfile(unfinished, file)


def _write(path: Path, parts: Iterable[str]) -> None:
    # newline="": keep line endings. errors="replace": a lone surrogate, which JSON can hold, cannot be encoded.
    with path.open("w", encoding="utf-8", errors="replace", newline="") as stream:
        stream.writelines(parts)
