"""The catalogue of a region: manifest, specs and cards, cached on disk.

The manifest is asked for with its ETag, specs are immutable under their key, and the list of models is kept as
small cards so that a list of a thousand models needs no spec at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jsft_tui.aws.jumpstart import ContentStore
from jsft_tui.core.catalog.spec import ManifestEntry, ModelCard, ModelSpec, newest, select, version_key
from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.errors import SIGNED_OUT, Problem
from jsft_tui.paths import write_cache
from jsft_tui.services.background.tasks import map_parallel

WORKERS = 24
"""Specs fetched at once."""
CACHE_VERSION = 1

Progress = Callable[[int, int], None]
"""Told how many of the cards that had to be fetched are there."""


def _silent(done: int, total: int) -> None:
    """Nobody wants to know."""
    del done, total


class Catalog:
    """The models of one region, as one target sees them."""

    def __init__(self, store: ContentStore, cache: Path) -> None:
        self._store = store
        self._cache = cache
        self._entries: list[ManifestEntry] | None = None
        self.stale: Problem | None = None
        """Why the manifest could not be asked for, when a cached one had to do."""
        self.left_out: list[Problem] = []
        """Why models are missing from the cards."""

    def entries(self) -> list[ManifestEntry]:
        """All versions of all models (asked for once per instance)."""
        if self._entries is None:
            self._entries = self._load_entries()
        return self._entries

    def forget(self) -> None:
        """Ask for the manifest anew the next time."""
        self._entries, self.stale = None, None

    def spec(self, model_id: str, version: str = "*") -> ModelSpec:
        """The spec of a model.

        Raises:
            Problem: no such model or version, or it could not be fetched.
        """
        return ModelSpec.parse(self._spec_data(select(self.entries(), model_id, version)))

    def cards(self, on_progress: Progress = _silent) -> list[ModelCard]:
        """A card of the newest version of every model, in the order of their ids."""
        wanted, known = newest(self.entries()), self._read_cards()
        missing = [entry for entry in wanted.values() if entry.spec_key not in known]
        self.left_out = []
        try:
            for number, (entry, card) in enumerate(map_parallel(self._fetch_card, missing, WORKERS), start=1):
                if isinstance(card, Problem):
                    self.left_out.append(card)
                else:
                    known[entry.spec_key] = card
                on_progress(number, len(missing))
        finally:  # an interrupted sync goes on where it was
            if missing:
                self._write_cards(known, wanted.values())
        if self.left_out and len(self.left_out) == len(wanted):
            raise self.left_out[0]
        return [known[entry.spec_key] for entry in wanted.values() if entry.spec_key in known]

    def cached_cards(self) -> list[ModelCard]:
        """The cards of the last sync, without asking anybody; none when there was no sync."""
        return sorted(self._read_cards().values(), key=lambda card: card.model_id)

    def versions(self, model_id: str) -> list[str]:
        """All versions of a model, the newest first."""
        found = {entry.version for entry in self.entries() if entry.model_id == model_id}
        return sorted(found, key=version_key, reverse=True)

    def cards_to_fetch(self) -> int:
        """How many cards are not cached yet."""
        known = self._read_cards()
        return sum(entry.spec_key not in known for entry in newest(self.entries()).values())

    def newest_ids(self) -> list[str]:
        """The ids of all models."""
        return list(newest(self.entries()))

    def licence(self, spec: ModelSpec) -> str:
        """The text of a gated model's licence."""
        return self._store.text(spec.eula_key)

    # -- manifest

    def _load_entries(self) -> list[ManifestEntry]:
        path = self._cache / "manifest.json"
        cached = _read_json(path)
        etag = str(cached.get("etag", "")) if cached else ""
        try:
            fresh = self._store.manifest(etag)
        except Problem as problem:
            if not cached or not (problem.retryable or problem.code in SIGNED_OUT):
                raise
            self.stale = problem
            fresh = None
        if fresh is None and cached:
            return [ManifestEntry(**entry) for entry in cached["entries"]]
        entries, etag = fresh or ([], "")
        _write_json(path, {"etag": etag, "entries": [asdict(entry) for entry in entries]})
        return entries

    # -- specs and cards

    def _spec_data(self, entry: ManifestEntry) -> dict[str, Any]:
        path = self._cache / "specs" / entry.spec_key.replace("/", "_")
        cached = _read_json(path)
        if cached is not None and "spec" in cached:
            found: dict[str, Any] = cached["spec"]
            return found
        data = self._store.spec(entry.spec_key)
        _write_json(path, {"spec": data})
        return data

    def _fetch_card(self, entry: ManifestEntry) -> ModelCard:
        # Fetched for its card only, and not kept: a thousand specs are a hundred megabytes.
        return ModelSpec.parse(self._store.spec(entry.spec_key)).card

    def _read_cards(self) -> dict[str, ModelCard]:
        cached = _read_json(self._cache / "cards.json") or {}
        return {key: ModelCard(**{**card, "task": Task(card["task"])}) for key, card in cached.get("cards", {}).items()}

    def _write_cards(self, cards: dict[str, ModelCard], wanted: Iterable[ManifestEntry]) -> None:
        keys = {entry.spec_key for entry in wanted}
        kept = {key: {**asdict(card), "task": card.task.value} for key, card in cards.items() if key in keys}
        _write_json(self._cache / "cards.json", {"cards": kept})


def _read_json(path: Path) -> dict[str, Any] | None:
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None  # a cache that cannot be read is no cache
    return data if isinstance(data, dict) and data.get("version") == CACHE_VERSION else None


def _write_json(path: Path, data: dict[str, Any]) -> None:
    write_cache(path, json.dumps({"version": CACHE_VERSION, **data}, separators=(",", ":")).encode())
