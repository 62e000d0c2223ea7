"""The draft: one owner, saved on every change, given to whoever subscribes."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from jsft_tui.core.draft import EMPTY, draft_document, read_draft
from jsft_tui.core.run import Run
from jsft_tui.paths import write_atomically

VERSION = 1
MAX_RECENTS = 20

Listener = Callable[[Run], None]


class Drafts:
    """The draft of one target, restored from its file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._listeners: list[Listener] = []
        self._run = self._load() or EMPTY

    @property
    def run(self) -> Run:
        """The draft as it is now."""
        return self._run

    def put(self, run: Run) -> None:
        """Another draft: on disk before anybody is told. Nothing happens when it is the same."""
        if run == self._run:
            return
        self._run = run
        document = {"version": VERSION, "run": draft_document(run)}
        write_atomically(self._path, json.dumps(document).encode())
        for listener in tuple(self._listeners):
            listener(run)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Be told of every change, by whoever makes it; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _load(self) -> Run | None:
        try:
            data = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            return None  # no draft, or one that a crash of the disk has spoilt
        return read_draft(data.get("run")) if isinstance(data, dict) and data.get("version") == VERSION else None


class Recents:
    """Places used lately, the latest first."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def places(self) -> list[str]:
        """The places."""
        try:
            data = json.loads(self._path.read_bytes())
        except (OSError, ValueError):
            return []
        return [str(place) for place in data][:MAX_RECENTS] if isinstance(data, list) else []

    def add(self, place: str) -> None:
        """A place that was used just now."""
        places = [place, *(known for known in self.places() if known != place)][:MAX_RECENTS]
        write_atomically(self._path, json.dumps(places).encode())
