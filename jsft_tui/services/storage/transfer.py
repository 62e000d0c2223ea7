"""How far a download or an upload is, and whether there is room for it."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import humanize

from jsft_tui.core.common.errors import usage
from jsft_tui.services.background.tasks import Cancelled, Reporter
from jsft_tui.services.background.throttle import ThrottledReporter

Advance = Callable[[int], None]
"""Told how many further bytes are there, 0 to ask whether to go on; may raise to stop."""


@dataclass(frozen=True)
class TransferProgress:
    """Bytes done, bytes in all, and seconds since it began."""

    done: int
    total: int
    seconds: float = 0.0

    def __str__(self) -> str:
        rate = f", {size(int(self.done / self.seconds))}/s" if self.seconds else ""
        return f"{size(self.done)} of {size(self.total)}, {100 * self.done // max(1, self.total)} %{rate}"


def counted(total: int, reporter: Reporter[TransferProgress]) -> Advance:
    """What a transfer is to call with its bytes, from any thread: tells how far it is, now and then.

    It raises `Cancelled` when nobody waits any more.
    """
    paced, lock, began = ThrottledReporter(reporter), threading.Lock(), time.monotonic()
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
        paced.tell(TransferProgress(so_far, total, time.monotonic() - began))

    return advance


def require_room(folder: Path, needed: int) -> None:
    """See that a folder, which need not be there yet, takes so many bytes.

    Raises:
        Problem: it does not (code `NoRoom`).
    """
    place = folder.absolute()
    while not place.exists() and place != place.parent:
        place = place.parent
    try:
        free = shutil.disk_usage(place).free
    except OSError:
        return  # not told: the disk itself says it while it is written
    if free < needed:
        message = f"{folder} has room for {size(free)} only, and {size(needed)} are needed."
        raise usage("NoRoom", message, "Choose another folder, or make room.")


def size(count: int) -> str:
    """Bytes in words, in powers of 1024."""
    return humanize.naturalsize(max(0, count), binary=True)
