"""Seed the sandbox's S3 with JumpStart's catalog, code for the runnable models, and data.

Nothing here is copied from AWS: model IDs, hyperparameters and key layouts are restated as facts, everything else
is drawn, generated or written for the sandbox.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from jsft_tui.sandbox.http.service import ACCOUNT_ID
from jsft_tui.sandbox.seed.base.locations import (
    ELSEWHERE_BUCKET,
    broken_bucket,
    content_bucket,
    elsewhere_region,
    user_bucket,
)
from jsft_tui.sandbox.seed.models import RUNNABLE_MODEL_IDS
from jsft_tui.sandbox.seed.quotas import QUOTAS
from jsft_tui.sandbox.seed.recipes.models import RECIPE_MODEL_IDS

__all__ = [
    "ELSEWHERE_BUCKET",
    "QUOTAS",
    "RECIPE_MODEL_IDS",
    "RUNNABLE_MODEL_IDS",
    "SANDBOX_ROLE",
    "broken_bucket",
    "content_bucket",
    "elsewhere_region",
    "seed_store",
    "user_bucket",
]

SANDBOX_ROLE = f"arn:aws:iam::{ACCOUNT_ID}:role/JsftSandboxRole"
"""The execution role for training jobs in the sandbox's account."""


class Store(Protocol):
    """The part of an object store that seeding uses."""

    def create_bucket(self, name: str, region: str) -> None:
        """Create a bucket; do nothing if it already exists in that region."""
        ...

    def write_many(self, bucket: str, objects: Iterable[tuple[str, bytes]]) -> None:
        """Store many objects, as (key, body), in one transaction."""
        ...


def seed_store(store: Store, region: str) -> None:
    """Write the catalog, the code and the data into the store.

    Seeding again restores the seeded objects and leaves all others alone.

    Args:
        store: the destination.
        region: the sandbox's region; one bucket is deliberately created in another region.
    """
    # Deferred: the datasets are drawn with Pillow and numpy, which reading a quota or a bucket name must not import.
    from jsft_tui.sandbox.seed import buckets

    for bucket in buckets.buckets(region):
        store.create_bucket(bucket.name, bucket.region)
        store.write_many(bucket.name, bucket.objects)
