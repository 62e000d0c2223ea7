"""Record the operations that the sandbox does not implement, so that a gap is not mistaken for a fact of AWS."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from jsft_tui.sandbox.http.routing import Destination


class Unimplemented:
    """Operations that were called and are not implemented, in a log file and as a list."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._seen: dict[tuple[str, str], None] = {}

    def record(self, destination: Destination) -> None:
        """Record a call; each operation is logged once per server process."""
        key = (destination.service, destination.operation)
        with self._lock:
            if key in self._seen:
                return
            self._seen[key] = None
            with self._file.open("a") as file:
                file.write(f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {key[0]} {key[1]}\n")

    def listed(self) -> list[dict[str, str]]:
        """Return the operations, in the order of their first call."""
        with self._lock:
            return [{"service": service, "operation": operation} for service, operation in self._seen]
