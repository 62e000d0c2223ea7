"""Where jsft keeps its files; `JSFT_HOME` puts all of them under one folder."""

from __future__ import annotations

import errno
import fcntl
import os
import re
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from jsft_tui.core.common.errors import Problem, usage

NAME = "jsft"
LOCK_PATIENCE = 10.0
"""Seconds to wait for another jsft that is writing a file; that takes it milliseconds, unless it is suspended."""
_LOCK_RETRY = 0.01
STALE = 3600.0
"""Seconds after which nobody writes a temporary file any more: its writer was killed."""
_swept: set[tuple[Path, str]] = set()
"""The folders, and the names of temporary files, of which this process removed those that are stale."""


@dataclass(frozen=True)
class Paths:
    """The program's folders.

    Attributes:
        config: `config.yaml` lies here.
        state: drafts, recents, the launch journal, the sandbox.
        cache: catalog, prices, quotas; may be deleted at any time.
        log: the rotated log file.
    """

    config: Path
    state: Path
    cache: Path
    log: Path

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Paths:
        """Return the folders according to the environment and the platform's conventions."""
        home = environ.get("JSFT_HOME")
        if home:
            root = Path(home).expanduser().absolute()
            return cls(root / "config", root / "state", root / "cache", root / "log")
        import platformdirs

        return cls(
            platformdirs.user_config_path(NAME),
            platformdirs.user_state_path(NAME),
            platformdirs.user_cache_path(NAME),
            platformdirs.user_log_path(NAME),
        )

    @property
    def config_file(self) -> Path:
        """The user's settings."""
        return self.config / "config.yaml"

    @property
    def journal_file(self) -> Path:
        """What was launched, written before each launch."""
        return self.state / "launches.jsonl"

    @property
    def running(self) -> Path:
        """The folder of what runs at each target, shared by all processes."""
        return self.cache / "running"

    @property
    def sandbox(self) -> Path:
        """The sandbox's state folder."""
        return self.state / "sandbox"


def private_folder(path: Path) -> Path:
    """Return the folder; create it, if necessary, readable by its owner only.

    Raises:
        Problem: it cannot be made (code `CannotWrite`).
    """
    with writing(path):
        path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def write_atomically(path: Path, data: bytes) -> None:
    """Replace a file as a whole (mode 0600): a reader, or a crash, never sees half of it.

    Raises:
        Problem: it cannot be written (code `CannotWrite`).
    """
    private_folder(path.parent)
    sweep(path.parent, re.compile(rf"\.{re.escape(path.name)}\.\d+-\d+"))
    temporary = path.with_name(f".{path.name}.{os.getpid()}-{threading.get_ident()}")
    with writing(path):
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            temporary.replace(path)
        except BaseException:
            with suppress(OSError):  # it was not made, or the disk refuses: swept later
                temporary.unlink()
            raise


def sweep(folder: Path, temporary: re.Pattern[str]) -> None:
    """Remove the files of such names that killed writers left in a folder; once, as it may hold thousands.

    Nothing else of the folder is touched: it may be a person's home folder, with files of others in it.
    """
    if (folder, temporary.pattern) in _swept:
        return
    _swept.add((folder, temporary.pattern))
    stale_before = time.time() - STALE
    with suppress(OSError), os.scandir(folder) as entries:  # it is only tidied: what cannot be removed stays
        for entry in entries:
            if temporary.fullmatch(entry.name) and entry.stat(follow_symlinks=False).st_mtime < stale_before:
                Path(entry.path).unlink(missing_ok=True)


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Wait until nobody else, in any process or thread, is inside for the same file. The folder exists.

    Raises:
        Problem: the lock cannot be made, or is not free in time (code `CannotWrite`).
    """
    ends = time.monotonic() + LOCK_PATIENCE
    while True:
        with try_lock(path) as is_ours:
            if is_ours:
                yield
                return
        if time.monotonic() > ends:
            raise usage("CannotWrite", f"{path} is being written by another jsft.", "End the other one, or try again.")
        time.sleep(_LOCK_RETRY)


@contextmanager
def try_lock(path: Path) -> Iterator[bool]:
    """Tell whether nobody else is inside for the same file, and keep others out if so. The folder exists.

    The system frees the lock of a process that ends, however it ends.

    Raises:
        Problem: the lock cannot be made (code `CannotWrite`).
    """
    file = path.with_name(f".{path.name}.lock")
    with writing(path):
        descriptor = _lock(file)
    if descriptor is None:
        yield False
        return
    try:
        yield True
    finally:
        with suppress(OSError):  # a file that stays is used again
            file.unlink()
        os.close(descriptor)


def _lock(file: Path) -> int | None:
    """Return the descriptor of a lock file that is ours now; None if it is somebody else's."""
    while True:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (errno.EWOULDBLOCK, errno.EACCES):
                os.close(descriptor)
                return None
            return descriptor  # a file system without locks, such as some of networks: as without this
        if _is_file(descriptor, file):
            return descriptor
        os.close(descriptor)  # its last owner has removed it meanwhile


def _is_file(descriptor: int, file: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(descriptor), file.stat())
    except FileNotFoundError:
        return False


def write_cache(path: Path, data: bytes) -> None:
    """Replace a file that only saves time; ignore that it cannot be written."""
    try:
        write_atomically(path, data)
    except Problem:
        return  # a read-only or full disk: the next run asks again


@contextmanager
def writing(path: Path) -> Iterator[None]:
    """Turn what a disk refuses inside into a Problem (code `CannotWrite`)."""
    try:
        yield
    except OSError as error:
        why = error.strerror or type(error).__name__
        remedy = "Choose another place, or free some space; JSFT_HOME moves jsft's own files."
        raise usage("CannotWrite", f"{path} cannot be written: {why}.", remedy) from error


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn what a disk refuses inside into a Problem (code `CannotRead`)."""
    try:
        yield
    except OSError as error:
        why = error.strerror or type(error).__name__
        raise usage("CannotRead", f"{path} cannot be read: {why}.", "Check the permissions.") from error
