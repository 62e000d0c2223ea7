"""HTTP messages as the fault proxy sees them: heads, where an answer ends, and sockets to read them from."""

from __future__ import annotations

import contextlib
import select
import socket
import struct
from dataclasses import dataclass
from http import HTTPStatus

from jsft_tui.sandbox.http.replies import Reply

PIECE = 1 << 18
END_OF_HEAD = b"\r\n\r\n"


@dataclass(frozen=True)
class Head:
    """The start line and the headers of a request or an answer."""

    start: str
    headers: tuple[tuple[str, str], ...]

    def value(self, name: str) -> str:
        """Return a header's value, or an empty string."""
        return next((value for known, value in self.headers if known.lower() == name), "")

    @property
    def status(self) -> int:
        """The status of an answer."""
        return int(self.start.split()[1])

    @property
    def method(self) -> str:
        """The method of a request."""
        return self.start.split()[0]

    @property
    def target(self) -> str:
        """The path and the query of a request."""
        return self.start.split()[1]

    def with_length(self, length: int) -> Head:
        """Return this head for a body of another length."""
        kept = tuple(pair for pair in self.headers if pair[0].lower() != "content-length")
        return Head(self.start, (*kept, ("Content-Length", str(length))))

    def encode(self) -> bytes:
        """Return the bytes of this head."""
        lines = [self.start, *(f"{name}: {value}" for name, value in self.headers)]
        return "\r\n".join(lines).encode("latin-1") + END_OF_HEAD


def parse_head(data: bytes) -> Head:
    """Return the head that the data begins with.

    Raises:
        ValueError: it is none.
    """
    start, *lines = data.partition(END_OF_HEAD)[0].decode("latin-1").split("\r\n")
    if len(start.split()) < 2:
        raise ValueError(f"no HTTP message begins with {start!r}")
    pairs = [line.partition(":") for line in lines]
    return Head(start, tuple((name.strip(), value.strip()) for name, _, value in pairs))


def encode_reply(reply: Reply, method: str, *, closing: bool) -> bytes:
    """Return the bytes of an answer to a request of this method."""
    assert isinstance(reply.body, bytes)
    headers = (*reply.headers, ("Content-Length", str(len(reply.body))))
    headers += (("Connection", "close"),) if closing else ()
    head = Head(f"HTTP/1.1 {reply.status} {HTTPStatus(reply.status).phrase}", headers)
    return head.encode() + (b"" if method == "HEAD" else reply.body)


class AnswerReader:
    """Tells the answer to a request from what comes before it, and where it ends."""

    def __init__(self, method: str) -> None:
        self._method = method
        self._start = bytearray()
        self._left: int | None = None
        self._head_known = False
        self.done = False

    def feed(self, data: bytes) -> tuple[bytes, bytes]:
        """Take the next bytes; return those of interim answers (`100 Continue`) and those of the answer."""
        if self._head_known:
            self._count(len(data))
            return b"", data
        self._start += data
        interim = b""
        while (end := self._start.find(END_OF_HEAD)) >= 0:
            raw = bytes(self._start[: end + len(END_OF_HEAD)])
            head = parse_head(raw)
            if head.status >= 200:
                self._head_known = True
                self._left = self._body_length(head)
                self._count(len(self._start) - len(raw))
                return interim, bytes(self._start)
            interim += raw
            del self._start[: len(raw)]
        return interim, b""

    def _body_length(self, head: Head) -> int | None:
        if self._method == "HEAD" or head.status in (204, 304):
            return 0
        length = head.value("content-length")
        return int(length) if length else None  # None: until the connection ends

    def _count(self, number: int) -> None:
        if self._left is not None:
            self._left -= number
            self.done = self._left <= 0


class Stream:
    """A socket, and what was read from it and not yet taken."""

    def __init__(self, connection: socket.socket) -> None:
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.socket = connection
        self.buffer = bytearray()
        self.send = connection.sendall

    def fill(self) -> bool:
        """Read what is there; return False at the end."""
        data = self.socket.recv(PIECE)
        self.buffer += data
        return bool(data)

    def take(self, count: int | None = None) -> bytes:
        """Return so many bytes (None: all) of what was read."""
        data = bytes(self.buffer[:count])
        del self.buffer[: len(data)]
        return data

    def read(self, count: int) -> bytes:
        """Return exactly so many bytes.

        Raises:
            ConnectionError: the connection ended before.
        """
        while len(self.buffer) < count:
            if not self.fill():
                raise ConnectionResetError("the client went away")
        return self.take(count)

    def read_line(self) -> bytes:
        """Return a line with its end.

        Raises:
            ConnectionError: the connection ended before.
        """
        while (end := self.buffer.find(b"\n")) < 0:
            if not self.fill():
                raise ConnectionResetError("the client went away")
        return self.take(end + 1)

    def reset(self) -> None:
        """Break the connection: the other end gets a reset."""
        with contextlib.suppress(OSError):
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.close()

    def close(self) -> None:
        """End the connection in order."""
        with contextlib.suppress(OSError):
            self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()


def readable(*streams: Stream, seconds: float | None = None) -> list[Stream]:
    """Wait for data (or the end) on any of the streams; return those that have it."""
    poll = select.poll()
    for stream in streams:
        poll.register(stream.socket, select.POLLIN)
    found = {number for number, _ in poll.poll(None if seconds is None else seconds * 1000)}
    return [stream for stream in streams if stream.socket.fileno() in found]
