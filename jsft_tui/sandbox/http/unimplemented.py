"""The record of calls that the sandbox could not answer, so that nobody takes a gap for a fact of AWS."""

from __future__ import annotations

import threading
import time
from pathlib import Path

from jsft_tui.sandbox.http.routing import Destination


class Unimplemented:
    """Which operations were asked for and are not there: in a log file, and listed for tests."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._lock = threading.Lock()
        self._seen: dict[tuple[str, str], None] = {}

    def record(self, destination: Destination) -> None:
        """Note a call; each operation goes to the log once in the life of a server."""
        key = (destination.service, destination.operation)
        with self._lock:
            if key in self._seen:
                return
            self._seen[key] = None
            with self._file.open("a") as file:
                file.write(f"{time.strftime('%Y-%m-%dT%H:%M:%SZ', time.gmtime())} {key[0]} {key[1]}\n")

    def listed(self) -> list[dict[str, str]]:
        """The operations, in the order in which they were first asked for."""
        with self._lock:
            return [{"service": service, "operation": operation} for service, operation in self._seen]
