"""Manage the sandbox's state folder: ownership, key pair and how to reach the server.

```
STATE/                0700
  lock                flock: one server at a time; holds its process id
  credentials.json    0600: the random key pair, kept across restarts
  port                the last port, reused after a restart so that clients can reconnect
  sandbox.json        0600: how to reach the running server; exists only while it runs (or after it was killed)
  sandbox.log         errors
  unimplemented.log   calls that the sandbox does not implement
  content/            everything that `reset` deletes: objects, jobs, logs, metrics, roles
```
"""

from __future__ import annotations

import fcntl
import json
import os
import secrets
import shutil
import string
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO

from jsft_tui.sandbox.http.service import ACCOUNT_ID
from jsft_tui.sandbox.seed import SANDBOX_ROLE, user_bucket


class StateError(Exception):
    """The folder cannot be used; the message is shown to the user."""


class FolderInUse(StateError):
    """Another server owns the folder."""


@dataclass(frozen=True)
class KeyPair:
    """The sandbox's own access key."""

    access_key_id: str
    secret_access_key: str


@dataclass(frozen=True)
class ServerInfo:
    """The content of `sandbox.json`; `started` is in epoch seconds, role and output are the defaults of runs."""

    endpoint: str
    region: str
    pid: int
    access_key_id: str
    secret_access_key: str
    account_id: str
    state_dir: str
    started: float
    role_arn: str
    output: str


class StateFolder:
    """A state folder that this process owns."""

    def __init__(self, path: Path) -> None:
        """Lock the folder, creating it if necessary.

        Raises:
            FolderInUse: another server uses it.
            StateError: it cannot be created, or belongs to another user.
        """
        self.path = path.absolute()
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            self.path.chmod(0o700)
            self._lock = _lock(self.path / "lock")
        except OSError as error:
            raise StateError(
                f"The sandbox cannot use the folder {self.path} ({error.strerror}): choose another with --state-dir."
            ) from error
        self.key_pair = self._load_key_pair()

    @property
    def content(self) -> Path:
        """The folder in which the sandbox's services store their data."""
        return self.path / "content"

    def _load_key_pair(self) -> KeyPair:
        file = self.path / "credentials.json"
        try:
            pair = KeyPair(**json.loads(file.read_text()))
        except FileNotFoundError:
            pair = _new_key_pair()
            write_private(file, json.dumps(asdict(pair)))
        except (ValueError, TypeError) as error:
            raise StateError(
                f"The sandbox cannot read its key pair in {file}: remove that file to get a new one."
            ) from error
        return pair

    def reset(self) -> None:
        """Delete all content. The key pair and the port stay, so that clients keep working."""
        discarded = self.path / "discarded"
        if discarded.exists():
            shutil.rmtree(discarded)
        if self.content.exists():
            # Renamed first, so that an interrupted reset does not leave part of the content in place.
            self.content.rename(discarded)
            shutil.rmtree(discarded)

    @property
    def last_port(self) -> int:
        """The port of the last server in this folder; 0 if there was none."""
        try:
            port = int((self.path / "port").read_text())
        except (FileNotFoundError, ValueError):
            return 0
        return port if 0 < port < 65536 else 0

    def write_server_info(self, port: int, region: str) -> ServerInfo:
        """Write how to reach the server, which must be ready, and return that."""
        server_info = ServerInfo(
            endpoint=f"http://127.0.0.1:{port}",
            region=region,
            pid=os.getpid(),
            access_key_id=self.key_pair.access_key_id,
            secret_access_key=self.key_pair.secret_access_key,
            account_id=ACCOUNT_ID,
            state_dir=str(self.path),
            started=time.time(),
            role_arn=SANDBOX_ROLE,
            output=f"s3://{user_bucket(region)}",
        )
        write_private(self.path / "port", str(port))
        write_private(self.path / "sandbox.json", json.dumps(asdict(server_info)))
        return server_info

    def remove_server_info(self) -> None:
        """Remove the server information when the server stops."""
        (self.path / "sandbox.json").unlink(missing_ok=True)

    def release(self) -> None:
        """Unlock the folder."""
        self._lock.close()


def write_private(file: Path, text: str) -> None:
    """Write a file atomically that only its owner can read."""
    descriptor, name = tempfile.mkstemp(dir=file.parent, prefix=f".{file.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(descriptor, "w") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(file)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _lock(file: Path) -> IO[str]:
    stream = file.open("a+")
    try:
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        stream.close()
        raise FolderInUse(
            f"A sandbox is already running in {file.parent}: use it, stop it, or choose another --state-dir."
        ) from error
    # The owner's process id, for whoever has to end an owner that no longer answers: true as long as the lock is held.
    stream.truncate(0)
    stream.write(str(os.getpid()))
    stream.flush()
    return stream


def _new_key_pair() -> KeyPair:
    alphabet = string.ascii_uppercase + "234567"
    key_id = "AKIA" + "".join(secrets.choice(alphabet) for _ in range(16))
    return KeyPair(key_id, secrets.token_hex(20))
