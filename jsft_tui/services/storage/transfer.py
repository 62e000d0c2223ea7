"""Progress of downloads and uploads, and the disk space that they need."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from jsft_tui.core.common.errors import usage
from jsft_tui.core.common.text import short_size
from jsft_tui.services.background.progress import ThrottledReporter
from jsft_tui.services.background.tasks import Cancelled, Reporter

Advance = Callable[[int], None]
"""Called with the bytes transferred since the last call, or 0 to check for cancellation; may raise to stop."""


@dataclass(frozen=True)
class TransferProgress:
    """Bytes transferred, bytes in total, and seconds since the start."""

    done: int
    total: int
    seconds: float = 0.0

    def __str__(self) -> str:
        rate = f", {size(int(self.done / self.seconds))}/s" if self.seconds else ""
        return f"{size(self.done)} of {size(self.total)}, {100 * self.done // max(1, self.total)} %{rate}"


def counted(total: int, reporter: Reporter[TransferProgress]) -> Advance:
    """Return a thread-safe `Advance` that counts the bytes of a transfer and reports progress at a limited rate.

    It raises `Cancelled` when the result is no longer wanted.
    """
    throttled, lock, started = ThrottledReporter(reporter), threading.Lock(), time.monotonic()
    done = 0

    def advance(count: int) -> None:
        nonlocal done
        if not count:
            if not reporter.is_wanted:
                raise Cancelled
            return
        with lock:
            done += count
            so_far = done
        throttled.tell(TransferProgress(so_far, total, time.monotonic() - started))

    return advance


def require_room(folder: Path, needed: int) -> None:
    """Check the free disk space of a folder, which need not exist yet.

    Raises:
        Problem: it is less than needed (code `NoRoom`).
    """
    existing = folder.absolute()
    while not existing.exists() and existing != existing.parent:
        existing = existing.parent
    try:
        free = shutil.disk_usage(existing).free
    except OSError:
        return  # unknown: a full disk shows when the file is written
    if free < needed:
        message = f"not enough disk space in {folder}: {size(free)} free, {size(needed)} required."
        raise usage("NoRoom", message, "Choose another folder, or free some space.")


def size(count: int) -> str:
    """Format a number of bytes."""
    return short_size(max(0, count))
