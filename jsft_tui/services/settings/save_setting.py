"""Save settings in jsft's `config.yaml`: only their own lines change, and an invalid file is never written."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jsft_tui.config import Config, load_config, read_config
from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.common.yaml_entry import with_entry
from jsft_tui.given_files import read_given
from jsft_tui.paths import locked, private_folder, write_atomically

BY_HAND = "Edit the file by hand."


def save_settings(path: Path, entries: Mapping[str, Any]) -> Config:
    """Write settings to the file, and return all settings.

    Args:
        path: the file; it is created if missing, and a symbolic link stays one.
        entries: setting -> plain value.

    Raises:
        Problem: the file was invalid before, or cannot be written (codes `BadConfig`, `CannotWrite`).
    """
    file = path.resolve()
    private_folder(file.parent)
    with locked(file):  # another jsft may save another setting at the same time
        return _save(path, entries)


def _save(path: Path, entries: Mapping[str, Any]) -> Config:
    text = _text_of(path)
    read_config(text, path)  # so that an error of the existing file is not blamed on this change
    try:
        for key, value in entries.items():
            text = with_entry(text, key, value)
        config = read_config(text, path)
    except (ValueError, Problem) as error:
        raise usage("BadConfig", f"{path} cannot be changed: {error}", BY_HAND) from error
    write_atomically(path.resolve(), text.encode())
    if load_config(path) != config:
        raise usage("BadConfig", f"{path} was written but reads back differently.", BY_HAND)
    return config


def _text_of(path: Path) -> str:
    try:
        return read_given(path).decode()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise usage("BadConfig", f"{path} cannot be read: {error}.", "Check its permissions.") from error
