"""Verification of AWS request signatures.

Every request must be signed with version 4 and a key that the sandbox knows. botocore computes the canonical request
and the signature; what has to be signed, and by when, is checked here as "Authenticating Requests (AWS Signature
Version 4)" in the Amazon S3 API reference has it. Version 2 is refused, as S3 refuses it for every bucket created
after 2020-06-24 ("Amazon S3 Signature Version 2 deprecation", Amazon S3 user guide).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from calendar import timegm
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from functools import cache
from typing import Any
from urllib.parse import quote, unquote, unquote_to_bytes

from jsft_tui.sandbox.http.listener import Request
from jsft_tui.sandbox.http.replies import Dialect
from jsft_tui.sandbox.http.service import ApiError

MAX_SKEW_SECONDS = 15 * 60
MAX_PRESIGN_SECONDS = 7 * 24 * 3600
UNSIGNED_PAYLOAD = "UNSIGNED-PAYLOAD"
EMPTY_SHA256 = hashlib.sha256(b"").hexdigest()


@dataclass(frozen=True)
class Key:
    """A secret access key, and the session token that must come with it (empty: none may come)."""

    secret: str
    token: str = ""


KeyLookup = Callable[[str], Key | None]
"""Finds the key of an access key ID."""


@dataclass(frozen=True)
class Scope:
    """The credential scope that a request claims, before anything is verified."""

    access_key_id: str
    date: str
    region: str
    service: str

    def __str__(self) -> str:
        return f"{self.date}/{self.region}/{self.service}/aws4_request"


@dataclass(frozen=True)
class Signed:
    """A request with a valid signature.

    Attributes:
        scope: whose key signed it, for which Region and service.
        payload_hash: what the signature says about the body: a SHA-256, or one of S3's words for a body
            that is signed in chunks or not at all.
        timestamp: the signing time as it was sent.
        signature: the signature itself, the seed of the signatures of chunks.
    """

    scope: Scope
    payload_hash: str
    timestamp: str
    signature: str


class Flaw(Enum):
    """What is wrong with a signature: the code, status, and message for S3, the query protocols, and JSON.

    Not checked against AWS: the codes of JSON services, and the code of `UNSIGNED_HEADERS` outside S3.
    """

    UNSIGNED = (
        ("AccessDenied", 403, "Access Denied: the sandbox answers only signed requests."),
        ("MissingAuthenticationToken", 403, "Missing Authentication Token: the sandbox answers only signed requests."),
        (
            "MissingAuthenticationTokenException",
            403,
            "Missing Authentication Token: the sandbox answers only signed requests.",
        ),
    )
    MECHANISM = (
        (
            "InvalidRequest",
            400,
            "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.",
        ),
        *UNSIGNED[1:],
    )
    UNKNOWN_KEY = (
        ("InvalidAccessKeyId", 403, "The AWS Access Key Id you provided does not exist in our records."),
        ("InvalidClientTokenId", 403, "The security token included in the request is invalid."),
        ("UnrecognizedClientException", 400, "The security token included in the request is invalid."),
    )
    WRONG_TOKEN = (
        ("InvalidToken", 400, "The security token included in the request is invalid"),
        ("InvalidClientTokenId", 403, "The security token included in the request is invalid"),
        ("UnrecognizedClientException", 400, "The security token included in the request is invalid"),
    )
    MISMATCH = (
        ("SignatureDoesNotMatch", 403, "The request signature we calculated does not match the one you provided"),
        ("SignatureDoesNotMatch", 403, "The request signature we calculated does not match the one you provided"),
        ("InvalidSignatureException", 400, "The request signature we calculated does not match the one you provided"),
    )
    UNSIGNED_HEADERS = (
        ("AccessDenied", 403, "There were headers present in the request which were not signed"),
        ("IncompleteSignature", 400, "There were headers present in the request which were not signed"),
        ("IncompleteSignatureException", 400, "There were headers present in the request which were not signed"),
    )
    MALFORMED = (
        ("AuthorizationHeaderMalformed", 400, "The authorization header you provided is invalid."),
        ("IncompleteSignature", 400, "The request signature does not conform to AWS standards."),
        ("IncompleteSignatureException", 400, "The request signature does not conform to AWS standards."),
    )
    SKEWED = (
        ("RequestTimeTooSkewed", 403, "The difference between the request time and the current time is too large."),
        ("SignatureDoesNotMatch", 403, "Signature expired or not yet current: check this machine's clock."),
        ("InvalidSignatureException", 400, "Signature expired or not yet current: check this machine's clock."),
    )
    EXPIRED_URL = (("AccessDenied", 403, "Request has expired"), *SKEWED[1:])

    def error(self, dialect: Dialect, remedy: str = "") -> ApiError:
        """Return the error that a protocol has for this flaw."""
        column = {Dialect.S3: 0, Dialect.JSON: 2, Dialect.CBOR: 2}.get(dialect, 1)
        code, status, message = self.value[column]
        return ApiError(code, f"{message}: {remedy}." if remedy else message, status)


def claimed_scope(request: Request) -> Scope | None:
    """Return the credential scope of a header-signed or presigned request, or None if it has no valid one."""
    found = re.search(r"Credential=([^,\s]+)", request.header("authorization"))
    credential = found[1] if found else request.query.get("X-Amz-Credential", "")
    parts = credential.split("/")
    return Scope(*parts[:4]) if len(parts) == 5 and all(parts) else None


class Verifier:
    """Checks the signatures of requests against the keys that the sandbox knows."""

    def __init__(self, find_key: KeyLookup, clock: Callable[[], float] = time.time) -> None:
        self._find_key = find_key
        self._clock = clock

    def require_key(self, request: Request, scope: Scope | None, dialect: Dialect) -> tuple[Scope, Key]:
        """Return the key that the request claims to be signed with; this needs no body.

        Raises:
            ApiError: the request is not signed, or with an unknown key.
        """
        if scope is None:
            version_2 = "authorization" in request.headers or "AWSAccessKeyId" in request.query
            raise (Flaw.MECHANISM if version_2 else Flaw.UNSIGNED).error(dialect)
        key = self._find_key(scope.access_key_id)
        if key is None:
            raise Flaw.UNKNOWN_KEY.error(dialect)
        return scope, key

    def verify(self, request: Request, scope: Scope, key: Key, dialect: Dialect, body: bytes | None) -> Signed:
        """Check the signature; `body` is None for S3, whose requests say themselves how their body is signed.

        Raises:
            ApiError: the signature is invalid or has expired.
        """
        if "X-Amz-Signature" in request.query:
            claim, signed = self._presigned(request, scope, dialect, body)
        else:
            claim, signed = self._header_signed(request, scope, dialect, body)
        if not hmac.compare_digest(claim.token.encode(), key.token.encode()):
            remedy = "send the session token of the assumed role" if key.token else "unset AWS_SESSION_TOKEN"
            raise Flaw.WRONG_TOKEN.error(dialect, remedy)
        if any(name.startswith("x-amz-") and name not in claim.headers for name in request.headers):
            # `X-Amz-Target` and others decide what a request does, so whoever signed it must have meant them.
            raise Flaw.UNSIGNED_HEADERS.error(dialect, "sign every x-amz- header")
        expected = _signature(request, signed, key.secret, claim.headers)
        _require_equal(expected, signed.signature, dialect)
        return signed

    def _header_signed(
        self, request: Request, scope: Scope, dialect: Dialect, body: bytes | None
    ) -> tuple[_Claim, Signed]:
        found = re.fullmatch(
            r"AWS4-HMAC-SHA256 Credential=[^,\s]+,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})",
            request.header("authorization").strip(),
        )
        if not found:
            raise Flaw.MALFORMED.error(dialect)
        timestamp = request.header("x-amz-date")
        if abs(self._clock() - _epoch_seconds(timestamp, dialect)) > MAX_SKEW_SECONDS:
            raise Flaw.SKEWED.error(dialect)
        payload_hash = request.header("x-amz-content-sha256")
        if body is not None:
            actual = hashlib.sha256(body).hexdigest()
            if payload_hash not in ("", actual):
                raise Flaw.MISMATCH.error(dialect, "the body is not the one that was signed")
            payload_hash = actual
        names = tuple(found[1].split(";"))
        if "host" not in names or not payload_hash or not timestamp.startswith(scope.date):
            raise Flaw.MALFORMED.error(dialect)
        token = request.header("x-amz-security-token")
        return _Claim(names, token), Signed(scope, payload_hash, timestamp, found[2])

    def _presigned(self, request: Request, scope: Scope, dialect: Dialect, body: bytes | None) -> tuple[_Claim, Signed]:
        query = request.query
        timestamp, expires = query.get("X-Amz-Date", ""), query.get("X-Amz-Expires", "")
        readable = re.fullmatch(r"[0-9]{1,9}", expires) and timestamp.startswith(scope.date)
        if query.get("X-Amz-Algorithm") != "AWS4-HMAC-SHA256" or not readable:
            raise Flaw.MALFORMED.error(dialect)
        age = self._clock() - _epoch_seconds(timestamp, dialect)
        if int(expires) > MAX_PRESIGN_SECONDS or age > int(expires):
            raise Flaw.EXPIRED_URL.error(dialect)
        if age < -MAX_SKEW_SECONDS:
            raise Flaw.SKEWED.error(dialect)
        if body is None:
            payload_hash = request.header("x-amz-content-sha256") or UNSIGNED_PAYLOAD
        else:
            # The URL was signed for the body it comes with, usually none.
            payload_hash = hashlib.sha256(body).hexdigest()
        names = tuple(query.get("X-Amz-SignedHeaders", "").split(";"))
        claim = _Claim(names, query.get("X-Amz-Security-Token", ""))
        return claim, Signed(scope, payload_hash, timestamp, query["X-Amz-Signature"])


@dataclass(frozen=True)
class _Claim:
    """Which headers a request says it signed, and the session token it came with."""

    headers: tuple[str, ...]
    token: str


def _epoch_seconds(timestamp: str, dialect: Dialect) -> int:
    try:
        return timegm(time.strptime(timestamp, "%Y%m%dT%H%M%SZ"))
    except ValueError as error:
        raise Flaw.MALFORMED.error(dialect) from error


def _require_equal(expected: str, given: str, dialect: Dialect) -> None:
    if not hmac.compare_digest(expected.encode(), given.encode()):
        raise Flaw.MISMATCH.error(dialect, "check your secret access key and signing method")


@cache
def _signer_class(is_s3: bool) -> Any:
    """Return botocore's signer for S3, or for the other services, that signs just the headers it is given.

    Its own choice leaves some out (`User-Agent`), which other SDKs sign.
    """
    from botocore.auth import S3SigV4Auth, SigV4Auth
    from botocore.compat import HTTPHeaders

    class Signer(S3SigV4Auth if is_s3 else SigV4Auth):  # type: ignore[misc]  # botocore has no types
        def headers_to_sign(self, request: Any) -> Any:
            return HTTPHeaders.from_pairs((name, request.headers[name]) for name in request.context["signed"])

    return Signer


def _signer(scope: Scope, secret: str) -> Any:
    from botocore.credentials import Credentials

    credentials = Credentials(scope.access_key_id, secret)
    return _signer_class(scope.service == "s3")(credentials, scope.service, scope.region)


def _signature(request: Request, signed: Signed, secret: str, names: Iterable[str]) -> str:
    """Return the signature that a request must have."""
    from botocore.awsrequest import AWSRequest

    pairs = [piece.partition("=") for piece in request.raw_query.split("&")] if request.raw_query else []
    # Sent as `%7E` or `~`, as `/` or `%2F`: the canonical form is the strict percent-encoding.
    path = quote(unquote_to_bytes(request.raw_path), safe="/~")
    headers = {name: request.header(name) for name in (*request.headers, *names)}
    headers["x-amz-content-sha256"] = signed.payload_hash
    canonical = AWSRequest(
        method=request.method,
        url=f"http://sandbox/{path.removeprefix('/')}",
        params=[(unquote(name), unquote(value)) for name, _, value in pairs if name != "X-Amz-Signature"],
        headers=headers,
    )
    canonical.context |= {"timestamp": signed.timestamp, "signed": names}
    signer = _signer(signed.scope, secret)
    text = signer.string_to_sign(canonical, signer.canonical_request(canonical))
    signature: str = signer.signature(text, canonical)
    return signature


class ChunkVerifier:
    """Checks the chain of signatures of an S3 body that is sent in signed chunks."""

    def __init__(self, signed: Signed, secret: str) -> None:
        self._signed = signed
        self._sign = chunk_signer(signed, secret)
        self._previous = signed.signature

    def check_chunk(self, data: bytes, signature: str) -> None:
        """Check the next chunk (the last one is empty).

        Raises:
            ApiError: the signature is not the chunk's.
        """
        self._check("AWS4-HMAC-SHA256-PAYLOAD", f"{EMPTY_SHA256}\n{hashlib.sha256(data).hexdigest()}", signature)

    def check_trailer(self, headers: bytes, signature: str) -> None:
        """Check the trailing headers, given in their canonical form.

        Raises:
            ApiError: the signature is not theirs.
        """
        self._check("AWS4-HMAC-SHA256-TRAILER", hashlib.sha256(headers).hexdigest(), signature)

    def _check(self, algorithm: str, digests: str, signature: str) -> None:
        signed = self._signed
        text = f"{algorithm}\n{signed.timestamp}\n{signed.scope}\n{self._previous}\n{digests}"
        _require_equal(self._sign(text), signature, Dialect.S3)
        self._previous = signature


def chunk_signer(signed: Signed, secret: str) -> Callable[[str], str]:
    """Return what signs a text with the signing key of a request."""
    from botocore.awsrequest import AWSRequest

    signer, request = _signer(signed.scope, secret), AWSRequest()
    request.context["timestamp"] = signed.timestamp
    return lambda text: str(signer.signature(text, request))
