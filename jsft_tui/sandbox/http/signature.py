"""Verification of AWS request signatures.

Every request must be signed with a key that the sandbox knows. Version 4 is checked as "Signature
Calculations for the Authorization Header: Transferring Payload in a Single Chunk / in Multiple Chunks"
and "Authenticating Requests: Using Query Parameters" (Amazon S3 API reference) describe it. Version 2 is
accepted only in presigned S3 URLs, because boto3 still signs those with it unless told otherwise.

Which error code AWS gives for which fault of a signature differs by protocol.
Not checked against AWS: the codes of JSON services (UnrecognizedClientException, InvalidSignatureException).
"""

from __future__ import annotations

import hashlib
import hmac
import re
import time
from calendar import timegm
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from urllib.parse import quote, unquote, unquote_to_bytes

from jsft_tui.sandbox.http.listener import Request
from jsft_tui.sandbox.http.protocol import ApiError
from jsft_tui.sandbox.http.replies import Dialect

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
"""Finds the key of an access key id."""


@dataclass(frozen=True)
class Scope:
    """What a request claims to be signed for, before anything is verified."""

    access_key_id: str
    date: str
    region: str
    service: str

    def __str__(self) -> str:
        return f"{self.date}/{self.region}/{self.service}/aws4_request"


@dataclass(frozen=True)
class Signed:
    """A request whose signature is right.

    Attributes:
        scope: whose key signed it, for which region and service.
        payload_hash: what the signature says about the body: a SHA-256, or one of S3's words for a body
            that is signed in chunks or not at all.
        timestamp: the signing time as it was sent.
        signature: the signature itself, the seed of the signatures of chunks.
    """

    scope: Scope
    payload_hash: str
    timestamp: str
    signature: str


def claimed_scope(request: Request) -> Scope | None:
    """The credential scope of a header-signed or presigned request; None: it is not signed."""
    authorization = request.header("authorization")
    found = re.search(r"Credential=([^,\s]+)", authorization)
    credential = found[1] if found else request.query.get("X-Amz-Credential", "")
    parts = credential.split("/")
    if len(parts) == 5 and all(parts):
        return Scope(*parts[:4])
    if request.query.keys() >= {"AWSAccessKeyId", "Signature", "Expires"}:
        return Scope(request.query["AWSAccessKeyId"], "", "", "s3")
    return None


