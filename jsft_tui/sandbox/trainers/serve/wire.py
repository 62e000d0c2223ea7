"""Frames between the sandbox and the process of a model: a JSON head and a body, each after its length."""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from typing import Any, Protocol

_LENGTH = struct.Struct(">I")


class Source(Protocol):
    """A stream that is read."""

    def read(self, size: int = ..., /) -> bytes | None:
        """Return `size` bytes, fewer only at the end."""
        ...


class Sink(Protocol):
    """A stream that is written."""

    def write(self, data: bytes, /) -> int | None:
        """Write all bytes."""
        ...

    def flush(self) -> None:
        """Send what was written."""
        ...


def write_frame(sink: Sink, head: Mapping[str, Any], body: bytes = b"") -> None:
    """Write one frame.

    Raises:
        OSError: the other end is gone.
    """
    text = json.dumps(head).encode()
    sink.write(_LENGTH.pack(len(text)) + text + _LENGTH.pack(len(body)))
    sink.write(body)
    sink.flush()


def read_frame(source: Source) -> tuple[dict[str, Any], bytes] | None:
    """Read one frame; None at the end of the stream, even in the middle of a frame."""
    text = _read_block(source)
    body = None if text is None else _read_block(source)
    return None if text is None or body is None else (json.loads(text), body)


def _read_block(source: Source) -> bytes | None:
    length = source.read(_LENGTH.size) or b""
    if len(length) < _LENGTH.size:
        return None
    size = _LENGTH.unpack(length)[0]
    data = (source.read(size) or b"") if size else b""
    return data if len(data) == size else None
