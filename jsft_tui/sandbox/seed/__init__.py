"""What lies in the sandbox's S3 on the first day: JumpStart's catalogue, code for the models it runs, and data.

Nothing here is copied from AWS: model ids, hyperparameters and key layouts are restated as facts, everything else
is drawn, generated or written for the sandbox.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from jsft_tui.sandbox.http.protocol import ACCOUNT_ID
from jsft_tui.sandbox.seed.base.locations import (
    ELSEWHERE_BUCKET,
    broken_bucket,
    content_bucket,
    elsewhere_region,
    user_bucket,
)
from jsft_tui.sandbox.seed.models import RUNNABLE_MODEL_IDS
from jsft_tui.sandbox.seed.quotas import QUOTAS

__all__ = [
    "ELSEWHERE_BUCKET",
    "QUOTAS",
    "RUNNABLE_MODEL_IDS",
    "SANDBOX_ROLE",
    "broken_bucket",
    "content_bucket",
    "elsewhere_region",
    "seed_store",
    "user_bucket",
]

SANDBOX_ROLE = f"arn:aws:iam::{ACCOUNT_ID}:role/JsftSandboxRole"
"""The execution role that the sandbox's account has for training jobs."""


class Store(Protocol):
    """What planting needs of an object store."""

    def create_bucket(self, name: str, region: str) -> None:
        """Make a bucket; no error when it exists already in that region."""
        ...

    def write_many(self, bucket: str, objects: Iterable[tuple[str, bytes]]) -> None:
        """Write many objects, as (key, body), in one transaction."""
        ...


def seed_store(store: Store, region: str) -> None:
    """Put the catalogue, the code and the data of the first day into the store.

    Planting again restores what was planted and leaves everything else alone.

    Args:
        store: where to.
        region: the sandbox's region; one bucket is planted in another region on purpose.
    """
    # The datasets are drawn with Pillow and numpy; reading a quota or a bucket's name must not import them.
    from jsft_tui.sandbox.seed import buckets

    for bucket in buckets.buckets(region):
        store.create_bucket(bucket.name, bucket.region)
        store.write_many(bucket.name, bucket.objects)
