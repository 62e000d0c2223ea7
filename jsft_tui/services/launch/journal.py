"""The launch journal: what is about to be launched, written before the call and never rewritten."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from jsft_tui.core.common.errors import usage
from jsft_tui.core.request.created import JobKind, kind_of, name_of, role_of, without_members
from jsft_tui.paths import locked, private_folder, try_lock, writing

SECRET = ("Environment", "Tags")
"""Members of a request that are not kept: they may hold tokens, or are not described."""
_ACCOUNT = re.compile(r"arn:[^:]*:iam::(\d{12}):")


class Event(Enum):
    """What became of a launch. The value is its name in the file."""

    LAUNCHING = "launching"
    """The call is about to be made."""
    LAUNCHED = "launched"
    REFUSED = "refused"
    """It is certain that nothing was launched."""
    UNKNOWN = "unknown"
    """The answer was lost; only a look at the job tells."""


OPEN = frozenset({Event.LAUNCHING.value, Event.UNKNOWN.value})


@dataclass(frozen=True)
class Place:
    """Where launches go, apart from the account: the target in words, the region, and an endpoint that is not AWS's."""

    label: str
    region: str = ""
    endpoint: str = ""


@dataclass(frozen=True)
class JournalEntry:
    """One line of the journal.

    Attributes:
        time: epoch seconds.
        event: a value of `Event`.
        name: the name of the training job, or of the tuning job.
        target: where it went, in words.
        digest: SHA-256 of the request without its name.
        arn: the job's ARN, once known.
        max_cost_usd: what the run may cost; None without a cap.
        account: the account of the request's role, which is the job's; empty in lines of earlier versions.
        region: its region; empty in lines of earlier versions.
        endpoint: the URL that it went to where it is not AWS's own, or `sandbox`.
        request: the request without what may be secret, until the launch is settled.
        kind: a value of `JobKind`; empty for a training job, so that earlier versions can read its lines.
    """

    time: float
    event: str
    name: str
    target: str
    digest: str
    arn: str = ""
    max_cost_usd: float | None = None
    account: str = ""
    region: str = ""
    endpoint: str = ""
    request: Mapping[str, Any] | None = None
    kind: str = ""

    @property
    def job_kind(self) -> JobKind:
        """Return what was to be created."""
        return JobKind.TUNING if self.kind == JobKind.TUNING.value else JobKind.TRAINING


