"""The draft of a target: single owner, saved on every change, published to subscribers.

The choices for a model are kept when the draft switches to another one, so that trying a second model loses nothing.

An unreadable file (written by a newer version, or damaged) is renamed and kept, never overwritten. So is the draft of
another jsft that works on the same target: each file names its writer.
"""

from __future__ import annotations

import json
import os
import re
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.run.draft import EMPTY, draft_document, read_draft
from jsft_tui.core.run.run import Run
from jsft_tui.paths import locked, private_folder, write_atomically
from jsft_tui.services.settings.latest_saver import LatestSaver

VERSION = 1
MAX_MODELS = 20
"""The most drafts kept of other models; the one that was left first is evicted."""
MAX_WRITER = 24
MAX_UNREADABLE = 9
"""The most unreadable files kept of a target; the first one is then overwritten."""

Listener = Callable[[Run], None]


class Drafts:
    """The draft of one target, restored from its file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._listeners: list[Listener] = []
        self._launched: Run | None = None
        self._previous: dict[str, Run] = {}
        self._writer = f"{os.getpid()}-{secrets.token_hex(4)}"
        self._known: bytes | None = None
        """The file as this jsft read or wrote it last."""
        self._of_others: dict[str, Run] = {}
        """Model -> the draft of another jsft that works on this target, or one that it left."""
        self.kept_aside: Path | None = None
        """New path of an unreadable draft file; None if there was none."""
        self._run = self._load() or EMPTY
        self._saver = LatestSaver(self._write, lambda problem: self.on_problem(problem))
        self.on_problem: Callable[[Problem], object] = lambda _: None
        """Called on a worker thread when saving the draft fails."""
        self.on_other: Callable[[Path], object] = lambda _: None
        """Called on a worker thread with the file that keeps the draft of another jsft, once for each."""

    @property
    def run(self) -> Run:
        """The current draft."""
        return self._run

    @property
    def problem(self) -> Problem | None:
        """Why the last save failed; None if it succeeded."""
        return self._saver.problem

    @property
    def is_launched(self) -> bool:
        """Whether a job was launched from the current draft (apart from its name): then nothing of it can be lost."""
        return self._launched is not None and replace(self._run, name="") == replace(self._launched, name="")

    def previous(self, model_id: str) -> Run | None:
        """Return the last draft of a model that the draft has switched away from; None if there is none."""
        return self._previous.get(model_id) or self._of_others.get(model_id)

    def put_launched(self, run: Run) -> None:
        """Replace the draft after it was launched: the same run under its next name."""
        self._launched = run
        self.put(run)

    def put(self, run: Run) -> None:
        """Replace the draft: start to save it, then notify the subscribers. An equal draft changes nothing."""
        if run == self._run:
            return
        self._keep_previous(run.model.id)
        self._run = run
        self._saver.save(_Saved(run, self.is_launched, dict(self._previous)))
        for listener in tuple(self._listeners):
            listener(run)

    def _keep_previous(self, model_id: str) -> None:
        """Keep the current draft if the new one has another model."""
        own = self._run.model.id
        self._previous.pop(model_id, None)
        self._of_others.pop(model_id, None)
        if own and own != model_id:
            self._previous = {**{name: run for name, run in self._previous.items() if name != own}, own: self._run}
            self._previous = dict([*self._previous.items()][-MAX_MODELS:])

    def flush(self, seconds: float = 2.0) -> None:
        """Wait until the draft is saved, at most so many seconds."""
        self._saver.flush(seconds)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Call the listener on every change; return a function that ends the subscription."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _load(self) -> Run | None:
        data = _bytes_of(self._path)
        if data is None:
            return None
        self._known = data
        document = _read(data)
        run = read_draft(document.get("run"))
        if run is None and data:
            self.kept_aside = _keep_aside(self._path)
        self._launched = run if document.get("launched") is True else None
        self._previous = _read_previous(document.get("left"))
        return run

    def _write(self, saved: _Saved) -> None:
        """Save the draft over what this jsft knows of the file; keep what another one wrote meanwhile."""
        private_folder(self._path.parent)
        with locked(self._path):
            if (theirs := _bytes_of(self._path)) not in (None, b"", self._known):
                self._keep_other(theirs or b"", saved.run)
            left = {name: run for name, run in self._of_others.items() if name != saved.run.model.id}
            left.update(saved.previous)
            document = {
                "version": VERSION,
                "writer": self._writer,
                "run": draft_document(saved.run),
                "launched": saved.is_launched,
                "left": [draft_document(run) for run in [*left.values()][-MAX_MODELS:]],
            }
            data = json.dumps(document).encode()
            write_atomically(self._path, data)
            self._known = data

    def _keep_other(self, data: bytes, own: Run) -> None:
        """Keep a draft that another jsft wrote: for its model, and as a file that its later drafts replace."""
        document = _read(data)
        run = read_draft(document.get("run"))
        if run is None:
            path = _keep_aside(self._path)
        else:
            others = {**_read_previous(document.get("left")), **({run.model.id: run} if run.model.id else {})}
            self._of_others.update((name, other) for name, other in others.items() if name != own.model.id)
            if run in (own, EMPTY) or document.get("launched") is True:
                return
            writer = re.sub(r"[^0-9a-f-]", "", str(document.get("writer", "")))[:MAX_WRITER]
            path = self._path.with_name(f"{self._path.name}.other-{writer}")
            is_known = path.exists()
            write_atomically(path, data)
            if is_known:
                return
        if path is not None:
            self.on_other(path)


@dataclass(frozen=True)
class _Saved:
    """What is saved of a draft: the run, whether it was launched, and the drafts left for other models."""

    run: Run
    is_launched: bool
    previous: Mapping[str, Run]


def _bytes_of(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError:
        return b"?"  # unreadable: keep it


def _read(data: bytes) -> Mapping[str, Any]:
    """Parse the document; return an empty one if this version cannot read it."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):  # RecursionError: nested too deeply
        return {}
    return document if isinstance(document, dict) and document.get("version") == VERSION else {}


def _read_previous(documents: Any) -> dict[str, Run]:
    """Return the drafts of other models that this version can read."""
    runs = map(read_draft, documents) if isinstance(documents, list) else ()
    return {run.model.id: run for run in runs if run is not None and run.model.id}


def _keep_aside(path: Path) -> Path | None:
    """Rename an unreadable file, and return its new path; None if that fails, as then every write fails."""
    names = (path.with_name(f"{path.name}.unreadable{number}") for number in ("", *range(2, MAX_UNREADABLE + 1)))
    new_path = next((name for name in names if not name.exists()), path.with_name(f"{path.name}.unreadable"))
    try:
        path.replace(new_path)
    except OSError:
        return None
    return new_path
