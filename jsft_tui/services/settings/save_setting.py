"""Keeping a value in jsft's `config.yaml`: only its own line changes, and nothing is written that cannot be read."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jsft_tui.config import Config, load_config, read_config
from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.common.yaml_entry import with_entry
from jsft_tui.paths import write_atomically

_WRITING = threading.Lock()
BY_HAND = "Write it into the file by hand."


def keep_settings(path: Path, entries: Mapping[str, Any]) -> Config:
    """Write settings into the file; returns all settings as they are now.

    Args:
        path: the file; it is made when it is not there, and a link to it stays a link.
        entries: setting -> plain value.

    Raises:
        Problem: the file is wrong already, or cannot be written (codes `BadConfig`, `CannotWrite`).
    """
    with _WRITING:
        return _keep(path, entries)


def _keep(path: Path, entries: Mapping[str, Any]) -> Config:
    text = _text_of(path)
    read_config(text, path)  # a file that is wrong is told as it is, not as this change would make it
    try:
        for key, value in entries.items():
            text = with_entry(text, key, value)
        config = read_config(text, path)
    except (ValueError, Problem) as error:
        raise usage("BadConfig", f"{path} cannot be changed: {error}", BY_HAND) from error
    write_atomically(path.resolve(), text.encode())
    if load_config(path) != config:
        raise usage("BadConfig", f"{path} does not read as it was written.", BY_HAND)
    return config


def _text_of(path: Path) -> str:
    try:
        return path.read_bytes().decode()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise usage("BadConfig", f"{path} cannot be read: {error}.", "Check its permissions.") from error
