"""The searching process, from outside."""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import IO, Any

from jsft_tui.metric_search import program
from jsft_tui.metric_search.program import Definition, Found

PATIENCE_SECONDS = 60.0
"""How long a batch may take altogether before the searching process is given up."""


@dataclass(frozen=True)
class Searched:
    """What a batch of texts came to: what was found, and the names of the definitions that are used no more."""

    found: Sequence[Found]
    dropped: Sequence[str]


class SearchChild:
    """A process that searches with these definitions, all of which have to be usable (`wrong_with`).

    Raises:
        OSError: it cannot be started, or ends at once.
    """

    def __init__(self, definitions: Sequence[Definition]) -> None:
        # Isolated and without site-packages: nothing of the user's environment matters, and it starts quickly.
        command = [sys.executable, "-I", "-S", program.__file__]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={}, start_new_session=True
        )
        assert self._process.stdin
        assert self._process.stdout
        self._into: IO[bytes] = self._process.stdin
        self._out_of: IO[bytes] = self._process.stdout
        try:
            self._write(definitions)
        except OSError:
            self.close()  # nobody else holds it, and a process that ended has to be waited for
            raise

    def search(self, texts: Sequence[str]) -> Searched:
        """For each text and definition the first match.

        Raises:
            OSError: the process has ended, or takes longer than it may (`TimeoutError`).
            ValueError: the answer cannot be read.
        """
        self._write(texts)
        answer: dict[str, Any] = json.loads(self._read_line())
        return Searched([(line, name, captured, after) for line, name, captured, after in answer["found"]],
                        answer["dropped"])  # fmt: skip

    def _write(self, document: Any) -> None:
        self._into.write(json.dumps(document).encode() + b"\n")
        self._into.flush()

    def _read_line(self) -> bytes:
        deadline = time.monotonic() + PATIENCE_SECONDS
        pieces: list[bytes] = []
        with selectors.DefaultSelector() as selector:
            selector.register(self._out_of, selectors.EVENT_READ)
            while not pieces or not pieces[-1].endswith(b"\n"):
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    raise TimeoutError(f"a batch of lines took more than {PATIENCE_SECONDS:.0f} s")
                piece = os.read(self._out_of.fileno(), 1 << 16)
                if not piece:
                    raise ConnectionError("the searching process has ended")
                pieces.append(piece)
        return b"".join(pieces)

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait()
        with contextlib.suppress(OSError):  # what was not flushed has no reader any more
            self._into.close()
        self._out_of.close()
