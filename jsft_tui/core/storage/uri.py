"""Places in S3: URIs, and what a listing shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from jsft_tui.core.common.errors import usage

# Amazon S3 user guide, "Bucket naming rules": 3-63 characters, lower case, digits, dots and hyphens, and not
# formatted as an IP address.
_BUCKET = re.compile(r"(?!.*\.\.)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
# "Virtual hosting of buckets": the bucket stands before `s3` in the host, or in the path (then the host starts so).
_ENDPOINT = r"s3[.-](?:(?!s3[.-])[a-z0-9-]+\.)*amazonaws\.com(?:\.cn)?"
_HTTPS_HOST = re.compile(rf"https?://([a-z0-9.-]+)\.{_ENDPOINT}/?(.*)", re.DOTALL)
_HTTPS_PATH = re.compile(rf"https?://{_ENDPOINT}/([^/]+)/?(.*)", re.DOTALL)
_OTHER_SPELLINGS = re.compile(r"(?:s3://|arn:aws[a-z-]*:s3:::)(.+)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class S3Uri:
    """A bucket and a key (or a key prefix, or nothing: the bucket itself)."""

    bucket: str
    key: str = ""

    @classmethod
    def parse(cls, text: str) -> S3Uri:
        """Read `s3://bucket/key`.

        Raises:
            Problem: it is not an S3 URI (code `MalformedS3Uri`), saying what to write instead.
        """
        text = text.strip()
        if text.startswith(("https://", "http://")):
            raise usage("MalformedS3Uri", f"{text!r} is a web address, not an S3 URI.", _from_https(text))
        if not text.startswith("s3://"):
            raise usage("MalformedS3Uri", f"{text!r} does not start with s3://.", _from_other_spelling(text))
        bucket, _, key = text[5:].partition("/")
        if not _BUCKET.fullmatch(bucket):
            why = "names no bucket" if not bucket else f"has the bucket name {bucket!r}, which S3 does not allow"
            raise usage("MalformedS3Uri", f"{text!r} {why}.", "Bucket names have 3 to 63 of a-z, 0-9, '.' and '-'.")
        if len(text) > 1024:  # CreateTrainingJob, S3Uri: at most 1,024 characters
            raise usage("MalformedS3Uri", "the S3 URI is longer than 1,024 characters.", "Use a shorter prefix.")
        return cls(bucket, key)

    def __str__(self) -> str:
        return f"s3://{self.bucket}/{self.key}"

    @property
    def name(self) -> str:
        """The last part of the key, with its slash when it is a prefix; the bucket's name for a bucket."""
        stem = self.key.removesuffix("/")
        return stem.rpartition("/")[2] + self.key[len(stem) :] if self.key else self.bucket

    @property
    def parent(self) -> S3Uri:
        """The prefix above this one (of a bucket: the bucket itself)."""
        head, slash, _ = self.key.removesuffix("/").rpartition("/")
        return S3Uri(self.bucket, head + slash)

    def child(self, name: str) -> S3Uri:
        """What lies under this prefix by that name."""
        separator = "" if not self.key or self.key.endswith("/") else "/"
        return S3Uri(self.bucket, f"{self.key}{separator}{name}")

    def as_prefix(self) -> S3Uri:
        """The same place, written as a prefix: with a trailing slash (except the whole bucket)."""
        return self if not self.key or self.key.endswith("/") else S3Uri(self.bucket, self.key + "/")


_EXAMPLE = "Write s3://bucket/prefix/."


def _from_https(text: str) -> str:
    for pattern in (_HTTPS_PATH, _HTTPS_HOST):
        if match := pattern.fullmatch(text):
            key = unquote(match[2].split("?")[0])
            return f"Write s3://{match[1]}/{key}"
    return _EXAMPLE


def _from_other_spelling(text: str) -> str:
    match = _OTHER_SPELLINGS.fullmatch(text)
    place = match[1] if match else text
    return f"Write s3://{place}" if _BUCKET.fullmatch(place.split("/")[0]) else _EXAMPLE


@dataclass(frozen=True)
class Bucket:
    """A bucket as a listing shows it. `region` is None when the listing does not say."""

    name: str
    region: str | None = None
    created: float | None = None


@dataclass(frozen=True)
class Entry:
    """One row of a prefix: an object, or a prefix below it.

    Attributes:
        uri: where it is.
        size: bytes; None for a prefix.
        modified: epoch seconds; None for a prefix.
        etag: without quotes; empty for a prefix.
    """

    uri: S3Uri
    size: int | None = None
    modified: float | None = None
    etag: str = ""

    @property
    def is_prefix(self) -> bool:
        """Whether it is a prefix rather than an object."""
        return self.size is None


@dataclass(frozen=True)
class Page:
    """A page of a listing; `token` continues it, None when it was the last."""

    entries: tuple[Entry, ...]
    token: str | None = None
