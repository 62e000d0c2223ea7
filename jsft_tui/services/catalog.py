"""The JumpStart catalog of a Region: manifest, specs, and cards, cached on disk.

The manifest is requested with its ETag, specs are immutable under their key, and the model list is cached as small
cards, so that showing a thousand models needs no spec.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from jsft_tui.aws.jumpstart import MALFORMED, ContentStore
from jsft_tui.core.catalog.cards import ModelCard, RecipeCard
from jsft_tui.core.catalog.spec.recipe import Recipe
from jsft_tui.core.catalog.spec.recipe_template import RecipeTemplate
from jsft_tui.core.catalog.spec.spec import ManifestEntry, ModelSpec, newest, select, version_key
from jsft_tui.core.catalog.task import Task
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.customization.customization import Customization
from jsft_tui.core.customization.recipes.choice import choose_recipe, recipe_spec
from jsft_tui.core.customization.recipes.parameters import parse_parameters
from jsft_tui.paths import write_cache
from jsft_tui.services.background.tasks import map_parallel

WORKERS = 24
"""Specs fetched at once."""
CACHE_VERSION = 2

NOT_HIDDEN = frozenset({"AccessDenied", "NoSuchBucket", "NotFound", "NoJumpStart"})
"""Codes of refusals that an old list would hide; after any other failure it is shown as not current."""

Progress = Callable[[int, int], None]
"""Called with the numbers of fetched cards and of cards to fetch."""


def _ignore(done: int, total: int) -> None:
    """Report no progress."""
    del done, total


class Catalog:
    """The JumpStart models that one target can see."""

    def __init__(self, store: ContentStore, cache: Path) -> None:
        self._store = store
        self._cache = cache
        self._entries: list[ManifestEntry] | None = None
        self.stale: Problem | None = None
        """Why the cached manifest is used; None if it is up to date."""
        self.left_out: list[Problem] = []
        """Errors of the models that are missing from the cards."""

    def entries(self) -> list[ManifestEntry]:
        """Return all versions of all models; the manifest is requested once per instance."""
        if self._entries is None:
            self._entries = self._load_entries()
        return self._entries

    def forget(self) -> None:
        """Request the manifest again the next time."""
        self._entries, self.stale = None, None

    def spec(self, model_id: str, version: str = "*") -> ModelSpec:
        """Return the spec of a model.

        Raises:
            Problem: there is no such model or version, or the spec could not be fetched.
        """
        key = select(self.entries(), model_id, version).spec_key
        path = self._cache / "specs" / key.replace("/", "_")
        cached = _read_spec(path)
        if cached is not None:
            return cached
        fetched = self._store.spec(key)
        _write_json(path, {"spec": fetched.document})
        return fetched.spec

    def customized_spec(self, spec: ModelSpec, wanted: Customization) -> ModelSpec:
        """Return a model's spec with the hyperparameters of the recipe for a customization.

        Raises:
            Problem: the model has no such recipe, or its parameters could not be fetched.
        """
        recipe = choose_recipe(spec, wanted)
        parameters = self._parameters(recipe)
        return recipe_spec(
            spec, recipe, parse_parameters(parameters, recipe.technique), self._template(recipe, parameters)
        )

    def _parameters(self, recipe: Recipe) -> Any:
        """Return a recipe's override parameters, which are immutable under their key."""
        if not recipe.parameters_key:
            return {}
        path = self._cache / "recipes" / recipe.parameters_key.replace("/", "_")
        cached = (_read_json(path) or {}).get("parameters")
        if isinstance(cached, dict):
            return cached
        fetched = self._store.parameters(recipe.parameters_key)
        _write_json(path, {"parameters": fetched})
        return fetched

    def _template(self, recipe: Recipe, parameters: Any) -> RecipeTemplate | None:
        """Return what a job on instances is rendered from; None if it could not be read: serverless needs none."""
        path = self._cache / "recipes" / recipe.template_key.replace("/", "_")
        text = (_read_json(path) or {}).get("template")
        if not isinstance(text, str):
            try:
                text = self._store.text(recipe.template_key)
            except Problem:
                return None
            _write_json(path, {"template": text})
        return RecipeTemplate(text, parameters)

    def recipe_text(self, recipe: Recipe) -> str:
        """Return the template of a recipe, which is YAML.

        Raises:
            Problem: it could not be fetched.
        """
        return self._store.text(recipe.template_key)

    def cards(self, on_progress: Progress = _ignore) -> list[ModelCard]:
        """Return a card of the newest version of every model, by model id."""
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
        finally:  # so that an interrupted sync can continue
            if missing:
                self._write_cards(known, wanted.values())
        if self.left_out and len(self.left_out) == len(wanted):
            raise self.left_out[0]
        return [known[entry.spec_key] for entry in wanted.values() if entry.spec_key in known]

    def cached_cards(self) -> list[ModelCard]:
        """Return the cards of the last sync without any call; none if there was no sync."""
        return sorted(self._read_cards().values(), key=lambda card: card.model_id)

    def versions(self, model_id: str) -> list[str]:
        """Return all versions of a model, the newest first."""
        found = {entry.version for entry in self.entries() if entry.model_id == model_id}
        return sorted(found, key=version_key, reverse=True)

    def cards_to_fetch(self) -> int:
        """Return the number of cards that are not cached."""
        known = self._read_cards()
        return sum(entry.spec_key not in known for entry in newest(self.entries()).values())

    def newest_ids(self) -> list[str]:
        """Return the ids of all models."""
        return list(newest(self.entries()))

    def license_text(self, spec: ModelSpec) -> str:
        """Return the text of a gated model's license."""
        return self._store.text(spec.eula_key)

    # -- manifest

    def _load_entries(self) -> list[ManifestEntry]:
        path = self._cache / "manifest.json"
        etag, cached = _read_manifest(path)
        try:
            fresh = self._store.manifest(etag)
        except Problem as problem:
            if not cached or problem.code in NOT_HIDDEN:
                raise
            self.stale = problem
            fresh = None
        if fresh is None and cached:
            return cached
        entries, etag = fresh or ([], "")
        _write_json(path, {"etag": etag, "entries": [asdict(entry) for entry in entries]})
        return entries

    # -- cards

    def _fetch_card(self, entry: ManifestEntry) -> ModelCard:
        # Only the card is cached: a thousand specs are a hundred megabytes.
        return self._store.spec(entry.spec_key).spec.card

    def _read_cards(self) -> dict[str, ModelCard]:
        cards = (_read_json(self._cache / "cards.json") or {}).get("cards", {})
        try:
            return {key: _card(card) for key, card in cards.items()}
        except MALFORMED:
            return {}  # treat an unreadable cache as empty

    def _write_cards(self, cards: dict[str, ModelCard], wanted: Iterable[ManifestEntry]) -> None:
        keys = {entry.spec_key for entry in wanted}
        kept = {key: {**asdict(card), "task": card.task.value} for key, card in cards.items() if key in keys}
        _write_json(self._cache / "cards.json", {"cards": kept})


