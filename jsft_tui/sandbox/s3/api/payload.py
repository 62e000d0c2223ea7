"""Decode the body of an S3 request, and verify its signature, length and checksums.

A body is sent plain, with its SHA-256 in the signature, or in the `aws-chunked` encoding, with or without a signature
for each chunk and with checksums in trailing headers ("Signature Calculations for the Authorization Header:
Transferring Payload in Multiple Chunks", Amazon S3 API reference).
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Iterator

from jsft_tui.sandbox.http.listener import Readable, Request
from jsft_tui.sandbox.http.service import ApiError
from jsft_tui.sandbox.http.signature import UNSIGNED_PAYLOAD, ChunkVerifier, Signed
from jsft_tui.sandbox.s3.api import checksums
from jsft_tui.sandbox.s3.api.errors import NotImplementedInSandbox
from jsft_tui.sandbox.s3.storage.blobs import CHUNK_BYTES

MAX_SIGNED_CHUNK_BYTES = 64 << 20
"""A signed chunk is held in memory until its signature is verified."""


class Payload:
    """The body of one request; it can be read once."""

    def __init__(self, request: Request, signed: Signed, secret: str) -> None:
        self._request = request
        self._signed = signed
        self._secret = secret
        self.checksums: dict[str, str] = {
            name: value for name, value in request.headers.items() if _algorithm(name) and value
        }
        """Checksum headers (including trailing ones, after the body is read) and their base64 values."""

    def read(self, limit: int) -> bytes:
        """Return the whole body.

        Raises:
            ApiError: it is larger than `limit`, or does not match its headers.
        """
        chunks: list[bytes] = []
        for chunk in self.chunks():
            limit -= len(chunk)
            if limit < 0:
                raise ApiError("EntityTooLarge", "Your proposed upload exceeds the maximum allowed size.")
            chunks.append(chunk)
        return b"".join(chunks)

    def chunks(self) -> Iterator[bytes]:
        """Yield the body in chunks, and verify it before the iteration ends.

        Raises:
            ApiError: the body does not match its headers.
        """
        sums = {name: checksums.ALGORITHMS[algorithm]() for name, algorithm in self._expected().items()}
        md5 = hashlib.md5(usedforsecurity=False) if self._request.header("content-md5") else None
        sinks = [*sums.values(), *([md5] if md5 else [])]
        size = 0
        for chunk in self._decoded():
            size += len(chunk)
            for sink in sinks:
                sink.update(chunk)
            yield chunk
        self._check_size(size)
        if md5:
            self._check_md5(md5.digest())
        for name, computed in sums.items():
            _check_sum(name, self.checksums.get(name, ""), computed.digest())

    def _expected(self) -> dict[str, str]:
        trailer = self._request.header("x-amz-trailer").lower()
        names = [*self.checksums, *(name.strip() for name in trailer.split(","))]
        return {name: algorithm for name in names if (algorithm := _algorithm(name))}

    def _decoded(self) -> Iterator[bytes]:
        claim = self._signed.payload_hash
        if claim.startswith("STREAMING-"):
            return _Chunked(self._request.body, self._verifier(claim), self.checksums).chunks()
        if claim == UNSIGNED_PAYLOAD:
            return _read_chunks(self._request.body)
        return self._hashed(claim)

    def _verifier(self, claim: str) -> ChunkVerifier | None:
        if claim in ("STREAMING-AWS4-HMAC-SHA256-PAYLOAD", "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"):
            return ChunkVerifier(self._signed, self._secret)
        if claim == "STREAMING-UNSIGNED-PAYLOAD-TRAILER":
            return None
        raise NotImplementedInSandbox(
            "NotImplemented", f"The sandbox does not implement the payload signature {claim}.", 501
        )

    def _hashed(self, claim: str) -> Iterator[bytes]:
        sha256 = hashlib.sha256()
        for chunk in _read_chunks(self._request.body):
            sha256.update(chunk)
            yield chunk
        if not hmac.compare_digest(sha256.hexdigest().encode(), claim.encode()):
            message = "The provided 'x-amz-content-sha256' header does not match what was computed."
            raise ApiError("XAmzContentSHA256Mismatch", message)

    def _check_size(self, size: int) -> None:
        stated = self._request.header("x-amz-decoded-content-length")
        if stated and stated != str(size):
            message = "You did not provide the number of bytes specified by the Content-Length HTTP header."
            raise ApiError("IncompleteBody", message)

    def _check_md5(self, digest: bytes) -> None:
        stated = self._request.header("content-md5")
        if base64.b64encode(digest).decode() != stated:
            raise ApiError("BadDigest", "The Content-MD5 you specified did not match what we received.")


def _algorithm(header: str) -> str:
    """Return the algorithm of a checksum header; empty for another header."""
    name = header.removeprefix(checksums.HEADER)
    return name if name != header and name in checksums.ALGORITHMS else ""


def _check_sum(header: str, stated: str, computed: bytes) -> None:
    if computed and base64.b64encode(computed).decode() != stated:
        name = _algorithm(header).upper()
        raise ApiError("BadDigest", f"The {name} you specified did not match the calculated checksum.")


def _read_chunks(source: Readable) -> Iterator[bytes]:
    return iter(lambda: source.read(CHUNK_BYTES), b"")


class _Chunked:
    """Reads the `aws-chunked` encoding."""

    def __init__(self, source: Readable, verifier: ChunkVerifier | None, trailers: dict[str, str]) -> None:
        self._source = source
        self._verifier = verifier
        self._trailers = trailers
        self._buffer = b""

    def chunks(self) -> Iterator[bytes]:
        while True:
            size, signature = self._chunk_head()
            if self._verifier:
                data = self._take(size)
                self._verifier.check_chunk(data, signature)
                yield from [data] if data else []
            else:
                yield from self._stream(size)
            if not size:
                break
            self._line()
        self._read_trailers()

    def _chunk_head(self) -> tuple[int, str]:
        line = self._line().decode("latin-1")
        found = re.fullmatch(r"([0-9a-fA-F]+)(?:;chunk-signature=([0-9a-f]{64}))?", line)
        if not found or (self._verifier and not found[2]) or int(found[1], 16) > 1 << 40:
            raise ApiError("IncompleteBody", "The aws-chunked body is malformed.")
        size = int(found[1], 16)
        if self._verifier and size > MAX_SIGNED_CHUNK_BYTES:
            raise ApiError("EntityTooLarge", "The sandbox accepts signed chunks of up to 64 MiB.")
        return size, found[2] or ""

    def _read_trailers(self) -> None:
        canonical = b""
        signature = ""
        while line := self._line():
            name, _, value = line.decode("latin-1").partition(":")
            name, value = name.strip().lower(), value.strip()
            if name == "x-amz-trailer-signature":
                signature = value
                continue
            canonical += f"{name}:{value}\n".encode()
            self._trailers[name] = value
        if self._verifier and canonical:
            self._verifier.check_trailer(canonical, signature)
        for name in [name for name in self._trailers if not _algorithm(name)]:
            del self._trailers[name]

    def _fill(self) -> None:
        more = self._source.read(CHUNK_BYTES)
        if not more:
            raise ApiError("IncompleteBody", "The request body terminated unexpectedly.")
        self._buffer += more

    def _line(self) -> bytes:
        while (end := self._buffer.find(b"\r\n")) < 0:
            if len(self._buffer) > 16384:
                raise ApiError("IncompleteBody", "The aws-chunked body is malformed.")
            try:
                self._fill()
            except ApiError:
                # Some clients omit the empty line after the last trailer.
                line, self._buffer = self._buffer, b""
                return line
        line, self._buffer = self._buffer[:end], self._buffer[end + 2 :]
        return line

    def _take(self, size: int) -> bytes:
        return b"".join(self._stream(size))

    def _stream(self, size: int) -> Iterator[bytes]:
        while size:
            if not self._buffer:
                self._fill()
            chunk, self._buffer = self._buffer[:size], self._buffer[size:]
            size -= len(chunk)
            yield chunk
