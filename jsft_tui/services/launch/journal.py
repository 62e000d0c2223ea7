"""The launch journal: what was about to be launched, written before the call and never rewritten."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from jsft_tui.paths import private_folder, writing


@dataclass(frozen=True)
class JournalEntry:
    """One line of the journal.

    Attributes:
        time: epoch seconds.
        event: `launching` before the call, `launched` after it.
        name: the training job name.
        target: where it went, in words.
        digest: SHA-256 of the request.
        arn: the job's ARN, once known.
        max_cost_usd: what the run may cost; None without a cap.
    """

    time: float
    event: str
    name: str
    target: str
    digest: str
    arn: str = ""
    max_cost_usd: float | None = None


def digest_of(request: Mapping[str, Any]) -> str:
    """SHA-256 of a request, independent of the order of its keys."""
    text = json.dumps(request, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


class Journal:
    """An append-only file of JSON lines, on disk before `append` returns."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._read: tuple[tuple[int, int], list[JournalEntry]] | None = None
        """What was read last, and the state of the file then."""

    def append(self, entry: JournalEntry) -> None:
        """Write an entry and wait until the disk has it.

        Raises:
            Problem: the journal cannot be written; then nothing may be launched.
        """
        private_folder(self._path.parent)
        line = json.dumps(asdict(entry)).encode() + b"\n"
        with writing(self._path):
            descriptor = os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(descriptor, line)
                os.fsync(descriptor)
            finally:
                os.close(descriptor)

    def entries(self) -> list[JournalEntry]:
        """All entries, oldest first; a line cut off by a crash is left out. Read only where the file has changed."""
        try:
            about = self._path.stat()
            state = (about.st_mtime_ns, about.st_size)
            if self._read is not None and self._read[0] == state:
                return list(self._read[1])
            lines = self._path.read_bytes().splitlines()
        except FileNotFoundError:
            return []
        found = []
        for line in lines:
            try:
                found.append(JournalEntry(**json.loads(line)))
            except (ValueError, TypeError):
                continue  # half a line: the program died while writing it
        self._read = state, found
        return list(found)