def digest_of(request: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a request, whatever its name and the order of its keys."""
    name = name_of(request)
    text = json.dumps({**request, kind_of(request).name_member: ""}, sort_keys=True, separators=(",", ":"))
    if name:  # frameworks are told the name in a hyperparameter as well
        text = re.sub(rf"(?<![A-Za-z0-9-]){re.escape(name)}(?![A-Za-z0-9-])", "", text)
    return hashlib.sha256(text.encode()).hexdigest()


def account_in(request: Mapping[str, Any]) -> str:
    """Return the account that a request's job belongs to: its role is of the same account."""
    found = _ACCOUNT.match(role_of(request))
    return found[1] if found else ""


UNREADABLE = "CannotRead"
"""Code of the Problem of a journal that is there and cannot be read."""


class Journal:
    """An append-only file of JSON lines, on disk before `append` returns; all targets share it."""

    def __init__(self, path: Path, place: Callable[[], Place]) -> None:
        """`place` tells what new entries and questions are about; it is asked in the thread that needs it."""
        self._path = path
        self._place = place
        self._read: tuple[tuple[int, int], list[JournalEntry]] | None = None
        """What was read last, and the state of the file then."""

    def append(self, entry: JournalEntry) -> None:
        """Write an entry and wait until the disk has it.

        Raises:
            Problem: the journal cannot be written; then nothing may be launched.
        """
        private_folder(self._path.parent)
        with locked(self._path), writing(self._path):
            _append(self._path, json.dumps(_document(entry)).encode() + b"\n")

    def note(
        self, event: Event, request: Mapping[str, Any], arn: str = "", max_cost_usd: float | None = None
    ) -> JournalEntry:
        """Write what happens to the launch of a request, and return the entry.

        Raises:
            Problem: the journal cannot be written; then nothing may be launched.
        """
        entry = self.entry_of(event, request, arn, max_cost_usd)
        self.append(entry)
        return entry

    def entry_of(
        self, event: Event, request: Mapping[str, Any], arn: str = "", max_cost_usd: float | None = None
    ) -> JournalEntry:
        """Return the entry that says what happens to the launch of a request."""
        place = self._place()
        return JournalEntry(
            time.time(),
            event.value,
            name_of(request),
            place.label,
            digest_of(request),
            arn,
            max_cost_usd,
            account_in(request),
            place.region,
            place.endpoint,
            without_members(request, SECRET) if event.value in OPEN else None,
            "" if kind_of(request) is JobKind.TRAINING else kind_of(request).value,
        )

    def settle(self, entry: JournalEntry, event: Event, arn: str = "") -> None:
        """Write what became of an earlier entry's launch.

        Raises:
            Problem: the journal cannot be written.
        """
        known = {**asdict(entry), "time": time.time(), "event": event.value, "arn": arn, "request": None}
        self.append(JournalEntry(**known))

    @contextmanager
    def launching(self, digest: str) -> Iterator[bool]:
        """Keep others from launching the same run meanwhile; False if another process is about to launch it."""
        private_folder(self._path.parent)
        with try_lock(self._path.with_name(f"{self._path.name}.{digest[:16]}")) as is_ours:
            yield is_ours

    def unsettled(self) -> list[JournalEntry]:
        """Return the last entries of the launches at this place that have no known result, oldest first."""
        last: dict[tuple[str, str, str], JournalEntry] = {}
        for entry in self._own_entries():
            last.pop((entry.account, entry.kind, entry.name), None)
            last[entry.account, entry.kind, entry.name] = entry
        return [entry for entry in last.values() if entry.event in OPEN]

    def caps(self) -> dict[str, float]:
        """Return the cost caps in USD of the jobs that were launched at this place, where there is one."""
        opened = (entry for entry in self._own_entries() if entry.event == Event.LAUNCHING.value)
        last = {entry.name: entry.max_cost_usd for entry in opened}
        return {name: cap for name, cap in last.items() if cap is not None}

    def _own_entries(self) -> list[JournalEntry]:
        entries = self.entries()
        if not entries:
            return []
        place = self._place()
        return [entry for entry in entries if _is_of(entry, place)]

    def entries(self) -> list[JournalEntry]:
        """Return all entries, oldest first, but no line cut off by a crash. Read the file only when it has changed.

        Raises:
            Problem: the journal is there and cannot be read (code `UNREADABLE`): it may say that a job was launched.
        """
        try:
            about = self._path.stat()
            state = (about.st_mtime_ns, about.st_size)
            if self._read is not None and self._read[0] == state:
                return list(self._read[1])
            lines = self._path.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        except OSError as error:
            why = (error.strerror or str(error)).lower()
            message = f"the journal of launches cannot be read: {self._path}: {why}."
            raise usage(UNREADABLE, message, "Correct its permissions, or move it away.") from error
        found = [entry for line in lines if (entry := _parse(line)) is not None]
        self._read = state, found
        return list(found)


def _document(entry: JournalEntry) -> dict[str, Any]:
    document = asdict(entry)
    if not entry.kind:  # a member that earlier versions do not know would make the line unreadable to them
        del document["kind"]
    return document


def _is_of(entry: JournalEntry, place: Place) -> bool:
    if not entry.region:  # of an earlier version
        return entry.target == place.label
    return (entry.region, entry.endpoint) == (place.region, place.endpoint)


def _parse(line: bytes) -> JournalEntry | None:
    """Return a line's entry; None for half a line: the program died while writing it."""
    try:
        entry = JournalEntry(**json.loads(line))
    except (ValueError, TypeError, RecursionError):
        return None
    texts = (entry.event, entry.name, entry.target, entry.digest, entry.arn, entry.account, entry.region, entry.kind)
    is_sound = all(isinstance(text, str) for text in (*texts, entry.endpoint))
    return entry if is_sound and isinstance(entry.time, int | float) else None


def _append(path: Path, line: bytes) -> None:
    """Add a line as a whole, or leave the file as it was."""
    is_new = not path.exists()
    descriptor = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        size = os.fstat(descriptor).st_size
        if size and os.pread(descriptor, 1, size - 1) != b"\n":
            line = b"\n" + line  # half a line of a program that died
        try:
            _write_whole(descriptor, line)
            os.fsync(descriptor)
        except BaseException:
            with suppress(OSError):
                os.ftruncate(descriptor, size)
            raise
    finally:
        os.close(descriptor)
    if is_new:
        _sync_folder(path.parent)


def _write_whole(descriptor: int, data: bytes) -> None:
    """Write all of the data: one call may write a part of it, on a disk that is almost full."""
    left = memoryview(data)
    while left:
        count = os.write(descriptor, left)
        if count <= 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        left = left[count:]


def _sync_folder(folder: Path) -> None:
    """Wait until the disk knows of a new file."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:  # a file system that cannot do that for folders
            raise
    finally:
        os.close(descriptor)
