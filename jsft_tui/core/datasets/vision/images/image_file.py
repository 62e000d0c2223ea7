"""Whether bytes are a whole image, judged by their structure, as the readers of training scripts (Pillow) would.

Pillow goes by the contents, not by the name: whatever format it knows is read under any name (tried with Pillow 13).
Damage inside the data of a JPEG is not seen this way; a wrong start, a broken header and a missing end are.
"""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass

from jsft_tui.core.datasets.base.file_kinds import kind_of
from jsft_tui.core.datasets.vision.images import jpeg, png

HEAD = 64 * 1024
"""Bytes from the start that contain nearly every header."""
TAIL = 64
"""Bytes from the end that hold the end marker, unless something follows it."""
_MAX_PIXELS = 178_956_970
"""Pillow's own limit against decompression bombs, which applies to the image readers of training scripts."""

# Formats without a documented place in the data that Pillow reads all the same.
_READ = (
    ("gif", "a GIF", re.compile(rb"GIF8[79]a")),
    ("bmp", "a BMP", re.compile(rb"BM.{12}[\x0c\x28\x40\x6c\x7c]\0\0\0", re.DOTALL)),
    ("tiff", "a TIFF", re.compile(rb"II\*\0|MM\0\*")),
    ("webp", "a WebP", re.compile(rb"RIFF.{4}WEBP", re.DOTALL)),
    ("ppm", "a PPM", re.compile(rb"P[1-6][\s#]")),
    ("ico", "an ICO", re.compile(rb"\x00\x00\x01\x00.\x00", re.DOTALL)),
    ("jpeg2000", "a JPEG 2000", re.compile(rb"\0\0\0\x0cjP  \r\n\x87\n|\xff\x4f\xff\x51")),
)
# AVIF is read by Pillow 11.3 and later only; HEIC and SVG by none.
_NOT_READ = (
    ("a HEIC or AVIF", re.compile(rb".{4}ftyp(?:hei|hev|mif|msf|avi)", re.DOTALL)),
    ("an SVG", re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.*?-->\s*)?(?:<!DOCTYPE svg[^>]*>\s*)?<svg\b", re.DOTALL)),
)
NAMES = {"jpeg": "a JPEG", "png": "a PNG"} | {kind: name for kind, name, _ in _READ}
"""What messages call the formats."""


@dataclass(frozen=True)
class ImageVerdict:
    """The result of a check.

    Attributes:
        format: `jpeg`, `png`, another key of NAMES, or empty.
        fault: what is wrong; empty when nothing is.
        doubt: what is doubtful and is read all the same; empty when nothing is.
        width, height: pixels; 0 when they stand behind what was read.
        channels: values of a pixel (a palette's is one); 0 when that was not read.
        is_open: whether the end was not where it is looked for, so that all of it has to be read.
    """

    format: str
    fault: str = ""
    doubt: str = ""
    width: int = 0
    height: int = 0
    channels: int = 0
    is_open: bool = False


def examine(head: bytes, tail: bytes, size: int) -> ImageVerdict:
    """Check an image by its first and last bytes.

    Args:
        head: its first bytes (all of them, if they are fewer than HEAD).
        tail: its last bytes.
        size: its size in bytes.
    """
    whole = len(head) >= size
    if head.startswith(jpeg.START):
        return _jpeg(head, tail, whole=whole)
    if head.startswith(png.SIGNATURE):
        return _png(head, tail, whole=whole)
    known = next((kind for kind, _, pattern in _READ if pattern.match(head)), "")
    if known:
        return ImageVerdict(known, _cut(known, head, size))
    other = next((name for name, pattern in _NOT_READ if pattern.match(head)), "")
    if other:
        return ImageVerdict("", f"is {other}, not a JPEG or PNG image")
    kind = kind_of(head)
    what = str(kind).partition(";")[0]
    return ImageVerdict("", f"is {what}, not a JPEG or PNG image" if kind else "is not a JPEG or PNG image")


def _jpeg(head: bytes, tail: bytes, *, whole: bool) -> ImageVerdict:
    header = jpeg.jpeg_header(head)
    fault, doubt, is_open = (
        header.fault or _size_fault(header.width, header.height, known=bool(header.channels)),
        "",
        False,
    )
    if not fault and header.scan is not None and not header.channels:
        fault = "is damaged: it has no picture in it"
    if not fault and whole:
        fault, doubt = jpeg.whole_fault(header, head)
    elif not fault and not jpeg.ends(head, tail):
        fault, is_open = "is cut off: its end is missing", True
    return ImageVerdict("jpeg", fault, doubt, header.width, header.height, header.channels, is_open)


def _png(head: bytes, tail: bytes, *, whole: bool) -> ImageVerdict:
    header = png.png_header(head)
    if header is None:
        return ImageVerdict("png", "is damaged: its PNG header is broken")
    fault, is_open = _size_fault(header.width, header.height, known=True), False
    if not fault and whole and header.channels and header.raw_size <= png.MOST_RAW:
        fault = png.whole_fault(header, head)
    elif not fault and png.LAST not in (head if whole else tail):
        fault, is_open = "is cut off: its end is missing", not whole
    # Tried with Pillow 13: convert("RGB") cuts 16-bit gray off at 255.
    deep = header.depth == 16 and header.color_type == png.GRAY
    doubt = "has 16 bits for each gray pixel; a reader that takes 8 makes all values above 255 white" if deep else ""
    return ImageVerdict("png", fault, doubt, header.width, header.height, header.channels, is_open)


def _cut(kind: str, head: bytes, size: int) -> str:
    """Return what is wrong with the length of formats that state it; empty if nothing is."""
    said = 0
    if kind == "webp":
        said = 8 + int(struct.unpack("<I", head[4:8])[0])
    elif kind == "bmp" and len(head) >= 34:
        start, _, width, height, _, bits, packed = struct.unpack("<IIiiHHI", head[10:34])
        said = 0 if packed else start + (width * bits + 31) // 32 * 4 * abs(height)
    return "is cut off: its end is missing" if said > size else ""


def _size_fault(width: int, height: int, *, known: bool) -> str:
    if known and width * height == 0:
        return "has no pixels"
    return f"is {width} x {height} pixels, too large to be read" if width * height > _MAX_PIXELS else ""