class Verifier:
    """Checks the signatures of requests against the keys that the sandbox knows."""

    def __init__(self, find_key: KeyLookup, clock: Callable[[], float] = time.time) -> None:
        self._find_key = find_key
        self._clock = clock

    def require_key(self, request: Request, scope: Scope | None, dialect: Dialect) -> tuple[Scope, Key]:
        """The key that the request claims to be signed with: what can be asked before its body is read.

        Raises:
            ApiError: the request is not signed, or with an unknown key.
        """
        refusal = Refusals(dialect)
        if scope is None:
            raise refusal.unsigned(request)
        key = self._find_key(scope.access_key_id)
        if key is None:
            raise refusal.unknown_key()
        return scope, key

    def verify(self, request: Request, scope: Scope, key: Key, dialect: Dialect, body: bytes | None) -> Signed:
        """Check the signature; `body` is the body when the service's protocol signs it unsaid.

        Raises:
            ApiError: it is wrong, or too old.
        """
        refusal = Refusals(dialect)
        if not scope.date:
            return self._verify_version_2(request, scope, key, refusal)
        if "X-Amz-Signature" in request.query:
            return self._verify_presigned(request, scope, key, refusal, body)
        return self._verify_header(request, scope, key, refusal, body)

    def _verify_header(self, request: Request, scope: Scope, key: Key, refusal: Refusals, body: bytes | None) -> Signed:
        authorization = request.header("authorization")
        found = re.fullmatch(
            r"AWS4-HMAC-SHA256 Credential=[^,\s]+,\s*SignedHeaders=([^,\s]+),\s*Signature=([0-9a-f]{64})",
            authorization.strip(),
        )
        if not found:
            raise refusal.malformed()
        names, signature = found[1].split(";"), found[2]
        timestamp = request.header("x-amz-date")
        if abs(self._clock() - refusal.moment(timestamp)) > MAX_SKEW_SECONDS:
            raise refusal.skewed()
        _check_token(request.header("x-amz-security-token"), key, refusal)
        payload_hash = request.header("x-amz-content-sha256")
        if body is not None:
            actual = hashlib.sha256(body).hexdigest()
            if payload_hash not in ("", actual):
                raise refusal.wrong_signature("the body is not the one that was signed")
            payload_hash = actual
        if "host" not in names or not payload_hash or not timestamp.startswith(scope.date):
            raise refusal.malformed()
        _check_headers_signed(request, names, refusal)
        canonical = _canonical_request(request, scope, names, payload_hash)
        _compare(_signature(key.secret, scope, timestamp, canonical), signature, refusal)
        return Signed(scope, payload_hash, timestamp, signature)

    def _verify_presigned(
        self, request: Request, scope: Scope, key: Key, refusal: Refusals, body: bytes | None
    ) -> Signed:
        query = request.query
        timestamp, expires = query.get("X-Amz-Date", ""), query.get("X-Amz-Expires", "")
        readable = expires.isdecimal() and timestamp.startswith(scope.date)
        if query.get("X-Amz-Algorithm") != "AWS4-HMAC-SHA256" or not readable:
            raise refusal.malformed()
        age = self._clock() - refusal.moment(timestamp)
        if int(expires) > MAX_PRESIGN_SECONDS or age > int(expires):
            raise refusal.expired_url()
        if age < -MAX_SKEW_SECONDS:
            raise refusal.skewed()
        _check_token(query.get("X-Amz-Security-Token", ""), key, refusal)
        if body is None:
            payload_hash = request.header("x-amz-content-sha256") or UNSIGNED_PAYLOAD
        else:
            # The URL was signed for the body it comes with, which is as a rule none.
            payload_hash = hashlib.sha256(body).hexdigest()
        names = query.get("X-Amz-SignedHeaders", "").split(";")
        _check_headers_signed(request, names, refusal)
        canonical = _canonical_request(request, scope, names, payload_hash)
        signature = query["X-Amz-Signature"]
        _compare(_signature(key.secret, scope, timestamp, canonical), signature, refusal)
        return Signed(scope, payload_hash, timestamp, signature)

    def _verify_version_2(self, request: Request, scope: Scope, key: Key, refusal: Refusals) -> Signed:
        from botocore.auth import HmacV1Auth
        from botocore.compat import HTTPHeaders, urlsplit

        expires = request.query["Expires"]
        if not expires.isdecimal():
            raise refusal.malformed()
        if self._clock() > int(expires):
            raise refusal.expired_url()
        # boto3 moves the headers it signed into the query; they count as headers all the same.
        said = {name.lower(): value for name, value in request.query.items()} | dict(request.headers)
        _check_token(said.get("x-amz-security-token", ""), key, refusal)
        custom = HTTPHeaders.from_dict({name: value for name, value in said.items() if name.startswith("x-amz-")})
        signer = HmacV1Auth(SimpleNamespace(secret_key=key.secret))
        lines = [request.method, said.get("content-md5", ""), said.get("content-type", ""), expires]
        lines += [signer.canonical_custom_headers(custom)] if custom else []
        lines.append(signer.canonical_resource(urlsplit(f"http://{request.header('host')}{request.target}")))
        _compare(signer.sign_string("\n".join(lines)), request.query["Signature"], refusal)
        return Signed(scope, UNSIGNED_PAYLOAD, "", "")


def _check_token(token: str, key: Key, refusal: Refusals) -> None:
    if not hmac.compare_digest(token.encode(), key.token.encode()):
        raise refusal.wrong_token(expected=bool(key.token))


def _check_headers_signed(request: Request, names: list[str], refusal: Refusals) -> None:
    """`X-Amz-Target` and its like decide what a request does, so whoever signed it must have meant them."""
    if any(name.startswith("x-amz-") and name not in names for name in request.headers):
        raise refusal.unsigned_headers()


def _compare(expected: str, given: str, refusal: Refusals) -> None:
    if not hmac.compare_digest(expected.encode(), given.encode()):
        raise refusal.wrong_signature("check your secret access key and signing method")


def _canonical_request(request: Request, scope: Scope, names: list[str], payload_hash: str) -> str:
    if scope.service == "s3":
        path = quote(unquote_to_bytes(request.raw_path), safe="/~")
    else:
        from botocore.utils import normalize_url_path

        path = quote(normalize_url_path(request.raw_path), safe="/~")
    pairs = [piece.partition("=") for piece in request.raw_query.split("&")] if request.raw_query else []
    # Sent as `%7E` or `~`, as `+` or `%20`: the canonical form is the strict percent-encoding.
    encoded = [(_strict(name), _strict(value)) for name, _, value in pairs if name != "X-Amz-Signature"]
    lines = [
        request.method,
        path,
        "&".join(f"{name}={value}" for name, value in sorted(encoded)),
        *(f"{name}:{' '.join(request.header(name).split())}" for name in names),
        "",
        ";".join(names),
        payload_hash,
    ]
    return "\n".join(lines)


def _strict(text: str) -> str:
    return quote(unquote(text), safe="-_.~")


