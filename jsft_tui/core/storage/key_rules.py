"""Rules that the keys of a training channel must follow, judged over a listing: SageMaker makes files of them.

Sources: the failure text of the download, "has an illegal char sub-sequence '//' in it"
(aws-samples/generative-ai-on-amazon-sagemaker#242); SageMaker API reference, S3ModelDataSource, "Ambiguous file names";
Linux, path_resolution(7) and pathconf(3), NAME_MAX.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

from jsft_tui.core.storage.archived import is_archived
from jsft_tui.core.storage.uri import Entry

MAX_PART_BYTES = 255
SHOWN = 3
"""Keys of one fault that are kept as evidence."""


class KeyFault(Enum):
    """What is wrong with an object of a channel."""

    ARCHIVED = "archived"
    EMPTY_PART = "empty part"
    DOT_PART = "dot part"
    LONG_PART = "long part"
    NUL = "NUL"
    FILE_AND_FOLDER = "file and folder"
    SAME_FILE = "same file"


@dataclass(frozen=True)
class KeyFinding:
    """A fault, the number of objects that have it, and the first keys (or, of archived ones, their storage class)."""

    fault: KeyFault
    count: int
    keys: tuple[str, ...]
    storage_class: str = ""


def local_name(key: str, prefix: str) -> str:
    """Return the path, in the channel's folder, of the file that SageMaker makes of a key.

    A prefix is a start of keys (S3DataSource, S3Prefix): of a folder, the names are relative to it, with or without
    its slash; of one object, it is the base name (sagemaker-python-sdk#3612); of the start of names, the names are
    whole.
    """
    if not prefix or prefix.endswith("/"):
        return key.removeprefix(prefix)
    if key.startswith(f"{prefix}/"):
        return key[len(prefix) + 1 :]
    return key[prefix.rfind("/") + 1 :]


def fault_of_prefix(key: str) -> KeyFault | None:
    """Return what is wrong with every key under a prefix, whatever lies there; None for nothing."""
    if "//" in key or key.startswith("/"):
        return KeyFault.EMPTY_PART
    if not {".", ".."}.isdisjoint(key.split("/")):
        return KeyFault.DOT_PART
    return None


class _Paths:
    """Paths of files so far, and the folders that they lie in."""

    def __init__(self) -> None:
        self._files: dict[str, str] = {}
        self._folders: set[str] = set()

    def has(self, path: str) -> bool:
        """Return whether a file has this path."""
        return path in self._files

    def clash(self, path: str, key: str) -> str | None:
        """Add the path of a key; return the key of a file that is also a folder, if there is one now."""
        found = key if path in self._folders else None
        self._files[path] = key
        end = path.rfind("/")
        while end > 0 and (folder := path[:end]) not in self._folders:
            self._folders.add(folder)
            found = found or self._files.get(folder)
            end = path.rfind("/", 0, end)
        return found


class KeyJudge:
    """Judges the objects of a channel, page by page."""

    def __init__(self, prefix: str) -> None:
        """Create it; `prefix` is the key of the channel's URI."""
        self._prefix = prefix
        self._by_key, self._by_name = _Paths(), _Paths()
        self._counts: dict[tuple[KeyFault, str], int] = {}
        self._keys: dict[tuple[KeyFault, str], list[str]] = {}

    def add(self, entries: Iterable[Entry]) -> None:
        """Judge the objects of a further page."""
        for entry in entries:
            if entry.size is not None:
                self._judge(entry, entry.size)

    @property
    def findings(self) -> tuple[KeyFinding, ...]:
        """The faults so far, in the order in which they were met."""
        return tuple(
            KeyFinding(fault, count, tuple(self._keys[fault, storage_class]), storage_class)
            for (fault, storage_class), count in self._counts.items()
        )

    def _judge(self, entry: Entry, size: int) -> None:
        key = entry.uri.key
        is_marker = key.endswith("/") and not size  # the console makes "folders" so; nothing is downloaded
        fault = fault_of_prefix(key)
        if fault is KeyFault.EMPTY_PART:
            self._note(fault, key)
            return
        if is_marker:
            return
        if is_archived(entry):
            self._note(KeyFault.ARCHIVED, key, entry.storage_class)
        name = local_name(key, self._prefix)
        if fault is not None:
            self._note(fault, key)
        if any(len(part.encode()) > MAX_PART_BYTES for part in name.split("/")):
            self._note(KeyFault.LONG_PART, key)
        if "\0" in name:
            self._note(KeyFault.NUL, key)
        clash = key if key.endswith("/") else self._by_key.clash(key, key)  # a slash: bytes in a "folder"
        if clash is None and not self._prefix.endswith("/"):  # names of a folder and beside it can meet
            if self._by_name.has(name):
                self._note(KeyFault.SAME_FILE, key)
            clash = self._by_name.clash(name, key)
        if clash is not None:
            self._note(KeyFault.FILE_AND_FOLDER, clash)

    def _note(self, fault: KeyFault, key: str, storage_class: str = "") -> None:
        self._counts[fault, storage_class] = self._counts.get((fault, storage_class), 0) + 1
        keys = self._keys.setdefault((fault, storage_class), [])
        if len(keys) < SHOWN:
            keys.append(key)
