"""The sandbox's HTTP listener: requests in, replies out, over kept-alive connections on loopback.

It builds on the standard library's `http.server`, and adds what that leaves out: bodies that end where they end,
`100 Continue` when the body is first read, and refusal of requests whose length is ambiguous. Kept connections are
safe because what the application left unread is drained before the next request, or the connection is closed.

Two libraries were tried instead:

- werkzeug's development server closes the connection after each reply. botocore keeps its connections, and a new one
  for each call costs more than the call.
- cheroot 11.1.2 fails 9 tests of tests/sandbox/http/test_origin_check.py. It accepts two `Content-Length` headers, a
  negative one, one beside `Transfer-Encoding`, and a chunk size of `-5`; it takes the unread rest of a chunked body for
  the next request (request smuggling); it asks for a body (`100 Continue`) and reads all of it before it sends a
  refusal. To correct that, `read_request_headers`, `respond`, `send_headers`, and the readers of bodies have to be
  replaced, so that cheroot would save no more than the head of a reply. Besides, 4,000 requests over 200 connections
  took 29 to 35 s instead of 2.4 to 5.8, and an upload of 1 GiB 0.8 to 1.5 s of processor time instead of 0.3
  (`python -m bench.http_listener`, on two busy cores; peak memory 35 MB and 29 MB).
"""

from __future__ import annotations

import contextlib
import io
import logging
import re
import socketserver
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Protocol
from urllib.parse import unquote

from jsft_tui.sandbox.http.replies import Reply

IDLE_SECONDS = 300
"""Idle time after which a connection is closed."""

DRAIN_BYTES = 4 << 20
"""Size up to which an unread request body is read and discarded, so that the connection can be kept."""

log = logging.getLogger(__name__)


class Readable(Protocol):
    """A stream of bytes."""

    def read(self, size: int = -1, /) -> bytes:
        """Return at most `size` bytes, all that are left if it is negative, none at the end."""
        ...


class TooLarge(Exception):
    """A request body is larger than its service allows."""


@dataclass
class Request:
    """One HTTP request.

    Attributes:
        method: `GET`, `PUT`, ...
        target: path and query exactly as they were sent (percent-encoded).
        headers: names in lower case; values of a repeated header are joined by a comma.
        body: the body's bytes; ends where the body ends.
    """

    method: str
    target: str
    headers: Mapping[str, str]
    body: Readable = field(default_factory=io.BytesIO)

    @property
    def raw_path(self) -> str:
        """The path as it was sent."""
        return self.target.partition("?")[0]

    @property
    def raw_query(self) -> str:
        """The query string as it was sent, without the question mark."""
        return self.target.partition("?")[2]

    @cached_property
    def path(self) -> str:
        """The decoded path.

        Raises:
            UnicodeDecodeError: it is not UTF-8.
        """
        return unquote(self.raw_path, errors="strict")

    @cached_property
    def query(self) -> dict[str, str]:
        """The decoded query parameters, the first one of each name.

        Unlike in an HTML form, a plus sign is a plus sign: AWS clients write a space as `%20`.
        """
        pairs: dict[str, str] = {}
        for piece in self.raw_query.split("&") if self.raw_query else ():
            name, _, value = piece.partition("=")
            pairs.setdefault(unquote(name, errors="strict"), unquote(value, errors="strict"))
        return pairs

    def header(self, name: str) -> str:
        """Return the header's value, or an empty string."""
        return self.headers.get(name, "")

    def read_body(self, limit: int) -> bytes:
        """Return the rest of the body.

        Raises:
            TooLarge: it has more than `limit` bytes.
        """
        data = self.body.read(limit + 1)
        if len(data) > limit:
            raise TooLarge(f"the request body has more than {limit} bytes")
        return data


Application = Callable[[Request], Reply]


class _Body:
    """The body of one request. It ends where the request ends, and is asked for when it is first read."""

    def __init__(self, source: io.BufferedIOBase, length: int, on_first_read: Callable[[], None]) -> None:
        self._source = source
        self.left = length
        self._on_first_read: Callable[[], None] | None = on_first_read

    def read(self, size: int = -1, /) -> bytes:
        if self._on_first_read:
            self._on_first_read()
            self._on_first_read = None
        wanted = self.left if size < 0 else min(size, self.left)
        if not wanted:
            return b""
        data = self._source.read(wanted)
        self.left -= len(data)
        if len(data) < wanted:
            raise ConnectionResetError("the client disconnected in the middle of a request body")
        return data


class _ChunkedBody:
    """A body in HTTP's own chunked transfer coding (RFC 9112, 7.1)."""

    def __init__(self, source: io.BufferedIOBase, on_first_read: Callable[[], None]) -> None:
        self._source = source
        self._on_first_read: Callable[[], None] | None = on_first_read
        self._chunk_left = 0
        self.finished = False

    def read(self, size: int = -1, /) -> bytes:
        if self._on_first_read:
            self._on_first_read()
            self._on_first_read = None
        pieces: list[bytes] = []
        wanted = size
        while wanted != 0 and not self.finished:
            if not self._chunk_left and not self._next_chunk():
                break
            take = self._chunk_left if wanted < 0 else min(wanted, self._chunk_left)
            piece = self._source.read(take)
            if len(piece) < take:
                raise ConnectionResetError("the client disconnected in the middle of a request body")
            self._chunk_left -= take
            wanted = wanted - take if wanted > 0 else wanted
            pieces.append(piece)
            if not self._chunk_left:
                self._source.readline(8)
        return b"".join(pieces)

    def _next_chunk(self) -> bool:
        size = self._source.readline(1024).split(b";")[0].strip()
        if not re.fullmatch(rb"[0-9a-fA-F]{1,16}", size):
            raise ConnectionResetError("malformed chunked transfer coding")
        self._chunk_left = int(size, 16)
        if self._chunk_left == 0:
            while self._source.readline(65536).strip():
                pass
            self.finished = True
        return not self.finished


