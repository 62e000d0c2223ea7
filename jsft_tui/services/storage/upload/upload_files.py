"""The local files that an upload sends, and what it leaves out."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.storage.left_out import LeftOut, Reason, is_utf8, sentences, shown_name
from jsft_tui.core.storage.uri import S3Uri

MAX_KEY_BYTES = 1024
"""S3 user guide, "Creating object key names": the longest key, in UTF-8."""

Identity = tuple[int, int]
"""Device and inode of a folder."""


@dataclass(frozen=True)
class LocalFile:
    """A file to upload: its path, its target URI, and its size in bytes."""

    path: Path
    uri: S3Uri
    size: int


@dataclass(frozen=True)
class LocalFiles:
    """The files of a folder in order of their keys, and the entries that are left out."""

    files: tuple[LocalFile, ...]
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True)
class _Folder:
    """A folder to look into: its path, its name below the source, and the folders that it lies in (with itself)."""

    path: str
    name: str
    inside: frozenset[Identity]


def files_of(source: Path, target: S3Uri) -> LocalFiles:
    """Return the files of a folder, or the one file, with their targets.

    Links to files and folders are followed. Hidden entries are left out, and what cannot be sent.

    Raises:
        Problem: there is nothing to upload (code `NoSuchFile`, `NothingToUpload`).
    """
    try:
        info = source.stat()
    except (OSError, ValueError) as error:
        raise _missing(source, error) from error
    if stat.S_ISDIR(info.st_mode):
        return _of_folder(source, target, (info.st_dev, info.st_ino))
    own = target.key and not target.key.endswith("/")
    if stat.S_ISREG(info.st_mode) and (own or is_utf8(source.name)):
        return LocalFiles((LocalFile(source, target if own else target.child(source.name), info.st_size),))
    why = "its name is not UTF-8" if stat.S_ISREG(info.st_mode) else "it is not a regular file"
    raise usage("NothingToUpload", f"{shown_name(str(source))} cannot be uploaded: {why}.", "Copy it to another name.")


def _missing(source: Path, error: OSError | ValueError) -> Problem:
    name = shown_name(str(source))
    if source.is_symlink():
        return usage("NoSuchFile", f"{name} is a link to nothing.", "Check the path.")
    if isinstance(error, OSError) and not isinstance(error, FileNotFoundError):
        return usage("NoSuchFile", f"{name} cannot be read: {error.strerror}.", "Check the path and its permissions.")
    return usage("NoSuchFile", f"there is no file or folder {name}.", "Check the path.")


def _of_folder(source: Path, target: S3Uri, identity: Identity) -> LocalFiles:
    prefix = target.as_prefix()
    files: list[LocalFile] = []
    left_out: list[LeftOut] = []
    waiting = [_Folder(str(source), "", frozenset({identity}))]
    while waiting:
        for found in _entries(waiting.pop(), prefix):
            if isinstance(found, _Folder):
                waiting.append(found)
            elif isinstance(found, LeftOut):
                left_out.append(found)
            else:
                files.append(found)
    left_out.sort(key=lambda entry: entry.name)
    if not files:
        why = " ".join(sentences(left_out))
        raise usage("NothingToUpload", f"there is nothing to upload in {source}. {why}".strip(), "Check the path.")
    return LocalFiles(tuple(sorted(files, key=lambda file: file.uri.key)), tuple(left_out))


def _entries(folder: _Folder, prefix: S3Uri) -> Iterator[LocalFile | LeftOut | _Folder]:
    is_empty = True
    try:
        with os.scandir(folder.path) as rows:
            for row in rows:
                is_empty = False
                yield _judged(row, folder, prefix)
    except OSError:
        yield LeftOut(shown_name(folder.name) or "./", Reason.UNREADABLE)
        return
    if is_empty and folder.name:
        yield LeftOut(shown_name(folder.name), Reason.EMPTY)


def _judged(row: os.DirEntry[str], folder: _Folder, prefix: S3Uri) -> LocalFile | LeftOut | _Folder:
    name, shown = f"{folder.name}{row.name}", shown_name(f"{folder.name}{row.name}")
    if row.name.startswith("."):
        return LeftOut(shown, Reason.HIDDEN)
    if not is_utf8(row.name):
        return LeftOut(shown, Reason.NOT_UTF8)
    try:
        info = Path(row.path).stat()  # of what a link leads to; fresh, and with the inode on every system
    except OSError:
        return LeftOut(shown, Reason.BROKEN_LINK if row.is_symlink() else Reason.UNREADABLE)
    if stat.S_ISDIR(info.st_mode):
        identity = (info.st_dev, info.st_ino)
        if identity in folder.inside:
            return LeftOut(f"{shown}/", Reason.LOOP)
        return _Folder(row.path, f"{name}/", folder.inside | {identity})
    if not stat.S_ISREG(info.st_mode):
        return LeftOut(shown, Reason.SPECIAL)
    uri = prefix.child(name)
    if len(uri.key.encode()) > MAX_KEY_BYTES:
        return LeftOut(shown, Reason.LONG_NAME)
    if not os.access(row.path, os.R_OK):
        return LeftOut(shown, Reason.UNREADABLE)
    return LocalFile(Path(row.path), uri, info.st_size)
