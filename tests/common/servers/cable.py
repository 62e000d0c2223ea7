"""What lies between a client and the sandbox: it can be cut, and session tokens can expire on it."""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import threading
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.sandbox.running import RunningSandbox

EXPIRED = json.dumps(
    {"__type": "ExpiredTokenException", "message": "The security token included in the request is expired"}
).encode()
REFUSAL = (
    b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/x-amz-json-1.1\r\n"
    b"Content-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(EXPIRED), EXPIRED)
)


class Cable:
    """A port on this machine that leads to the sandbox: a proxy, as the sandbox answers to its own address only."""

    def __init__(self, sandbox: RunningSandbox) -> None:
        self._endpoint = str(sandbox.info["endpoint"])
        there = urlsplit(self._endpoint)
        self._there = (there.hostname or "", there.port or 0)
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._expired: set[bytes] = set()
        self._port = 0
        self.mend()

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead every call over this cable."""
        return {
            "AWS_ENDPOINT_URL": self._endpoint,
            "HTTP_PROXY": f"http://127.0.0.1:{self._port}",
            "http_proxy": f"http://127.0.0.1:{self._port}",
            "NO_PROXY": "",
            "no_proxy": "",
        }

    def mend(self) -> None:
        """Lead to the sandbox (again)."""
        self._listener = socket.create_server(("127.0.0.1", self._port))
        self._port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def cut(self) -> None:
        """Reset the open connections, and refuse new ones."""
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
        self._listener.close()
        with self._lock:
            for each in self._open:
                with contextlib.suppress(OSError):
                    each.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    each.shutdown(socket.SHUT_RDWR)
            self._open.clear()

    def expire(self, token: str) -> None:
        """Refuse the calls that are signed with a session token."""
        self._expired.add(token.encode())

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                near, _ = listener.accept()
                far = socket.create_connection(self._there)
            except OSError:
                return
            with self._lock:
                self._open |= {near, far}
            for one, other, looks in ((near, far, True), (far, near, False)):
                threading.Thread(target=self._carry, args=(one, other, looks), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket, looks: bool) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(1 << 20):
                if looks and any(token in data for token in self._expired):
                    one.sendall(REFUSAL)
                    break
                other.sendall(data.replace(f" {self._endpoint}/".encode(), b" /", 1) if looks else data)
        for each in (one, other):
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        with self._lock:
            self._open -= {one, other}
        one.close()


class SignIn:
    """A credentials file, as a person's sign-in leaves it, with keys of a session."""

    def __init__(self, sandbox: RunningSandbox, path: Path) -> None:
        self._sandbox = sandbox
        self.path = path
        self.token = ""
        self.again()

    def again(self) -> None:
        """Sign in: other keys stand in the file."""
        role = self._sandbox.client("iam").list_roles()["Roles"][0]["Arn"]
        answer: dict[str, Any] = self._sandbox.client("sts").assume_role(RoleArn=role, RoleSessionName="ana")
        keys = answer["Credentials"]
        self.token = keys["SessionToken"]
        self.path.write_text(
            "[default]\n"
            f"aws_access_key_id = {keys['AccessKeyId']}\n"
            f"aws_secret_access_key = {keys['SecretAccessKey']}\n"
            f"aws_session_token = {self.token}\n"
        )

    @property
    def environment(self) -> dict[str, str]:
        """The variables that make boto3 read this file and no other."""
        return {"AWS_SHARED_CREDENTIALS_FILE": str(self.path), "AWS_REGION": self._sandbox.info["region"]}
