"""S3: buckets, listings, ranged reads, uploads, downloads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from jsft_tui.aws.client.errors import asking
from jsft_tui.aws.client.session import AwsSession
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.training_job import seconds_of
from jsft_tui.core.storage.bucket import BucketFacts
from jsft_tui.core.storage.checksums import ObjectFacts
from jsft_tui.core.storage.uri import Bucket, Entry, Page, S3Uri

PAGE_SIZE = 1000
"""The most that ListObjectsV2 gives at once."""

Advance = Callable[[int], None]
"""Told how many further bytes went through; may be called from several threads; raising stops the transfer."""


class S3:
    """S3 as seen by one target."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def public(self) -> S3:
        """S3 as everybody sees it, without anybody's credentials."""
        return _PublicS3(self._session)

    def buckets(self) -> list[Bucket]:
        """All buckets that may be listed."""
        with asking("list your buckets"):
            pages = self._client.get_paginator("list_buckets").paginate(PaginationConfig={"PageSize": PAGE_SIZE})
            return [
                Bucket(item["Name"], item.get("BucketRegion"), seconds_of(item.get("CreationDate")))
                for page in pages
                for item in page.get("Buckets", ())
            ]

    def page(self, uri: S3Uri, token: str | None = None, size: int = PAGE_SIZE) -> Page:
        """One page of what lies directly below a prefix: sub-prefixes and objects, in key order."""
        return self._list(uri, token, size, "/")

    def flat_page(self, uri: S3Uri, token: str | None = None, size: int = PAGE_SIZE) -> Page:
        """One page of all objects whose keys start with a prefix."""
        return self._list(uri, token, size, "")

    def objects(self, uri: S3Uri) -> Iterator[Entry]:
        """All objects whose keys start with a prefix, page by page."""
        token = None
        while True:
            page = self.flat_page(uri, token)
            yield from page.entries
            token = page.token
            if token is None:
                return

    def head(self, uri: S3Uri) -> Entry:
        """An object's size, time and ETag.

        Raises:
            Problem: `NotFound`, `AccessDenied` and others.
        """
        with asking(f"look at {uri}"):
            answer = self._client.head_object(Bucket=uri.bucket, Key=uri.key)
        return Entry(uri, answer["ContentLength"], seconds_of(answer.get("LastModified")), _etag(answer))

    def facts(self, uri: S3Uri) -> ObjectFacts:
        """What S3 says of an object's bytes: size, ETag, checksums, and of one uploaded in parts the part's size.

        Raises:
            Problem: `NotFound`, `AccessDenied` and others.
        """
        with asking(f"look at {uri}"):
            answer = self._client.head_object(Bucket=uri.bucket, Key=uri.key, ChecksumMode="ENABLED")
            facts = _facts(answer)
            if not facts.has_parts:
                return facts
            first = self._client.head_object(Bucket=uri.bucket, Key=uri.key, PartNumber=1)
        return replace(facts, part_size=first["ContentLength"] if first.get("PartsCount") else None)

    def read_same(self, uri: S3Uri, start: int, length: int, etag: str) -> bytes:
        """Bytes of an object, as long as its ETag is still this one.

        Raises:
            Problem: `Changed`, `NotFound`, `AccessDenied` and others.
        """
        span = f"bytes={start}-{_last(start, length)}"
        try:
            with asking(f"read {uri}"):
                answer = self._client.get_object(Bucket=uri.bucket, Key=uri.key, Range=span, IfMatch=f'"{etag}"')
                body: bytes = answer["Body"].read()
        except Problem as problem:
            if problem.code in ("412", "PreconditionFailed"):
                message = f"{uri} was replaced by another object while it was read."
                raise Problem("Changed", message, "Download it again.", retryable=True) from problem
            raise
        return body

    def read(self, uri: S3Uri, start: int = 0, length: int | None = None) -> bytes:
        """Bytes of an object from `start`: `length` of them, or all; fewer at its end."""
        span = {} if length is None and not start else {"Range": f"bytes={start}-{_last(start, length)}"}
        try:
            with asking(f"read {uri}"):
                body: bytes = self._client.get_object(Bucket=uri.bucket, Key=uri.key, **span)["Body"].read()
        except Problem as problem:
            if problem.code == "InvalidRange":  # an empty object, or a start past the end
                return b""
            raise
        return body

    def read_if_changed(self, uri: S3Uri, etag: str) -> tuple[bytes, str] | None:
        """An object and its ETag; None when its ETag is still the given one."""
        condition = {"IfNoneMatch": f'"{etag}"'} if etag else {}
        try:
            with asking(f"read {uri}"):
                answer = self._client.get_object(Bucket=uri.bucket, Key=uri.key, **condition)
                return answer["Body"].read(), _etag(answer)
        except Problem as problem:
            if problem.code in ("304", "NotModified"):
                return None
            raise

    def bucket(self, name: str) -> BucketFacts:
        """Whether a bucket exists, and where.

        HeadBucket answers 404 for a missing bucket, and tells the region in a header even when it answers 301
        or 403 (S3 API reference, HeadBucket).
        """
        from botocore.exceptions import ClientError

        with asking(f"look at the bucket {name}"):
            try:
                answer = self._client.head_bucket(Bucket=name)
            except ClientError as error:
                return _bucket_of(error)
        return BucketFacts(True, answer.get("BucketRegion") or _region_header(answer))

    def upload(self, path: Path, uri: S3Uri, advance: Advance) -> None:
        """Upload a file (in parts when it is large)."""
        with asking(f"upload {path.name} to {uri}"):
            self._client.upload_file(str(path), uri.bucket, uri.key, Callback=advance)

    def download(self, uri: S3Uri, path: Path, advance: Advance) -> None:
        """Download an object; the file appears under its name only when it is whole."""
        with asking(f"download {uri}"):
            self._client.download_file(uri.bucket, uri.key, str(path), Callback=advance)

    def _list(self, uri: S3Uri, token: str | None, size: int, delimiter: str) -> Page:
        options = {"ContinuationToken": token} if token else {}
        if delimiter:
            options["Delimiter"] = delimiter
        with asking(f"list {uri}"):
            answer = self._client.list_objects_v2(Bucket=uri.bucket, Prefix=uri.key, MaxKeys=size, **options)
        prefixes = [Entry(S3Uri(uri.bucket, item["Prefix"])) for item in answer.get("CommonPrefixes", ())]
        objects = [
            Entry(S3Uri(uri.bucket, item["Key"]), item["Size"], seconds_of(item.get("LastModified")), _etag(item))
            for item in answer.get("Contents", ())
        ]
        return Page((*prefixes, *objects), answer.get("NextContinuationToken"))

    @property
    def _client(self) -> Any:
        return self._session.client("s3")


