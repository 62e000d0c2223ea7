"""The structure of a JPEG: its header, its frame, its end. Source: ITU-T T.81 annex B (markers).

How Pillow 13 takes damage (tried): bytes behind the end marker do not matter; without an end marker it refuses the
file, unless enough padding follows that the decoder takes for picture data (baseline only).
"""

from __future__ import annotations

import struct
from dataclasses import dataclass

START, END = b"\xff\xd8", b"\xff\xd9"
_FRAME_MARKERS = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})
_BASELINE = frozenset({0xC0, 0xC1})
_START_OF_SCAN = 0xDA
# CIPA DC-007 (several pictures), and the XMP names of Google's motion photos: a film follows the picture.
_MORE_BEHIND = (b"MPF\0", b"MotionPhoto", b"MicroVideo")
_SAMSUNG_END = b"SEFT"
_PADDING = 16
"""Bytes alike at the end that are taken for padding."""


@dataclass(frozen=True)
class JpegHeader:
    """What stands before the picture.

    Attributes:
        scan: where the picture's data starts; None: behind the bytes that were read.
        width, height, channels: of the frame; 0 when it was not read.
        is_baseline: whether the picture is stored in one go, not progressively.
        fault: what is wrong; empty when nothing is.
    """

    scan: int | None = None
    width: int = 0
    height: int = 0
    channels: int = 0
    is_baseline: bool = False
    fault: str = ""


def jpeg_header(head: bytes) -> JpegHeader:
    """Read the markers before the picture."""
    position, found = 2, JpegHeader()
    while position + 4 <= len(head):
        if head[position] != 0xFF:
            return JpegHeader(fault="is damaged: its JPEG header is broken")
        marker = head[position + 1]
        if marker == 0xFF:  # fill bytes before a marker
            position += 1
            continue
        if marker in (_START_OF_SCAN, END[1]):
            return JpegHeader(position, found.width, found.height, found.channels, found.is_baseline)
        if marker in _FRAME_MARKERS and position + 10 <= len(head):
            height, width, channels = struct.unpack(">HHB", head[position + 5 : position + 10])
            found = JpegHeader(None, width, height, channels, marker in _BASELINE)
        position += 2 + int(struct.unpack(">H", head[position + 2 : position + 4])[0])
    return found


def ends(head: bytes, tail: bytes) -> bool:
    """Whether a JPEG shows its end in its last bytes, or is of the kinds that phones put more behind."""
    return END in tail or tail.endswith(_SAMSUNG_END) or any(sign in head for sign in _MORE_BEHIND)


def whole_fault(header: JpegHeader, body: bytes) -> tuple[str, str]:
    """Return what is wrong with all the bytes of a JPEG, and what is doubtful; each empty when nothing is."""
    if header.scan is None:
        return "is cut off: its end is missing", ""
    if END in body[header.scan :]:
        return "", ""
    last = body[-_PADDING:]
    if header.is_baseline and len(set(last)) == 1 and last[:1] != b"\xff":
        return "", "has padding where its end should be; a part of the picture may be missing"
    return "is cut off: its end is missing", ""