def _card(entry: dict[str, Any]) -> ModelCard:
    recipes = tuple(
        RecipeCard(
            recipe["technique"],
            recipe["adapter"],
            tuple(recipe["serverless_regions"]),
            tuple(recipe["instance_regions"]),
        )
        for recipe in entry["recipes"]
    )
    return ModelCard(**{**entry, "task": Task(entry["task"]), "recipes": recipes})


def _read_json(path: Path) -> dict[str, Any] | None:
    try:
        data = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None  # treat an unreadable cache as empty
    return data if isinstance(data, dict) and data.get("version") == CACHE_VERSION else None


def _read_manifest(path: Path) -> tuple[str, list[ManifestEntry]]:
    """Return the cached manifest and its ETag; none of both if there is none that can be read."""
    cached = _read_json(path) or {}
    try:
        return str(cached["etag"]), [ManifestEntry(**entry) for entry in cached["entries"]]
    except MALFORMED:
        return "", []


def _read_spec(path: Path) -> ModelSpec | None:
    try:
        return ModelSpec.parse((_read_json(path) or {})["spec"])
    except (*MALFORMED, Problem):
        return None


def _write_json(path: Path, data: dict[str, Any]) -> None:
    write_cache(path, json.dumps({"version": CACHE_VERSION, **data}, separators=(",", ":")).encode())