class _PublicS3(S3):
    """Unsigned calls."""

    @property
    def _client(self) -> Any:
        return self._session.public_client("s3")


def _last(start: int, length: int | None) -> str:
    return "" if length is None else str(start + length - 1)


def _facts(answer: dict[str, Any]) -> ObjectFacts:
    # A checksum of the parts' checksums, `…-3`, says nothing of the whole.
    whole = answer.get("ChecksumType", "FULL_OBJECT") == "FULL_OBJECT"
    sums = {name: answer.get(f"Checksum{name}", "") for name in ("CRC32", "SHA256")}
    crc32, sha256 = (sums[name] if whole and "-" not in sums[name] else "" for name in ("CRC32", "SHA256"))
    encryption = answer.get("ServerSideEncryption", "") or ("SSE-C" if answer.get("SSECustomerAlgorithm") else "")
    return ObjectFacts(answer["ContentLength"], _etag(answer), None, encryption, crc32, sha256)


def _etag(answer: dict[str, Any]) -> str:
    return str(answer.get("ETag", "")).strip('"')


def _bucket_of(error: Any) -> BucketFacts:
    code = str(error.response.get("Error", {}).get("Code", ""))
    region = _region_header(error.response)
    if code in ("404", "NoSuchBucket"):
        return BucketFacts(False)
    if code in ("403", "301", "400") and region:
        return BucketFacts(True, region)
    raise error


def _region_header(answer: dict[str, Any]) -> str | None:
    headers: dict[str, str] = answer.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    return headers.get("x-amz-bucket-region")
