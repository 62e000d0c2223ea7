"""Read files that a person names: never wait for a pipe that nobody writes to, never read a device without an end."""

from __future__ import annotations

import errno
import io
import os
import stat
from pathlib import Path
from typing import BinaryIO

_SHELL = ("/dev/fd/", "/proc/")
"""Where the pipes are that a shell hands over, `<(...)` for example; these have a writer, or are at their end."""
_STDIN = "/dev/stdin"


def open_given(path: Path) -> BinaryIO:
    """Open a file to read its bytes: a regular file, a pipe that the shell hands over, or the null device.

    Raises:
        OSError: as `open`; or it is anything else, which its `strerror` says.
    """
    # A named pipe is opened at once with O_NONBLOCK, also without a writer (fifo(7)).
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY)
    try:
        if kind := _refused_kind(path, os.fstat(descriptor)):
            raise OSError(errno.EINVAL, f"it is {kind}, not a file", str(path))
        os.set_blocking(descriptor, True)
        return os.fdopen(descriptor, "rb")
    except BaseException:
        os.close(descriptor)
        raise


def read_given(path: Path) -> bytes:
    """Return all bytes of a file, as `open_given` opens it.

    Raises:
        OSError: as there.
    """
    with open_given(path) as stream:
        return stream.read()


def read_given_text(path: Path) -> str:
    """Return the text of a file in UTF-8, with every line end as a line feed.

    Raises:
        OSError: as for `open_given`.
        UnicodeDecodeError: it is not UTF-8.
    """
    with io.TextIOWrapper(open_given(path), encoding="utf-8") as stream:
        return stream.read()


def special_kind(path: Path) -> str:
    """Return what a path is if it is no file (`a pipe`, `a device`); empty for files, folders, and nothing."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):  # not there, or no possible name
        return ""
    return "" if stat.S_ISDIR(mode) else _kind(mode)


def _refused_kind(path: Path, found: os.stat_result) -> str:
    mode = found.st_mode
    if (stat.S_ISFIFO(mode) and _is_of_shell(path)) or _is_null(found):
        return ""
    return "a folder" if stat.S_ISDIR(mode) else _kind(mode)


def _kind(mode: int) -> str:
    if stat.S_ISREG(mode):
        return ""
    if stat.S_ISFIFO(mode):
        return "a pipe"
    return "a socket" if stat.S_ISSOCK(mode) else "a device"


def _is_of_shell(path: Path) -> bool:
    return str(path).startswith((*_SHELL, _STDIN)) or os.path.realpath(path).startswith(_SHELL)


def _is_null(found: os.stat_result) -> bool:
    return stat.S_ISCHR(found.st_mode) and found.st_rdev == Path(os.devnull).stat().st_rdev
