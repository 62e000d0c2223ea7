"""What is known of a bucket."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BucketFacts:
    """A bucket: whether it exists, and its region (None: not told)."""

    exists: bool
    region: str | None = None
