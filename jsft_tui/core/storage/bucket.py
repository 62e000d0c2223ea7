"""Facts about a bucket, and about a location in one."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class BucketFacts:
    """A bucket: whether it exists, and its region (None: not determined)."""

    exists: bool
    region: str | None = None


@dataclass(frozen=True)
class LocationFacts:
    """The location that an S3 URI points to.

    Attributes:
        uri: the URI.
        bucket: its bucket.
        has_objects: whether any object has the prefix; None: not determined. The empty object with which the console
            makes a "folder" is not counted.
        beside: other names that start with a prefix without a trailing slash.
        is_object: whether the URI is the key of an object.
        is_folder: whether there are objects below the URI with a slash.
        archived: the storage class of one of its first objects that is archived; empty where none is.
    """

    uri: str
    bucket: BucketFacts
    has_objects: bool | None = None
    beside: tuple[str, ...] = ()
    is_object: bool = False
    is_folder: bool = False
    archived: str = ""
