"""How the sandbox's HTTP listener carries load, beside cheroot's (`pip install cheroot`; left out where it is missing).

python -m bench.http_listener

Each listener runs in a process of its own, with an application that reads the whole body and answers with its length.
"""

from __future__ import annotations

import importlib.util
import multiprocessing
import resource
import socket
import sys
import threading
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from typing import Any

from jsft_tui.sandbox.http.listener import Listener, Request
from jsft_tui.sandbox.http.replies import Reply

UPLOAD = 1 << 30
PIECE = 1 << 20
CONNECTIONS = 200
REQUESTS = 4000
SMALL = b"POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nX-Amz-Target: SageMaker.ListTrainingJobs\r\n\r\n{}"


def answer(request: Request) -> Reply:
    count = 0
    while piece := request.body.read(PIECE):
        count += len(piece)
    return Reply(200, str(count).encode())


def serve_own(pipe: Connection) -> None:
    listener = Listener(answer)
    listener.start()
    report(pipe, listener.port)


def serve_cheroot(pipe: Connection) -> None:
    from cheroot.server import Gateway, HTTPServer

    class Adapter(Gateway):  # type: ignore[misc,unused-ignore]
        def respond(self) -> None:
            http: Any = self.req
            headers = {name.decode().lower(): value.decode() for name, value in http.inheaders.items()}
            reply = answer(Request(http.method.decode(), http.uri.decode(), headers, http.rfile))
            assert isinstance(reply.body, bytes)
            http.status = b"%d OK" % reply.status
            http.outheaders = [(b"Content-Length", b"%d" % len(reply.body))]
            http.ensure_headers_sent()
            http.write(reply.body)

    server: Any = HTTPServer(("127.0.0.1", 0), Adapter, minthreads=64)
    server.keep_alive_conn_limit, server.timeout = 1000, 300
    server.prepare()
    threading.Thread(target=server.serve, daemon=True).start()
    report(pipe, server.bind_addr[1])


def report(pipe: Connection, port: int) -> None:
    """Tell the port, and the processor seconds and the peak memory whenever they are asked for."""
    pipe.send(port)
    while pipe.recv():
        used = resource.getrusage(resource.RUSAGE_SELF)
        pipe.send((used.ru_utime + used.ru_stime, used.ru_maxrss / (1 if sys.platform == "darwin" else 1024)))


def exchange(connection: socket.socket) -> None:
    connection.sendall(SMALL)
    received = b""
    while not received.endswith(b"\r\n\r\n2"):
        piece = connection.recv(4096)
        assert piece, "the connection was not kept"
        received += piece


def upload(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"PUT /b/k HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % UPLOAD)
        piece = bytes(PIECE)
        for _ in range(UPLOAD // PIECE):
            connection.sendall(piece)
        assert connection.recv(4096).startswith(b"HTTP/1.1 200")


def kept(port: int) -> None:
    connections = [socket.create_connection(("127.0.0.1", port)) for _ in range(CONNECTIONS)]
    for number in range(REQUESTS):
        exchange(connections[number % CONNECTIONS])
    for connection in connections:
        connection.close()


def measure(name: str, serve: Callable[[Connection], None]) -> None:
    here, there = multiprocessing.get_context("spawn").Pipe()
    process = multiprocessing.get_context("spawn").Process(target=serve, args=(there,), daemon=True)
    process.start()
    port = here.recv()
    for title, load in ((f"{CONNECTIONS} kept connections, {REQUESTS} requests", kept), ("upload of 1 GiB", upload)):
        here.send(True)
        before, _ = here.recv()
        start = time.perf_counter()
        load(port)
        took = time.perf_counter() - start
        here.send(True)
        after, peak = here.recv()
        print(f"{name:12} {title:40} {took:6.2f} s {after - before:6.2f} s of processor, peak {peak:4.0f} MB")
    here.send(False)
    process.terminate()


if __name__ == "__main__":
    measure("ours", serve_own)
    if importlib.util.find_spec("cheroot"):
        measure("cheroot", serve_cheroot)
