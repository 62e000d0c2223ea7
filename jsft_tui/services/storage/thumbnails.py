"""Pictures from strangers, made small. Needs Pillow, which is an extra."""

from __future__ import annotations

import io
import warnings
from typing import Any

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import clean
from jsft_tui.core.storage.pixels import Pixels, fitting

MAX_PIXELS = 30_000_000
"""A picture that would unpack to more is not unpacked."""
TRANSPARENT = (128, 128, 128)
"""What is behind a picture that one can see through."""
FORMATS = ("JPEG", "PNG")
INSTALL = "pip install 'jsft-tui[images]'"


def small_picture(data: bytes, most: tuple[int, int]) -> Pixels:
    """A JPEG or PNG in at most so many pixels (width, height).

    Raises:
        Problem: Pillow is missing (`NoPillow`), or these bytes cannot be drawn (`BadPicture`).
    """
    try:
        from PIL import Image
    except ImportError as error:
        raise Problem("NoPillow", "drawing pictures needs Pillow.", f"Install it: {INSTALL}") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                return _small(picture, most)
    except Problem:
        raise
    # A hostile file may make anything of the decoder (OSError, SyntaxError, struct.error, zlib.error, ...).
    except Exception as error:
        reason = clean(str(error)).strip().rstrip(".") or type(error).__name__
        raise Problem("BadPicture", f"this picture cannot be drawn: {reason}.") from error


def _small(picture: Any, most: tuple[int, int]) -> Pixels:
    width, height = picture.size
    note = f"{picture.format} {width:,} x {height:,}"
    if width * height > MAX_PIXELS:
        raise Problem("BadPicture", f"{note} would unpack to more than {MAX_PIXELS // 10**6} million pixels.")
    size = fitting(width, height, most)
    picture.draft("RGB", size)  # a JPEG is then unpacked at a fraction of its size
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA").resize(size)
        flat = picture.copy()
        flat.paste(TRANSPARENT, (0, 0, *size))
        flat.alpha_composite(picture)
        picture = flat
    small = picture.convert("RGB").resize(size)
    return Pixels(*size, small.tobytes(), note)
