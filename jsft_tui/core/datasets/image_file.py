"""Whether bytes are a whole JPEG or PNG, judged by structure (no pixel is decoded).

Sources: ITU-T T.81 annex B (JPEG markers) and the PNG specification §5 (chunks). Damage inside the compressed
data is not seen this way; a wrong start, a broken header and a missing end are.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass

HEAD = 64 * 1024
"""Bytes from the start that are enough for nearly every header."""
TAIL = 64
"""Bytes from the end that hold the end marker."""

PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_JPEG_START, _JPEG_END, _PNG_END = b"\xff\xd8", b"\xff\xd9", b"IEND"
_FRAME_MARKERS = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_MAX_PIXELS = 178_956_970
"""Pillow's own bound against decompression bombs, which the image readers of training scripts share."""


@dataclass(frozen=True)
class ImageVerdict:
    """What was found: the format (`jpeg`, `png` or empty), and what is wrong (empty when nothing is)."""

    format: str
    fault: str = ""


def examine(head: bytes, tail: bytes) -> ImageVerdict:
    """Judge an image by its first and last bytes."""
    if head.startswith(_JPEG_START):
        return ImageVerdict("jpeg", _jpeg_fault(head, tail))
    if head.startswith(PNG_SIGNATURE):
        return ImageVerdict("png", _png_fault(head, tail))
    return ImageVerdict("", "is not a JPEG or PNG image")


def _jpeg_fault(head: bytes, tail: bytes) -> str:
    position, framed = 2, False
    while position + 4 <= len(head):
        if head[position] != 0xFF:
            return "is damaged: its JPEG header is broken"
        marker = head[position + 1]
        if marker == 0xFF:  # fill bytes before a marker
            position += 1
            continue
        if marker == 0xDA:
            break
        length = struct.unpack(">H", head[position + 2 : position + 4])[0]
        if marker in _FRAME_MARKERS and position + 9 <= len(head):
            framed = True
            height, width = struct.unpack(">HH", head[position + 5 : position + 9])
            if fault := _size_fault(width, height):
                return fault
        position += 2 + length
    if position + 4 <= len(head) and not framed:
        return "is damaged: it has no picture in it"
    return "" if _JPEG_END in tail else "is cut off: its end is missing"


def _png_fault(head: bytes, tail: bytes) -> str:
    if len(head) < 33 or head[12:16] != b"IHDR" or zlib.crc32(head[12:29]) != struct.unpack(">I", head[29:33])[0]:
        return "is damaged: its PNG header is broken"
    width, height = struct.unpack(">II", head[16:24])
    if fault := _size_fault(width, height):
        return fault
    return "" if _PNG_END in tail else "is cut off: its end is missing"


def _size_fault(width: int, height: int) -> str:
    if width * height == 0:
        return "has no pixels"
    return f"is {width} x {height} pixels, too large to be read" if width * height > _MAX_PIXELS else ""
