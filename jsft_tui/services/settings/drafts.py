"""The draft: one owner, saved on every change, given to whoever subscribes.

What was chosen for a model is kept when the draft takes another one, so that looking at a second model costs nothing.

A file that cannot be read, as a newer version or a crash of the disk may leave it, is kept aside, never written over.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.run.draft import EMPTY, draft_document, read_draft
from jsft_tui.core.run.run import Run
from jsft_tui.paths import write_atomically

VERSION = 1
MAX_RECENTS = 20
MAX_MODELS = 20
"""Drafts kept of other models; the one that was left first gives way to one more."""
MAX_KEPT = 9
"""Unreadable drafts kept of a target; the first gives way to one more."""

Listener = Callable[[Run], None]


class Drafts:
    """The draft of one target, restored from its file."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._listeners: list[Listener] = []
        self._launched: Run | None = None
        self._left: dict[str, Run] = {}
        self.kept_aside: Path | None = None
        """Where the file lies now that held a draft which could not be read; None when there was none."""
        self._run = self._load() or EMPTY
        self._saver = LatestSaver(path, lambda problem: self.on_problem(problem))
        self.on_problem: Callable[[Problem], object] = lambda _: None
        """Told, in another thread, why the draft could not be saved."""

    @property
    def run(self) -> Run:
        """The draft as it is now."""
        return self._run

    @property
    def problem(self) -> Problem | None:
        """Why the draft could not be saved the last time."""
        return self._saver.problem

    @property
    def is_launched(self) -> bool:
        """Whether there is a job that was launched from the draft as it is, name apart: nothing of it can be lost."""
        return self._launched is not None and replace(self._run, name="") == replace(self._launched, name="")

    def left(self, model_id: str) -> Run | None:
        """The draft as it was when another model was taken instead of this one; None where it never was."""
        return self._left.get(model_id)

    def put_launched(self, run: Run) -> None:
        """The draft under its next name, after it was launched."""
        self._launched = run
        self.put(run)

    def put(self, run: Run) -> None:
        """Another draft: it is on its way to the disk before anybody is told. Nothing happens when it is the same."""
        if run == self._run:
            return
        self._leave(run.model.id)
        self._run = run
        document = {
            "version": VERSION,
            "run": draft_document(run),
            "launched": self.is_launched,
            "left": [draft_document(left) for left in self._left.values()],
        }
        self._saver.save(json.dumps(document).encode())
        for listener in tuple(self._listeners):
            listener(run)

    def _leave(self, model_id: str) -> None:
        """Keep what there is when another model is taken."""
        own = self._run.model.id
        self._left.pop(model_id, None)
        if own and own != model_id:
            self._left = {**{name: run for name, run in self._left.items() if name != own}, own: self._run}
            self._left = dict([*self._left.items()][-MAX_MODELS:])

    def flush(self, seconds: float = 2.0) -> None:
        """Wait until the disk has the draft."""
        self._saver.flush(seconds)

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Be told of every change, by whoever makes it; returns what ends that."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def _load(self) -> Run | None:
        try:
            data = self._path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError:
            data = b"?"  # it may be read by somebody else, at another time
        document = _read(data)
        run = read_draft(document.get("run"))
        if run is None and data:
            self.kept_aside = _keep_aside(self._path)
        self._launched = run if document.get("launched") is True else None
        self._left = _read_left(document.get("left"))
        return run


def _read(data: bytes) -> Mapping[str, Any]:
    """The file's document; empty for one that this version cannot read."""
    try:
        document = json.loads(data)
    except (ValueError, RecursionError):  # the second one: nested too deeply
        return {}
    return document if isinstance(document, dict) and document.get("version") == VERSION else {}


def _read_left(documents: Any) -> dict[str, Run]:
    """The drafts of other models, as far as this version can read them."""
    runs = map(read_draft, documents) if isinstance(documents, list) else ()
    return {run.model.id: run for run in runs if run is not None and run.model.id}


def _keep_aside(path: Path) -> Path | None:
    """Give a file a name that nothing is written to; None where the disk refuses, as it then refuses all writing."""
    names = (path.with_name(f"{path.name}.unreadable{number}") for number in ("", *range(2, MAX_KEPT + 1)))
    aside = next((name for name in names if not name.exists()), path.with_name(f"{path.name}.unreadable"))
    try:
        path.replace(aside)
    except OSError:
        return None
    return aside


class LatestSaver:
    """Writes the latest of what it is given in a thread of its own: a slow disk holds no key up."""

    def __init__(self, path: Path, on_problem: Callable[[Problem], object]) -> None:
        self._path = path
        self._on_problem = on_problem
        self._wake = threading.Condition()
        self._data: bytes | None = None
        self._is_writing = False
        self._thread: threading.Thread | None = None
        self.problem: Problem | None = None
        """Why the last write failed."""

    def save(self, data: bytes) -> None:
        """Write this soon; what was not written yet is dropped for it."""
        with self._wake:
            self._data = data
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="jsft saver", daemon=True)
                self._thread.start()
            self._wake.notify_all()

    def flush(self, seconds: float) -> None:
        """Wait until all is written, at most so long."""
        with self._wake:
            self._wake.wait_for(lambda: self._data is None and not self._is_writing, seconds)

    def _work(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._data is not None)
                data, self._data, self._is_writing = self._data or b"", None, True
            problem = None
            try:
                write_atomically(self._path, data)
            except Problem as error:
                problem = error
            except Exception as error:  # noqa: BLE001  (whatever it is, the next change is saved again)
                problem = Problem("CannotWrite", f"the draft cannot be saved: {error}.")
            if problem is not None:
                self._on_problem(problem)
            with self._wake:
                self.problem, self._is_writing = problem, False
                self._wake.notify_all()


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
