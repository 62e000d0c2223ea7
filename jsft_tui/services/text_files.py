"""Text that a person saves: run files, exported programs, logs, tables."""

from __future__ import annotations

from pathlib import Path

from jsft_tui.core.errors import usage

EXISTS = "FileExists"
"""Code of the Problem of a file that would be overwritten."""


def save_text(path: Path, text: str, *, overwrite: bool = False) -> Path:
    """Write a text file; `~` is the person's home. Returns where it lies.

    Raises:
        Problem: it exists already (code `FileExists`), or the disk refuses (code `CannotWrite`).
    """
    place = path.expanduser()
    if place.exists() and not overwrite:
        raise usage(EXISTS, f"{path} exists already.", "Use another name.")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        # Line ends stay what they are; half a UTF-16 pair, as JSON can hold it, cannot be written.
        place.write_text(text, encoding="utf-8", errors="replace", newline="")
    except OSError as error:
        raise usage("CannotWrite", f"{path} cannot be written: {error.strerror}.", "Check the folder.") from error
    return place
