"""Access S3: buckets, listings, ranged reads, uploads."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from jsft_tui.aws.client.errors import translate_errors
from jsft_tui.aws.client.session import AwsSession
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.members import seconds_of
from jsft_tui.core.storage.bucket import BucketFacts
from jsft_tui.core.storage.checksums import ObjectFacts
from jsft_tui.core.storage.incomplete_uploads import IncompleteUpload
from jsft_tui.core.storage.uri import Bucket, Entry, Page, S3Uri

PAGE_SIZE = 1000
"""Keys per ListObjectsV2 response, at most."""

Advance = Callable[[int], None]
"""Called with the number of bytes just transferred, possibly from several threads; raising aborts the transfer."""


class S3:
    """S3 with the credentials of one target."""

    def __init__(self, session: AwsSession) -> None:
        self._session = session

    def public(self) -> S3:
        """Return anonymous access to S3, for public objects."""
        return _PublicS3(self._session)

    def buckets(self) -> list[Bucket]:
        """List the buckets that the caller may list."""
        with translate_errors("list your buckets"):
            pages = self._client.get_paginator("list_buckets").paginate(PaginationConfig={"PageSize": PAGE_SIZE})
            return [
                Bucket(item["Name"], item.get("BucketRegion"), seconds_of(item.get("CreationDate")))
                for page in pages
                for item in page["Buckets"]
            ]

    def page(self, uri: S3Uri, token: str | None = None, size: int = PAGE_SIZE) -> Page:
        """List one page directly below a prefix: sub-prefixes and objects, in key order."""
        return self._list(uri, token, size, "/")

    def flat_page(self, uri: S3Uri, token: str | None = None, size: int = PAGE_SIZE) -> Page:
        """List one page of all objects whose keys start with a prefix."""
        return self._list(uri, token, size, "")

    def objects(self, uri: S3Uri) -> Iterator[Entry]:
        """List all objects whose keys start with a prefix, page by page."""
        token = None
        while True:
            page = self.flat_page(uri, token)
            yield from page.entries
            token = page.token
            if token is None:
                return

    def head(self, uri: S3Uri) -> Entry:
        """Read an object's size, time, ETag, and storage class: of one in an archive tier, the tier.

        Raises:
            Problem: `NotFound`, `AccessDenied` and others.
        """
        with translate_errors(f"read the metadata of {uri}"):
            answer = self._client.head_object(Bucket=uri.bucket, Key=uri.key)
            # HeadObject, Restore: 'ongoing-request="false", expiry-date="…"' where there is a copy that can be read.
            return Entry(
                uri,
                answer["ContentLength"],
                seconds_of(answer.get("LastModified")),
                _etag(answer),
                answer.get("ArchiveStatus") or answer.get("StorageClass", ""),
                'ongoing-request="false"' in answer.get("Restore", ""),
            )

    def encryption_key(self, uri: S3Uri) -> str:
        """Return the KMS key that an object is encrypted with (SSEKMSKeyId of HeadObject); empty without one.

        Raises:
            Problem: `NotFound`, `AccessDenied` and others.
        """
        with translate_errors(f"read the metadata of {uri}"):
            return str(self._client.head_object(Bucket=uri.bucket, Key=uri.key).get("SSEKMSKeyId") or "")

    def facts(self, uri: S3Uri) -> ObjectFacts:
        """Read what verifies an object's bytes: size, ETag, checksums, and the part size of a multipart upload.

        Raises:
            Problem: `NotFound`, `AccessDenied` and others.
        """
        with translate_errors(f"read the metadata of {uri}"):
            answer = self._client.head_object(Bucket=uri.bucket, Key=uri.key, ChecksumMode="ENABLED")
            facts = _facts(answer)
            if not facts.has_parts:
                return facts
            first = self._client.head_object(Bucket=uri.bucket, Key=uri.key, PartNumber=1)
        return replace(facts, part_size=first["ContentLength"] if first.get("PartsCount") else None)

    def read_same(self, uri: S3Uri, start: int, length: int, etag: str) -> bytes:
        """Read bytes of an object, provided that its ETag has not changed.

        Raises:
            Problem: `Changed`, `NotFound`, `AccessDenied` and others.
        """
        span = f"bytes={start}-{_last(start, length)}"
        try:
            with translate_errors(f"read {uri}"):
                answer = self._client.get_object(Bucket=uri.bucket, Key=uri.key, Range=span, IfMatch=f'"{etag}"')
                body: bytes = answer["Body"].read()
        except Problem as problem:
            if problem.code in ("412", "PreconditionFailed"):
                message = f"{uri} changed while it was being read."
                raise Problem("Changed", message, "Download it again.", retryable=True) from problem
            raise
        return body

    def read(self, uri: S3Uri, start: int = 0, length: int | None = None) -> bytes:
        """Read `length` bytes of an object from `start`, or all; fewer at its end."""
        span = {} if length is None and not start else {"Range": f"bytes={start}-{_last(start, length)}"}
        try:
            with translate_errors(f"read {uri}"):
                body: bytes = self._client.get_object(Bucket=uri.bucket, Key=uri.key, **span)["Body"].read()
        except Problem as problem:
            if problem.code == "InvalidRange":  # an empty object, or a start beyond the end
                return b""
            raise
        return body

    def read_if_changed(self, uri: S3Uri, etag: str) -> tuple[bytes, str] | None:
        """Read an object and its ETag; None if its ETag is still the given one."""
        condition = {"IfNoneMatch": f'"{etag}"'} if etag else {}
        try:
            with translate_errors(f"read {uri}"):
                answer = self._client.get_object(Bucket=uri.bucket, Key=uri.key, **condition)
                return answer["Body"].read(), _etag(answer)
        except Problem as problem:
            if problem.code in ("304", "NotModified"):
                return None
            raise

    def bucket(self, name: str) -> BucketFacts:
        """Read whether a bucket exists, and its region.

        HeadBucket answers 404 for a missing bucket, and names the region in a header even with 301 or 403 (S3 API
        reference, HeadBucket).
        """
        from botocore.exceptions import ClientError

        with translate_errors(f"read the bucket {name}"):
            try:
                answer = self._client.head_bucket(Bucket=name)
            except ClientError as error:
                return _bucket_of(error)
        return BucketFacts(True, answer.get("BucketRegion") or _region_header(answer))

    def upload(self, path: Path, uri: S3Uri, advance: Advance, began: Callable[[IncompleteUpload], None]) -> None:
        """Upload a file, in parts if it is large; `began` as `sending.Began`.

        Raises:
            Problem: the file changed meanwhile (code `Changed`), `AccessDenied` and others.
        """
        from jsft_tui.aws.client.sending import send

        with translate_errors(f"upload {path.name} to {uri}"):
            send(self._client, path, uri, advance, lambda found: began(IncompleteUpload(uri, found)))

    def put(self, uri: S3Uri, body: bytes, kms_key: str = "") -> None:
        """Write a small object.

        Args:
            uri: its place; what is there is replaced.
            body: its content.
            kms_key: encrypts it; empty for the bucket's own encryption.
        """
        options = {"ServerSideEncryption": "aws:kms", "SSEKMSKeyId": kms_key} if kms_key else {}
        with translate_errors(f"write {uri}"):
            self._client.put_object(Bucket=uri.bucket, Key=uri.key, Body=body, **options)

    def abort(self, upload: IncompleteUpload) -> None:
        """Delete the parts of a multipart upload; one that no longer exists is no error."""
        uri = upload.uri
        try:
            with translate_errors(f"delete the parts of {uri}"):
                self._client.abort_multipart_upload(Bucket=uri.bucket, Key=uri.key, UploadId=upload.id)
        except Problem as problem:
            if problem.code not in ("NoSuchUpload", "NoSuchBucket", "NotFound"):
                raise

    def incomplete_uploads(self, uri: S3Uri) -> list[IncompleteUpload]:
        """List the multipart uploads under a prefix that were neither completed nor aborted."""
        with translate_errors(f"list the incomplete uploads of {uri}"):
            pages = self._client.get_paginator("list_multipart_uploads").paginate(Bucket=uri.bucket, Prefix=uri.key)
            return [
                IncompleteUpload(S3Uri(uri.bucket, item["Key"]), item["UploadId"], seconds_of(item.get("Initiated")))
                for page in pages
                for item in page.get("Uploads", ())
            ]

    def _list(self, uri: S3Uri, token: str | None, size: int, delimiter: str) -> Page:
        options: dict[str, Any] = {"OptionalObjectAttributes": ["RestoreStatus"]}
        if token:
            options["ContinuationToken"] = token
        if delimiter:
            options["Delimiter"] = delimiter
        with translate_errors(f"list {uri}"):
            answer = self._client.list_objects_v2(Bucket=uri.bucket, Prefix=uri.key, MaxKeys=size, **options)
            prefixes = [Entry(S3Uri(uri.bucket, item["Prefix"])) for item in answer.get("CommonPrefixes", ())]
            objects = [_entry(uri.bucket, item) for item in answer.get("Contents", ())]
            return Page((*prefixes, *objects), answer.get("NextContinuationToken"))

    @property
    def _client(self) -> Any:
        return self._session.client("s3")


class _PublicS3(S3):
    """S3 with unsigned requests."""

    @property
    def _client(self) -> Any:
        return self._session.public_client("s3")


def _entry(bucket: str, item: dict[str, Any]) -> Entry:
    # ListObjectsV2, RestoreStatus: while a restore is in progress there is no expiry date.
    restore = item.get("RestoreStatus") or {}
    return Entry(
        S3Uri(bucket, item["Key"]),
        item["Size"],
        seconds_of(item.get("LastModified")),
        _etag(item),
        item.get("StorageClass", ""),
        bool(restore.get("RestoreExpiryDate")) and not restore.get("IsRestoreInProgress"),
    )


def _last(start: int, length: int | None) -> str:
    return "" if length is None else str(start + length - 1)


def _facts(answer: dict[str, Any]) -> ObjectFacts:
    # A checksum of checksums of parts, `…-3`, does not verify the whole object.
    whole = answer.get("ChecksumType", "FULL_OBJECT") == "FULL_OBJECT"
    sums = {name: answer.get(f"Checksum{name}", "") for name in ("CRC32", "SHA256")}
    crc32, sha256 = (sums[name] if whole and "-" not in sums[name] else "" for name in ("CRC32", "SHA256"))
    encryption = answer.get("ServerSideEncryption", "") or ("SSE-C" if answer.get("SSECustomerAlgorithm") else "")
    of_parts = sums["CRC32"] if "-" in sums["CRC32"] else ""
    return ObjectFacts(answer["ContentLength"], _etag(answer), None, encryption, crc32, sha256, of_parts)


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
