"""Record the requests that changed moto's state, so that they can be repeated after a restart.

A journal rather than a pickle of moto's state: it takes the same few lines for every service (KMS keys cannot be
pickled), it survives an update of moto, and its cost does not grow with the state.
"""

from __future__ import annotations

import base64
import errno
import json
import logging
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class JournaledRequest:
    """A request to moto, and the seed of the random identifiers that it creates."""

    seed: int
    service: str
    region: str
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    def to_json(self) -> str:
        """Return the request as one line of the journal."""
        return json.dumps({**self.__dict__, "body": base64.b64encode(self.body).decode()})

    @classmethod
    def from_json(cls, line: bytes) -> JournaledRequest:
        """Read a line of the journal.

        Raises:
            ValueError, TypeError, KeyError: it is not a request.
        """
        fields = json.loads(line)
        return cls(**{**fields, "body": base64.b64decode(fields["body"])})


class RequestJournal:
    """A file with one request per line."""

    def __init__(self, file: Path) -> None:
        self._file = file

    @property
    def is_empty(self) -> bool:
        """Whether nothing was recorded yet."""
        return not self._file.exists()

    def append(self, request: JournaledRequest) -> None:
        """Add a request; it is in the file when this returns.

        Raises:
            OSError: the file cannot be written. It is as before then.
        """
        self._file.parent.mkdir(parents=True, exist_ok=True)
        line = request.to_json().encode() + b"\n"
        with self._file.open("ab", buffering=0) as file:
            size = file.tell()
            if file.write(line) < len(line):
                # An incomplete line would corrupt the next one, too.
                file.truncate(size)
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(self._file))

    def requests(self) -> Iterator[JournaledRequest]:
        """Yield the recorded requests, oldest first; skip and log lines that cannot be read."""
        if self.is_empty:
            return
        content = self._file.read_bytes()
        complete = content[: content.rfind(b"\n") + 1]
        if complete != content:
            # The server was killed while it wrote the last line: that request was never answered.
            os.truncate(self._file, len(complete))
        for line in complete.splitlines():
            try:
                yield JournaledRequest.from_json(line)
            except (ValueError, TypeError, KeyError):
                log.warning("An entry of %s cannot be read; its change is lost", self._file)
