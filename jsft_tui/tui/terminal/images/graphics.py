"""Detect whether the terminal can display images in pixels, with `textual-image`, before Textual reads keys."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from jsft_tui.tui.terminal.environment import is_remote
from jsft_tui.tui.theme.color_support import color_count, is_colorless

_cell: tuple[int, int] | None = None


def find_graphics(environ: Mapping[str, str]) -> None:
    """Query the terminal if it is likely to answer; waiting for others would delay the first frame.

    Only Kitty's protocol is used: it places images by characters, which can be moved and overwritten one by one. A
    Sixel image is destroyed by the first cell written over it, so such terminals get half blocks. Over SSH an image
    would take too many bytes.
    """
    global _cell
    _cell = None
    if not may_have_graphics(environ) or find_spec("textual_image") is None:
        return
    found: Any = import_module("textual_image.renderable")
    if found.Image is found.TGPImage:
        size: Any = import_module("textual_image._terminal").get_cell_size()
        set_cell((size.width, size.height))


def may_have_graphics(environ: Mapping[str, str]) -> bool:
    """Return whether to query: a local color terminal that is known to place images by characters."""
    known = "KITTY_WINDOW_ID" in environ or environ.get("TERM", "") in ("xterm-kitty", "xterm-ghostty")
    direct = not is_remote(environ) and "TMUX" not in environ and "STY" not in environ
    return known and direct and not is_colorless(environ) and color_count(environ) == 2**24


def set_cell(size: tuple[int, int] | None) -> None:
    """Set the detected size of a cell in pixels (width, height); None to draw images with characters."""
    global _cell
    _cell = size


def cell_pixels() -> tuple[int, int] | None:
    """Return the size of a cell in pixels; None if images are drawn with characters."""
    return _cell