@lru_cache(maxsize=64)
def _signing_key(secret: str, date: str, region: str, service: str) -> bytes:
    key = b"AWS4" + secret.encode()
    for part in (date, region, service, "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return key


def _signature(secret: str, scope: Scope, timestamp: str, canonical_request: str) -> str:
    digest = hashlib.sha256(canonical_request.encode()).hexdigest()
    return _sign(secret, scope, f"AWS4-HMAC-SHA256\n{timestamp}\n{scope}\n{digest}")


def _sign(secret: str, scope: Scope, text: str) -> str:
    key = _signing_key(secret, scope.date, scope.region, scope.service)
    return hmac.new(key, text.encode(), "sha256").hexdigest()


class ChunkVerifier:
    """Checks the chain of signatures of an S3 body that is sent in signed chunks."""

    def __init__(self, signed: Signed, secret: str) -> None:
        self._signed = signed
        self._secret = secret
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
        expected = _sign(self._secret, signed.scope, text)
        _compare(expected, signature, Refusals(Dialect.S3))
        self._previous = signature


class Refusals:
    """The error that each protocol gives for each fault of a signature."""

    def __init__(self, dialect: Dialect) -> None:
        self._s3 = dialect is Dialect.S3
        self._json = dialect in (Dialect.JSON, Dialect.CBOR)

    def unsigned(self, request: Request) -> ApiError:
        """The request is not signed, or with a method that is not supported."""
        if self._s3 and request.header("authorization"):
            message = "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256."
            return ApiError("InvalidRequest", message)
        if self._s3:
            return ApiError("AccessDenied", "Access Denied: the sandbox answers signed requests only.", 403)
        code = "MissingAuthenticationTokenException" if self._json else "MissingAuthenticationToken"
        return ApiError(code, "Missing Authentication Token: the sandbox answers signed requests only.", 403)

    def unknown_key(self) -> ApiError:
        """The access key id is not one of the sandbox's."""
        if self._s3:
            message = "The AWS Access Key Id you provided does not exist in our records."
            return ApiError("InvalidAccessKeyId", message, 403)
        return self._invalid_token("The security token included in the request is invalid.")

    def wrong_token(self, expected: bool) -> ApiError:
        """A session token came that does not belong to the key, or one is missing."""
        remedy = "send the session token of the assumed role" if expected else "unset AWS_SESSION_TOKEN"
        message = f"The security token included in the request is invalid: {remedy}."
        return ApiError("InvalidToken", message, 400) if self._s3 else self._invalid_token(message)

    def _invalid_token(self, message: str) -> ApiError:
        if self._json:
            return ApiError("UnrecognizedClientException", message, 400)
        return ApiError("InvalidClientTokenId", message, 403)

    def wrong_signature(self, why: str) -> ApiError:
        """The signature is not that of the request."""
        message = f"The request signature we calculated does not match the signature you provided: {why}."
        if self._json:
            return ApiError("InvalidSignatureException", message, 400)
        return ApiError("SignatureDoesNotMatch", message, 403)

    def unsigned_headers(self) -> ApiError:
        """A header that changes the request's meaning is not covered by the signature."""
        message = "There were headers present in the request which were not signed: sign every x-amz- header."
        # Not checked against AWS: the code outside S3.
        return ApiError("AccessDenied", message, 403) if self._s3 else self._incomplete(message)

    def malformed(self) -> ApiError:
        """The signature's parts cannot be read."""
        if self._s3:
            return ApiError("AuthorizationHeaderMalformed", "The authorization header you provided is invalid.")
        return self._incomplete("The request signature does not conform to AWS standards.")

    def _incomplete(self, message: str) -> ApiError:
        return ApiError("IncompleteSignatureException" if self._json else "IncompleteSignature", message)

    def skewed(self) -> ApiError:
        """The client's clock is off."""
        if self._s3:
            message = "The difference between the request time and the current time is too large."
            return ApiError("RequestTimeTooSkewed", message, 403)
        message = "Signature expired or not yet current: check this machine's clock."
        if self._json:
            return ApiError("InvalidSignatureException", message, 400)
        return ApiError("SignatureDoesNotMatch", message, 403)

    def expired_url(self) -> ApiError:
        """A presigned URL is past its time."""
        if self._s3:
            return ApiError("AccessDenied", "Request has expired", 403)
        return self.skewed()

    def moment(self, timestamp: str) -> int:
        """The epoch seconds of a signing time.

        Raises:
            ApiError: it is not of the form 20260102T030405Z.
        """
        try:
            return timegm(time.strptime(timestamp, "%Y%m%dT%H%M%SZ"))
        except ValueError as error:
            raise self.malformed() from error
