"""Seed one store in memory, which all tests of this folder read."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from jsft_tui.sandbox.seed import seed_store

REGION = "eu-west-1"


class MemoryStore:
    """The part of the object store that seeding uses, without files."""

    def __init__(self) -> None:
        self.regions: dict[str, str] = {}
        self.buckets: dict[str, dict[str, bytes]] = {}

    def create_bucket(self, name: str, region: str) -> None:
        assert self.regions.setdefault(name, region) == region
        self.buckets.setdefault(name, {})

    def write_many(self, bucket: str, objects: Iterable[tuple[str, bytes]]) -> None:
        for key, body in objects:
            self.buckets[bucket][key] = body


@cache
def seeded_store() -> MemoryStore:
    """Return a seeded store, which tests must not change."""
    store = MemoryStore()
    seed_store(store, REGION)
    return store


def content() -> dict[str, bytes]:
    """Return the content bucket's objects."""
    return seeded_store().buckets[f"jumpstart-cache-prod-{REGION}"]


def folder(objects: dict[str, bytes], prefix: str) -> dict[str, bytes]:
    """Return the objects under a prefix, with the prefix removed from their names."""
    return {key.removeprefix(prefix): body for key, body in objects.items() if key.startswith(prefix)}
