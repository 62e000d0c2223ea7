"""What is known about a bucket, and about a location in one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BucketFacts:
    """A bucket: whether it exists, and its region (None: not determined)."""

    exists: bool
    region: str | None = None


@dataclass(frozen=True)
class LocationFacts:
    """What an S3 URI points at.

    Attributes:
        uri: the URI.
        bucket: its bucket.
        has_objects: whether any object has the prefix; None: not determined.
        beside: other names that begin with a prefix without a trailing slash.
    """

    uri: str
    bucket: BucketFacts
    has_objects: bool | None = None
    beside: tuple[str, ...] = ()
