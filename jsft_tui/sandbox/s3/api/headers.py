"""Read and write the headers of object operations: stored headers, conditions and byte ranges."""

from __future__ import annotations

import re
from collections.abc import Mapping
from email.utils import formatdate, parsedate_to_datetime

from jsft_tui.sandbox.http.listener import Request
from jsft_tui.sandbox.http.service import ApiError
from jsft_tui.sandbox.s3.api.checksums import HEADER as CHECKSUM_HEADER
from jsft_tui.sandbox.s3.api.errors import NotImplementedInSandbox, no_such_key
from jsft_tui.sandbox.s3.storage.store import DEFAULT_CONTENT_TYPE, StoredObject

_STORED = (
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-type",
    "expires",
    "x-amz-server-side-encryption",
    "x-amz-server-side-encryption-aws-kms-key-id",
    "x-amz-server-side-encryption-bucket-key-enabled",
    "x-amz-storage-class",
    "x-amz-website-redirect-location",
)
_OVERRIDABLE = {
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-type",
    "expires",
}
_ENCRYPTION = "x-amz-server-side-encryption"
_UNSUPPORTED = ("x-amz-tagging", "x-amz-object-lock-mode", "x-amz-server-side-encryption-customer-algorithm")
_OWNER_ACLS = ("", "private", "bucket-owner-full-control")
MAX_METADATA_BYTES = 2048


def headers_to_store(request: Request) -> dict[str, str]:
    """Return the headers of a request that are stored with the object it creates.

    Raises:
        ApiError: the request asks for something that the sandbox cannot store.
    """
    for name in _UNSUPPORTED:
        if request.header(name):
            message = f"A header you provided implies functionality that the sandbox does not implement: {name}"
            raise NotImplementedInSandbox("NotImplemented", message, 501)
    if request.header("x-amz-acl") not in _OWNER_ACLS:
        raise ApiError("AccessControlListNotSupported", "The bucket does not allow ACLs")
    metadata = {name: value for name, value in request.headers.items() if name.startswith("x-amz-meta-")}
    size = sum(len(name) - len("x-amz-meta-") + len(value) for name, value in metadata.items())
    if size > MAX_METADATA_BYTES:
        raise ApiError("MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size.")
    stored = {name: request.header(name) for name in _STORED if request.header(name)}
    codings = [c.strip() for c in stored.pop("content-encoding", "").split(",")]
    coding = ",".join(c for c in codings if c and c != "aws-chunked")
    if coding:
        stored["content-encoding"] = coding
    return {"content-type": DEFAULT_CONTENT_TYPE, **stored, **metadata}


def is_encryption(name: str) -> bool:
    """Return whether a header is about the encryption of an object."""
    return name.startswith(_ENCRYPTION)


def encryption_headers(stored: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the encryption headers of an object: AES256 unless the client asked for KMS."""
    named = {name: value for name, value in stored.items() if is_encryption(name)}
    return tuple({_ENCRYPTION: "AES256", **named}.items())


def checksum_headers(stored: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Return the checksums that are stored with an object."""
    return tuple((name, value) for name, value in stored.items() if name.startswith(CHECKSUM_HEADER))


def object_headers(found: StoredObject, request: Request) -> list[tuple[str, str]]:
    """Return the headers that describe an object in the reply to GetObject and HeadObject."""
    described = {
        name: value
        for name, value in found.headers.items()
        if not name.startswith((CHECKSUM_HEADER, _ENCRYPTION)) and (name, value) != ("x-amz-storage-class", "STANDARD")
    }
    for name in _OVERRIDABLE:
        if f"response-{name}" in request.query:
            described[name] = request.query[f"response-{name}"]
    return [
        ("ETag", f'"{found.etag}"'),
        ("Last-Modified", formatdate(found.modified, usegmt=True)),
        ("Accept-Ranges", "bytes"),
        *((name, value.replace("\r", "").replace("\n", "")) for name, value in described.items()),
        *encryption_headers(found.headers),
    ]


def precondition_failed() -> ApiError:
    """Return the error for a condition that does not hold."""
    return ApiError("PreconditionFailed", "At least one of the pre-conditions you specified did not hold", 412)


def check_read_conditions(request: Request, found: StoredObject, prefix: str = "") -> None:
    """Check the conditional headers of a read (`prefix`: with which those of a copy source begin).

    Raises:
        ApiError: 304 NotModified or 412 PreconditionFailed.
    """
    match, none_match = request.header(f"{prefix}if-match"), request.header(f"{prefix}if-none-match")
    since = _seconds(request.header(f"{prefix}if-modified-since"))
    unmodified = _seconds(request.header(f"{prefix}if-unmodified-since"))
    modified = int(found.modified)
    if match:
        if not _etag_matches(match, found.etag):
            raise precondition_failed()
    elif unmodified is not None and modified > unmodified:
        raise precondition_failed()
    stale = _etag_matches(none_match, found.etag) if none_match else since is not None and modified <= since
    if stale:
        raise precondition_failed() if prefix else ApiError("NotModified", "Not Modified", 304)


def check_write_conditions(request: Request, existing: StoredObject | None) -> None:
    """Check the conditional headers of a write.

    Raises:
        ApiError: 412 PreconditionFailed, or 404 if an object was expected but does not exist.
    """
    match, none_match = request.header("if-match"), request.header("if-none-match")
    if none_match and none_match != "*":
        message = "The sandbox implements If-None-Match of a write for the value * only."
        raise NotImplementedInSandbox("NotImplemented", message, 501)
    if none_match and existing:
        raise precondition_failed()
    if match and existing is None:
        raise no_such_key()
    if match and existing and not _etag_matches(match, existing.etag):
        raise precondition_failed()


def byte_range(header: str, size: int) -> tuple[int, int] | None:
    """Return the start and length that a Range header asks for; None for the whole object.

    Raises:
        ApiError: the range is outside the object.
    """
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", header.replace(" ", ""))
    if not found or (not found[1] and not found[2]):
        return None
    if not found[1]:
        start, end = max(0, size - int(found[2])), size - 1
    else:
        start, end = int(found[1]), min(int(found[2] or size), size - 1)
    if found[1] and found[2] and int(found[2]) < int(found[1]):
        return None
    if start >= size or (found[2] == "0" and not found[1]):
        raise ApiError("InvalidRange", "The requested range is not satisfiable", 416)
    return start, end - start + 1


def _etag_matches(header: str, etag: str) -> bool:
    return any(candidate.strip().strip('"') in ("*", etag) for candidate in header.split(","))


def _seconds(http_date: str) -> float | None:
    if not http_date:
        return None
    try:
        return parsedate_to_datetime(http_date).timestamp()
    except ValueError:
        # An invalid date must be ignored (RFC 9110, section 13.1.3).
        return None
