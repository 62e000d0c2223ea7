"""Picture files for tests."""

from __future__ import annotations

from pathlib import Path

from PIL import Image


def picture_file(folder: Path) -> Path:
    """A small red picture."""
    path = folder / "red.png"
    Image.new("RGB", (32, 32), "red").save(path)
    return path
