"""S3 URIs, and the entries of listings."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.storage.spellings import BUCKET, EXAMPLE, is_arn, is_host, remedy_for

_NO_KEY = re.compile(r"[\0\ud800-\udfff]")
"""Bytes that are not UTF-8, as Python reads them from the command line, and NUL."""


def _malformed(text: str, why: str) -> Problem:
    return usage("MalformedS3Uri", f"{text!r} {why}.", remedy_for(text))


@dataclass(frozen=True)
class S3Uri:
    """A bucket and a key (or a key prefix, or nothing: the bucket itself)."""

    bucket: str
    key: str = ""

    @classmethod
    def parse(cls, text: str) -> S3Uri:
        """Parse `s3://bucket/key`.

        Raises:
            Problem: it is not an S3 URI (code `MalformedS3Uri`); the remedy shows the correct form.
        """
        text = text.strip()
        if text.lower().startswith(("https://", "http://")):
            raise _malformed(text, "is a web address, not an S3 URI")
        if is_arn(text):
            raise _malformed(text, "is an ARN, not an S3 URI")
        if not text.startswith("s3://"):
            raise _malformed(text, "does not start with s3://")
        bucket, _, key = text[5:].partition("/")
        if not BUCKET.fullmatch(bucket):
            why = "names no bucket" if not bucket else f"has the bucket name {bucket!r}, which S3 does not allow"
            meant = remedy_for(text[5:].replace("\\", "/"))
            rule = "Bucket names have 3 to 63 of a-z, 0-9, '.' and '-'."
            raise usage("MalformedS3Uri", f"{text!r} {why}.", rule if meant == EXAMPLE else meant)
        if is_host(bucket):
            raise _malformed(f"https://{text[5:]}", "is a web address, not an S3 URI")
        if len(text) > 1024:  # CreateTrainingJob, S3Uri: at most 1,024 characters
            raise usage("MalformedS3Uri", "the S3 URI is longer than 1,024 characters.", "Use a shorter prefix.")
        if _NO_KEY.search(key):
            raise usage("MalformedS3Uri", f"{text!r} holds characters that no key can have.", "Check the encoding.")
        return cls(bucket, key)

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"

    @property
    def name(self) -> str:
        """Return the last part of the key, with its slash for a prefix; the bucket's name for a bucket."""
        stem = self.key.removesuffix("/")
        return stem.rpartition("/")[2] + self.key[len(stem) :] if self.key else self.bucket

    @property
    def parent(self) -> S3Uri:
        """Return the parent prefix (of a bucket: the bucket itself)."""
        head, slash, _ = self.key.removesuffix("/").rpartition("/")
        return S3Uri(self.bucket, head + slash)

    def child(self, name: str) -> S3Uri:
        """Return the URI of a name under this prefix."""
        separator = "" if not self.key or self.key.endswith("/") else "/"
        return S3Uri(self.bucket, f"{self.key}{separator}{name}")

    def as_prefix(self) -> S3Uri:
        """Return the same location as a prefix: with a trailing slash (except a whole bucket)."""
        return self if not self.key or self.key.endswith("/") else S3Uri(self.bucket, self.key + "/")


@dataclass(frozen=True)
class Bucket:
    """A bucket in a listing. `region` is None if the listing does not contain it."""

    name: str
    region: str | None = None
    created: float | None = None


@dataclass(frozen=True)
class Entry:
    """One row of a listing: an object, or a prefix.

    Attributes:
        uri: its URI.
        size: bytes; None for a prefix.
        modified: epoch seconds; None for a prefix.
        etag: without quotes; empty for a prefix.
        storage_class: as the listing names it; empty where it does not.
        is_restored: whether there is a copy of an archived object that can be read.
    """

    uri: S3Uri
    size: int | None = None
    modified: float | None = None
    etag: str = ""
    storage_class: str = ""
    is_restored: bool = False

    @property
    def is_prefix(self) -> bool:
        """Return whether it is a prefix rather than an object."""
        return self.size is None


@dataclass(frozen=True)
class Page:
    """A page of a listing; `token` continues it, None on the last page."""

    entries: tuple[Entry, ...]
    token: str | None = None
