"""The structure of a PNG: its header, its chunks, its pixels. Source: PNG specification, sections 5, 7 and 9.

How Pillow 13 takes damage (tried): it needs the picture's data whole and right, with the filter of each row, and
neither the last chunk (IEND), nor the checksums of the chunks, nor the end of the compressed data; bytes behind the
end do not matter.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

SIGNATURE = b"\x89PNG\r\n\x1a\n"
LAST = b"IEND"
MOST_RAW = 4 * 2**20
"""Bytes of pixels that are decompressed of one picture."""

LAST_FILTER = 4
"""Section 9.2: the filters are 0 to 4."""

GRAY, COLOR, PALETTE = 0, 2, 3
# Table 11.1: gray, color, palette, gray and alpha, color and alpha.
CHANNELS = {GRAY: 1, COLOR: 3, PALETTE: 1, 4: 2, 6: 4}
# Section 8.2: where each pass of Adam7 starts (x, y), and its steps.
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


@dataclass(frozen=True)
class PngHeader:
    """The chunk IHDR."""

    width: int
    height: int
    depth: int
    color_type: int
    is_interlaced: bool

    @property
    def channels(self) -> int:
        """Values of a pixel (of a palette, one); 0 when that is not known."""
        return CHANNELS.get(self.color_type, 0)

    @property
    def raw_size(self) -> int:
        """Bytes of all its rows, each with the filter before it."""
        return sum(height * (1 + self.row_size(width)) for width, height in self.passes)

    @property
    def passes(self) -> tuple[tuple[int, int], ...]:
        """Width and height of each part of the picture whose rows follow each other: of all of it, or of each pass."""
        if not self.is_interlaced:
            return ((self.width, self.height),)
        return tuple(
            (-(-(self.width - x) // step_x), -(-(self.height - y) // step_y))
            for x, y, step_x, step_y in _PASSES
            if self.width > x and self.height > y
        )

    def row_size(self, width: int) -> int:
        """Bytes of a row of so many pixels."""
        return (width * self.channels * self.depth + 7) // 8


def png_header(head: bytes) -> PngHeader | None:
    """Read the header; None when it is broken."""
    if len(head) < 33 or head[12:16] != b"IHDR" or zlib.crc32(head[12:29]) != struct.unpack(">I", head[29:33])[0]:
        return None
    width, height, depth, color_type, _, _, interlace = struct.unpack(">IIBBBBB", head[16:29])
    return PngHeader(width, height, depth, color_type, interlace == 1)


def raw_pixels(header: PngHeader, body: bytes) -> bytes:
    """Decompress the rows of a picture as far as they are there.

    Raises:
        zlib.error: the data is damaged.
    """
    data = b"".join(_picture_data(body))
    # The checksum is tested where it follows the last row; what is too long before it is not read, as Pillow does it.
    return zlib.decompressobj().decompress(data, max(1, header.raw_size))


def whole_fault(header: PngHeader, body: bytes) -> str:
    """Return what is wrong with all the bytes of a PNG of at most MOST_RAW bytes of pixels; empty when nothing is."""
    try:
        raw = raw_pixels(header, body)
    except zlib.error:
        return "is damaged: its picture cannot be decompressed"
    if len(raw) < header.raw_size:
        return "is cut off: its end is missing"
    if any(row_filter > LAST_FILTER for row_filter in _filters(header, raw)):
        return "is damaged: its rows have no valid filter"
    return ""


def _filters(header: PngHeader, raw: bytes) -> Iterator[int]:
    """Return the filter of each row (section 9.2); damage that moves the rows shows in them."""
    at = 0
    for width, height in header.passes:
        size = 1 + header.row_size(width)
        yield from raw[at : at + size * height : size]
        at += size * height


def _picture_data(body: bytes) -> list[bytes]:
    """Return the contents of the chunks IDAT, as far as they are there."""
    found, position = [], len(SIGNATURE)
    while position + 8 <= len(body):
        length, kind = struct.unpack(">I4s", body[position : position + 8])
        if kind == LAST:
            break
        if kind == b"IDAT":
            found.append(body[position + 8 : position + 8 + length])
        position += 12 + length
    return found


def pixel_values(header: PngHeader, body: bytes) -> frozenset[int] | None:
    """Return the numbers that the pixels of a small one-channel picture hold; None when it is not read that way.

    Palettes give the index of the color, 16 bits the whole number; pictures that are interlaced or damaged give None.
    """
    if header.channels != 1 or header.is_interlaced or header.raw_size > MOST_RAW:
        return None
    try:
        raw = raw_pixels(header, body)
    except zlib.error:
        return None
    if len(raw) < header.raw_size or header.depth not in (1, 2, 4, 8, 16):
        return None
    rows = _unfiltered(raw, header.row_size(header.width), max(1, header.depth // 8))
    return _numbers(rows, header) if rows is not None else None


def _unfiltered(raw: bytes, size: int, step: int) -> list[bytearray] | None:
    """Rows without their filters (section 9.2); None when there is an unknown one."""
    rows: list[bytearray] = []
    above = bytearray(size)
    for start in range(0, len(raw), size + 1):
        row = bytearray(raw[start + 1 : start + 1 + size])
        if raw[start] > 4:
            return None
        _undo(raw[start], row, above, step)
        rows.append(row)
        above = row
    return rows


def _undo(kind: int, row: bytearray, above: bytearray, step: int) -> None:
    if kind == 2:
        row[:] = bytes((value + up) & 255 for value, up in zip(row, above, strict=True))
        return
    for place in range(len(row)) if kind else ():
        left = row[place - step] if place >= step else 0
        if kind == 1:
            guess = left
        elif kind == 3:
            guess = (left + above[place]) // 2
        else:
            guess = _paeth(left, above[place], above[place - step] if place >= step else 0)
        row[place] = (row[place] + guess) & 255


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    far = (abs(guess - left), abs(guess - up), abs(guess - corner))
    return (left, up, corner)[far.index(min(far))]


def _numbers(rows: list[bytearray], header: PngHeader) -> frozenset[int]:
    if header.depth == 8:
        return frozenset(set().union(*rows))
    if header.depth == 16:
        return frozenset(row[place] << 8 | row[place + 1] for row in rows for place in range(0, len(row), 2))
    per_byte, mask = 8 // header.depth, (1 << header.depth) - 1
    found: set[int] = set()
    for row in rows:
        values = [byte >> (8 - header.depth * (part + 1)) & mask for byte in row for part in range(per_byte)]
        found.update(values[: header.width])
    return frozenset(found)