class _Handler(BaseHTTPRequestHandler):
    """Serves one connection."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = IDLE_SECONDS
    server: _Server
    _expects_continue = False

    def handle_expect_100(self) -> bool:
        self._expects_continue = True
        return True

    def _send_continue(self) -> None:
        if self._expects_continue:
            self.wfile.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            self._expects_continue = False

    def serve(self) -> None:
        body = self._body()
        if body is None:
            return
        headers: dict[str, str] = {}
        for name, value in self.headers.items():
            lower = name.lower()
            headers[lower] = f"{headers[lower]},{value}" if lower in headers else value
        reply = self.server.application(Request(self.command, self.path, headers, body))
        self._finish_request(body)
        self._send(reply)

    def _body(self) -> _Body | _ChunkedBody | None:
        lengths = self.headers.get_all("Content-Length", [])
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower() and not lengths:
            return _ChunkedBody(self.rfile, self._send_continue)
        # Two lengths, or one beside a transfer coding, do not say where the next request begins.
        if len(lengths) > 1 or (lengths and "Transfer-Encoding" in self.headers):
            self.send_error(400, "Ambiguous Content-Length")
            return None
        length = lengths[0].strip() if lengths else "0"
        if not re.fullmatch(r"[0-9]{1,18}", length):
            self.send_error(400, "Bad Content-Length")
            return None
        return _Body(self.rfile, int(length), self._send_continue)

    def _finish_request(self, body: _Body | _ChunkedBody) -> None:
        """Prepare the connection for the next request, or mark it to be closed."""
        if self._expects_continue:
            # The client was never told to continue: it may or may not send its body.
            self._expects_continue = False
            self.close_connection = True
        elif isinstance(body, _ChunkedBody):
            self.close_connection = self.close_connection or not body.finished
        elif 0 < body.left <= DRAIN_BYTES:
            body.read()
        elif body.left:
            self.close_connection = True

    def _send(self, reply: Reply) -> None:
        headers = list(reply.headers)
        has_length = reply.status in (204, 304) or any(name.lower() == "content-length" for name, _ in headers)
        if isinstance(reply.body, bytes) and not has_length:
            headers.append(("Content-Length", str(len(reply.body))))
        head = self._head(reply.status, headers)
        if self.command == "HEAD" or reply.status in (204, 304):
            self.wfile.write(head)
            if not isinstance(reply.body, bytes):
                _close(reply.body)
        elif isinstance(reply.body, bytes):
            self.wfile.write(head + reply.body)
        else:
            self._stream(head, reply)

    def _stream(self, head: bytes, reply: Reply) -> None:
        assert not isinstance(reply.body, bytes)
        try:
            self.wfile.write(head)
            for piece in reply.body:
                self.wfile.write(piece)
        except BaseException:
            # Part of the reply is sent: the client must not take what follows for the rest of it.
            self.close_connection = True
            raise
        finally:
            _close(reply.body)

    def _head(self, status: int, headers: list[tuple[str, str]]) -> bytes:
        lines = [f"HTTP/1.1 {status} {self.responses.get(status, ('',))[0]}"]
        lines += [f"{name}: {value}" for name, value in headers]
        lines.append(f"Date: {self.date_time_string()}")
        lines.append("Server: jsft-sandbox")
        if self.close_connection:
            lines.append("Connection: close")
        return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1", "replace")

    def handle(self) -> None:
        # The client went away, so nobody is left to report to.
        with contextlib.suppress(ConnectionError, TimeoutError):
            super().handle()

    def finish(self) -> None:
        with contextlib.suppress(ConnectionError, TimeoutError):
            super().finish()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the base class names it so)
        log.debug(format, *args)

    do_GET = do_PUT = do_POST = do_HEAD = do_DELETE = do_OPTIONS = do_PATCH = serve  # noqa: N815 (http.server's names)


def _close(body: object) -> None:
    close = getattr(body, "close", None)
    if close:
        close()


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 128

    def __init__(self, port: int, application: Application) -> None:
        self.application = application
        super().__init__(("127.0.0.1", port), _Handler)

    def server_bind(self) -> None:
        # HTTPServer.server_bind looks up the host name, which can take seconds without a name server.
        socketserver.TCPServer.server_bind(self)

    def handle_error(self, request: object, client_address: object) -> None:  # noqa: ARG002
        log.exception("A connection failed")


class Listener:
    """Listens on 127.0.0.1 and passes every request to an application, each connection in a thread of its own."""

    def __init__(self, application: Application, port: int = 0) -> None:
        """Bind the port (0: any free one).

        Raises:
            OSError: the port is taken.
        """
        self._server = _Server(port, application)
        self._thread = threading.Thread(target=self._server.serve_forever, name="listener")
        self._thread.daemon = True

    @property
    def port(self) -> int:
        """The port that clients connect to."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Start to accept connections."""
        self._thread.start()

    def stop(self) -> None:
        """Accept no more connections. Requests in progress continue until the process ends."""
        self._server.shutdown()
        self._server.server_close()
