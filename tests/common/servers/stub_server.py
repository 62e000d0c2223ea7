"""A server on this machine that answers every request with the same thing: not AWS."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from jsft_tui.aws.account import Account
from jsft_tui.core.account.target import StaticCredentials, Target

KEYS = StaticCredentials("AKIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY")


@contextlib.contextmanager
def answering(status: int, body: bytes, headers: Mapping[str, str] | None = None) -> Iterator[Account]:
    """Return the adapters of an account whose every request is answered with this."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        do_GET = do_POST = do_PUT = do_HEAD = _answer  # noqa: N815  (the names that the base class looks for)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002  (its name in the base class)
            del format, args

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Account(Target("us-west-2", endpoint=f"http://127.0.0.1:{server.server_port}", credentials=KEYS))
    finally:
        server.shutdown()
        server.server_close()
