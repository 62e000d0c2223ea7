"""Whether bytes are a whole JPEG or PNG, judged by structure (no pixel is decoded).

Sources: ITU-T T.81 annex B (JPEG markers) and the PNG specification §5 (chunks). Damage inside the compressed
data is not seen this way; a wrong start, a broken header and a missing end are.
"""

from __future__ import annotations

import re
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
_START_OF_SCAN = 0xDA
# PNG specification, table 11.1: grey, colour, palette, grey and alpha, colour and alpha.
_PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# CIPA DC-007 (several pictures), and the XMP names of Google's motion photos: a film follows the picture.
_MORE_BEHIND = (b"MPF\0", b"MotionPhoto", b"MicroVideo")
_SAMSUNG_END = b"SEFT"
_OTHER_FORMATS = (
    ("a GIF", re.compile(rb"GIF8[79]a")),
    ("a WebP", re.compile(rb"RIFF.{4}WEBP", re.DOTALL)),
    ("a HEIC or AVIF", re.compile(rb".{4}ftyp(?:hei|hev|mif|msf|avi)", re.DOTALL)),
    ("a TIFF", re.compile(rb"II\*\0|MM\0\*")),
    ("a BMP", re.compile(rb"BM")),
    ("an SVG", re.compile(rb"\s*<(?:\?xml|svg)")),
)
_MAX_PIXELS = 178_956_970
"""Pillow's own bound against decompression bombs, which the image readers of training scripts share."""


@dataclass(frozen=True)
class ImageVerdict:
    """What was found.

    Attributes:
        format: `jpeg`, `png` or empty.
        fault: what is wrong; empty when nothing is.
        width, height: pixels; 0 when they stand behind what was read.
        channels: values of a pixel (a palette's is one); 0 when that was not read.
    """

    format: str
    fault: str = ""
    width: int = 0
    height: int = 0
    channels: int = 0


def examine(head: bytes, tail: bytes, size: int) -> ImageVerdict:
    """Judge an image by its first and last bytes.

    Args:
        head: its first bytes (all of them, when they are fewer than HEAD).
        tail: its last bytes.
        size: how many bytes it has.
    """
    if head.startswith(_JPEG_START):
        return _jpeg(head, tail, whole=len(head) >= size)
    if head.startswith(PNG_SIGNATURE):
        return _png(head, tail)
    known = next((name for name, pattern in _OTHER_FORMATS if pattern.match(head)), "")
    return ImageVerdict("", f"is {known}, not a JPEG or PNG image" if known else "is not a JPEG or PNG image")


@dataclass(frozen=True)
class _JpegHeader:
    """What stands before the picture: where the picture's data starts (None: behind these bytes), and what is wrong."""

    scan: int | None = None
    width: int = 0
    height: int = 0
    channels: int = 0
    fault: str = ""


def _jpeg(head: bytes, tail: bytes, *, whole: bool) -> ImageVerdict:
    header = _jpeg_header(head)
    fault = header.fault or _jpeg_fault(header, head, tail, whole=whole)
    return ImageVerdict("jpeg", fault, header.width, header.height, header.channels)


def _jpeg_fault(header: _JpegHeader, head: bytes, tail: bytes, *, whole: bool) -> str:
    if header.scan is None:
        ended = not whole and _ends(head, tail)  # a header of more than HEAD bytes is unusual, and allowed
    elif not header.channels:
        return "is damaged: it has no picture in it"
    else:
        ended = _JPEG_END in head[header.scan :] if whole else _ends(head, tail)
    return "" if ended else "is cut off: its end is missing"


def _jpeg_header(head: bytes) -> _JpegHeader:
    position, frame = 2, (0, 0, 0)
    while position + 4 <= len(head):
        if head[position] != 0xFF:
            return _JpegHeader(fault="is damaged: its JPEG header is broken")
        marker = head[position + 1]
        if marker == 0xFF:  # fill bytes before a marker
            position += 1
            continue
        if marker in (_START_OF_SCAN, _JPEG_END[1]):
            return _JpegHeader(position, *frame)
        if marker in _FRAME_MARKERS and position + 10 <= len(head):
            height, width, channels = struct.unpack(">HHB", head[position + 5 : position + 10])
            frame = (width, height, channels)
            if fault := _size_fault(width, height):
                return _JpegHeader(fault=fault)
        position += 2 + int(struct.unpack(">H", head[position + 2 : position + 4])[0])
    return _JpegHeader(None, *frame)


def _ends(head: bytes, tail: bytes) -> bool:
    """Whether a JPEG has its end, or is of the kinds that phones put more behind."""
    return _JPEG_END in tail or tail.endswith(_SAMSUNG_END) or any(sign in head for sign in _MORE_BEHIND)


def _png(head: bytes, tail: bytes) -> ImageVerdict:
    if len(head) < 33 or head[12:16] != b"IHDR" or zlib.crc32(head[12:29]) != struct.unpack(">I", head[29:33])[0]:
        return ImageVerdict("png", "is damaged: its PNG header is broken")
    width, height, _, colour_type = struct.unpack(">IIBB", head[16:26])
    if fault := _size_fault(width, height):
        return ImageVerdict("png", fault)
    fault = "" if _PNG_END in tail else "is cut off: its end is missing"
    return ImageVerdict("png", fault, width, height, _PNG_CHANNELS.get(colour_type, 0))


def _size_fault(width: int, height: int) -> str:
    if width * height == 0:
        return "has no pixels"
    return f"is {width} x {height} pixels, too large to be read" if width * height > _MAX_PIXELS else ""
