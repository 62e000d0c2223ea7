"""Run the metric search in a child process and talk to it."""

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

TIMEOUT_SECONDS = 60.0
"""Maximum time for one batch of texts; after it, the child counts as failed."""


@dataclass(frozen=True)
class SearchResult:
    """The result for a batch of texts: the matches, and the names of the definitions that are no longer used."""

    found: Sequence[Found]
    dropped: Sequence[str]


class SearchChild:
    """A child process that searches with these definitions, all of which must be valid (`regex_problem`).

    Raises:
        OSError: the process cannot be started or ends at once.
    """

    def __init__(self, definitions: Sequence[Definition]) -> None:
        # Isolated and without site-packages: nothing of the user's environment matters, and it starts quickly.
        command = [sys.executable, "-I", "-S", program.__file__]
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env={}, start_new_session=True
        )
        assert self._process.stdin
        assert self._process.stdout
        self._input: IO[bytes] = self._process.stdin
        self._output: IO[bytes] = self._process.stdout
        try:
            self._write(definitions)
        except OSError:
            self.close()  # nobody else has a reference to the process, which must be waited for
            raise

    def search(self, texts: Sequence[str]) -> SearchResult:
        """Return the first match of each definition in each text.

        Raises:
            OSError: the process has ended, or the batch takes too long (`TimeoutError`).
            ValueError: its reply is not valid.
        """
        self._write(texts)
        reply: dict[str, Any] = json.loads(self._read_line())
        found = [(line, name, captured, after) for line, name, captured, after in reply["found"]]
        return SearchResult(found, reply["dropped"])

    def _write(self, document: Any) -> None:
        self._input.write(json.dumps(document).encode() + b"\n")
        self._input.flush()

    def _read_line(self) -> bytes:
        deadline = time.monotonic() + TIMEOUT_SECONDS
        chunks: list[bytes] = []
        with selectors.DefaultSelector() as selector:
            selector.register(self._output, selectors.EVENT_READ)
            while not chunks or not chunks[-1].endswith(b"\n"):
                if not selector.select(max(0.0, deadline - time.monotonic())):
                    raise TimeoutError(f"a batch of lines took more than {TIMEOUT_SECONDS:.0f} s")
                chunk = os.read(self._output.fileno(), 1 << 16)
                if not chunk:
                    raise ConnectionError("the search process has ended")
                chunks.append(chunk)
        return b"".join(chunks)

    def close(self) -> None:
        """Terminate the process."""
        self._process.kill()
        self._process.wait()
        with contextlib.suppress(OSError):  # unflushed data has no reader anymore
            self._input.close()
        self._output.close()
