"""Text that a person saves: run files, exported programs, logs, tables."""

from __future__ import annotations

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
    place = expanded(path)
    if place.exists() and not overwrite:
        raise usage(EXISTS, f"{path} exists already.", "Use another name.")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        # Line ends stay what they are; half a UTF-16 pair, as JSON can hold it, cannot be written.
        place.write_text(text, encoding="utf-8", errors="replace", newline="")
    except OSError as error:
        raise usage("CannotWrite", f"{path} cannot be written: {error.strerror}.", "Check the folder.") from error
    return place
