"""Whether the terminal can draw pictures in pixels: found out before Textual reads the keys, by `textual-image`."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from jsft_tui.tui.theme.themes import color_count, is_colorless, is_remote

_cell: tuple[int, int] | None = None


def find_graphics(environ: Mapping[str, str]) -> None:
    """Ask the terminal, when it may be one of those that answer: others would hold the first frame up.

    Only Kitty's protocol is used: its pictures are placed by characters, which the display can move and overwrite one
    by one. A Sixel picture is spoilt by the first cell that is written over it, so half blocks stay there. Over SSH
    the bytes of a picture are too many.
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
    """Whether it is worth asking: a terminal known to place pictures by characters, on this machine, in colour."""
    known = "KITTY_WINDOW_ID" in environ or environ.get("TERM", "") in ("xterm-kitty", "xterm-ghostty")
    direct = not is_remote(environ) and "TMUX" not in environ and "STY" not in environ
    return known and direct and not is_colorless(environ) and color_count(environ) == 2**24


def set_cell(size: tuple[int, int] | None) -> None:
    """What was found out: the pixels of a cell (width, height), None where pictures are drawn with characters."""
    global _cell
    _cell = size


def cell_pixels() -> tuple[int, int] | None:
    """The pixels of a cell; None where pictures are drawn with characters."""
    return _cell
