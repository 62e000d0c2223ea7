"""Recently used S3 locations, and whether they fitted the models that they were checked for."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from jsft_tui.core.common.findings import Level
from jsft_tui.paths import locked, private_folder, write_atomically

MAX_RECENTS = 20
MAX_VERDICTS = 20
"""Models whose verdict is kept for a location."""


@dataclass(frozen=True)
class Recent:
    """A location.

    Attributes:
        place: its S3 URI.
        used: when, in epoch seconds; None if that was not written down.
        verdicts: id of a model -> the verdict of the last check for it.
    """

    place: str
    used: float | None = None
    verdicts: Mapping[str, Level] = field(default_factory=dict)


class Recents:
    """Recently used S3 locations, the latest first."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def places(self) -> list[str]:
        """Return the locations."""
        return [recent.place for recent in self.entries()]

    def entries(self) -> list[Recent]:
        """Return the locations with what is known of them."""
        try:
            data = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            return []
        return [_recent(entry) for entry in data][:MAX_RECENTS] if isinstance(data, list) else []

    def add(self, place: str) -> None:
        """Add a location that was just used to those that the file has now.

        Raises:
            Problem: it cannot be written (code `CannotWrite`).
        """
        private_folder(self._path.parent)
        with locked(self._path):
            known = {recent.place: recent for recent in self.entries()}
            newest = replace(known.pop(place, Recent(place)), used=time.time())
            self._write([newest, *known.values()])

    def judge(self, place: str, model_id: str, level: Level) -> None:
        """Write down the verdict of a check, for a location that was used.

        Raises:
            Problem: it cannot be written (code `CannotWrite`).
        """
        private_folder(self._path.parent)
        with locked(self._path):
            entries = self.entries()
            for number, recent in enumerate(entries):
                if recent.place == place:
                    verdicts = {**recent.verdicts}
                    verdicts.pop(model_id, None)
                    kept = list({model_id: level, **verdicts}.items())[:MAX_VERDICTS]
                    entries[number] = replace(recent, verdicts=dict(kept))
                    self._write(entries)

    def _write(self, entries: list[Recent]) -> None:
        data = [
            {"place": each.place, "used": each.used, "verdicts": {m: level.value for m, level in each.verdicts.items()}}
            for each in entries[:MAX_RECENTS]
        ]
        write_atomically(self._path, json.dumps(data).encode())


def _recent(entry: object) -> Recent:
    """Return an entry of the file; the former versions wrote the location only."""
    if not isinstance(entry, dict):
        return Recent(str(entry))
    used, verdicts = entry.get("used"), entry.get("verdicts")
    known = {level.value: level for level in Level}
    pairs = verdicts.items() if isinstance(verdicts, dict) else ()
    levels = {str(model): known[level] for model, level in pairs if isinstance(level, str) and level in known}
    return Recent(str(entry.get("place", "")), used if isinstance(used, (int, float)) else None, levels)
