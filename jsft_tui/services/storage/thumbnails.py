"""Thumbnails of untrusted images. Needs Pillow, an optional dependency."""

from __future__ import annotations

import io
import warnings
from typing import Any

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import clean
from jsft_tui.core.storage.pixels import Pixels, fitting

MAX_PIXELS = 30_000_000
"""The most pixels of an image that is decoded: a small file can decode to gigabytes."""
BACKGROUND = (128, 128, 128)
"""The color behind a transparent image."""
FORMATS = ("JPEG", "PNG")
INSTALL = "pip install 'jsft-tui[images]'"


def small_picture(data: bytes, most: tuple[int, int]) -> Pixels:
    """Return a JPEG or PNG image scaled down to at most (width, height) pixels.

    Raises:
        Problem: Pillow is not installed (code `NoPillow`), or the image cannot be decoded (code `BadPicture`).
    """
    try:
        from PIL import Image
    except ImportError as error:
        raise Problem("NoPillow", "image previews need Pillow.", f"Install it: {INSTALL}") from error
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                return _small(picture, most)
    except Problem:
        raise
    # A hostile file can make the decoder raise anything (OSError, SyntaxError, struct.error, zlib.error, ...).
    except Exception as error:
        reason = clean(str(error)).strip().rstrip(".") or type(error).__name__
        raise Problem("BadPicture", f"this image cannot be decoded: {reason}.") from error


def _small(picture: Any, most: tuple[int, int]) -> Pixels:
    width, height = picture.size
    note = f"{picture.format} {width:,} x {height:,}"
    if width * height > MAX_PIXELS:
        raise Problem("BadPicture", f"{note} is larger than {MAX_PIXELS // 10**6} million pixels.")
    size = fitting(width, height, most)
    picture.draft("RGB", size)  # decodes a JPEG at a fraction of its size
    if picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info:
        picture = picture.convert("RGBA").resize(size)
        flat = picture.copy()
        flat.paste(BACKGROUND, (0, 0, *size))
        flat.alpha_composite(picture)
        picture = flat
    small = picture.convert("RGB").resize(size)
    return Pixels(*size, small.tobytes(), note)
