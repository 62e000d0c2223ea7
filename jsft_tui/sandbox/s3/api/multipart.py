"""Answer the S3 operations on multipart uploads.

Source: S3 User Guide, "Uploading and copying objects using multipart upload". ListMultipartUploads and ListParts show
what an interrupted upload has left behind, and what it can be resumed from.
"""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from xml.etree import ElementTree

from jsft_tui.sandbox.http.replies import Reply, escape, xml_reply
from jsft_tui.sandbox.http.service import ApiError
from jsft_tui.sandbox.s3.api import checksums
from jsft_tui.sandbox.s3.api.call import NAMESPACE, Handler, S3Call, iso_time, quoted
from jsft_tui.sandbox.s3.api.errors import malformed_xml
from jsft_tui.sandbox.s3.api.headers import (
    check_write_conditions,
    checksum_headers,
    encryption_headers,
    headers_to_store,
)
from jsft_tui.sandbox.s3.api.objects import ObjectOperations, check_key
from jsft_tui.sandbox.s3.storage.blobs import Blob
from jsft_tui.sandbox.s3.storage.store import ObjectStore, StoredObject, md5_of_md5s
from jsft_tui.sandbox.s3.storage.uploads import Part, Upload, Uploads

MIN_PART_BYTES = 5 << 20
MAX_PART_NUMBER = 10_000
_ALGORITHM = "x-amz-checksum-algorithm"
_TYPE = "x-amz-checksum-type"
_ELEMENTS = {name: f"Checksum{name.upper()}" for name in checksums.ALGORITHMS}


@dataclass(frozen=True)
class _Claim:
    """A part as CompleteMultipartUpload names it."""

    number: int
    etag: str


class MultipartOperations:
    """Handlers of the operations on multipart uploads."""

    def __init__(self, store: ObjectStore, objects: ObjectOperations) -> None:
        self._store = store
        self._objects = objects
        self._uploads = Uploads(store)
        self.handlers: dict[str, Handler] = {
            "CreateMultipartUpload": self.create,
            "UploadPart": self.upload_part,
            "UploadPartCopy": self.copy_part,
            "CompleteMultipartUpload": self.complete,
            "AbortMultipartUpload": self.abort,
            "ListParts": self.list_parts,
            "ListMultipartUploads": self.list_uploads,
        }

    def create(self, call: S3Call) -> Reply:
        """Answer CreateMultipartUpload."""
        check_key(call.key)
        headers = headers_to_store(call.request)
        algorithm = call.request.header(_ALGORITHM).lower()
        if algorithm:
            if algorithm not in checksums.ALGORITHMS:
                raise ApiError("InvalidRequest", "Checksum algorithm provided is unsupported.")
            default = "FULL_OBJECT" if algorithm == "crc64nvme" else "COMPOSITE"
            headers |= {_ALGORITHM: algorithm, _TYPE: call.request.header(_TYPE).upper() or default}
        upload = self._uploads.start(call.bucket, call.key, headers)
        echo = ((_ALGORITHM, algorithm.upper()), (_TYPE, headers[_TYPE])) if algorithm else ()
        return xml_reply(
            f"<InitiateMultipartUploadResult {NAMESPACE}><Bucket>{call.bucket}</Bucket>"
            f"<Key>{escape(call.key)}</Key><UploadId>{upload.id}</UploadId></InitiateMultipartUploadResult>",
            headers=(*echo, *encryption_headers(headers)),
        )

    def upload_part(self, call: S3Call) -> Reply:
        """Answer UploadPart."""
        upload, number = self._upload(call), _part_number(call)
        blob = self._store.files.save(call.payload.chunks())
        sums = call.payload.checksums
        self._add(upload, number, blob, sums)
        return Reply(200, headers=(("ETag", f'"{blob.md5}"'), *sums.items(), *encryption_headers(upload.headers)))

    def copy_part(self, call: S3Call) -> Reply:
        """Answer UploadPartCopy."""
        upload, number = self._upload(call), _part_number(call)
        _, blob = self._objects.copy_bytes(call)
        self._add(upload, number, blob, {})
        return xml_reply(
            f"<CopyPartResult {NAMESPACE}><ETag>{quoted(blob.md5)}</ETag>"
            f"<LastModified>{iso_time(self._uploads.parts(upload)[-1].modified)}</LastModified></CopyPartResult>"
        )

    def complete(self, call: S3Call) -> Reply:
        """Answer CompleteMultipartUpload: join the parts to the object."""
        upload = self._upload(call)
        parts = _claimed_parts(_claims(call.document()), self._uploads.parts(upload))
        stored = self._assemble(call, upload, parts)
        self._uploads.discard(upload)
        sums = _checksum_xml(stored.headers, with_type=True)
        return xml_reply(
            f"<CompleteMultipartUploadResult {NAMESPACE}><Location>/{call.bucket}/{escape(call.key)}</Location>"
            f"<Bucket>{call.bucket}</Bucket><Key>{escape(call.key)}</Key><ETag>{quoted(stored.etag)}</ETag>"
            f"{sums}</CompleteMultipartUploadResult>",
            headers=encryption_headers(upload.headers),
        )

    def abort(self, call: S3Call) -> Reply:
        """Answer AbortMultipartUpload."""
        self._uploads.discard(self._upload(call))
        return Reply(204)

    def list_parts(self, call: S3Call) -> Reply:
        """Answer ListParts, in pages."""
        upload = self._upload(call)
        after = call.number("part-number-marker", 0, MAX_PART_NUMBER)
        limit = call.number("max-parts", 1000, 1000)
        parts = [part for part in self._uploads.parts(upload) if part.number > after]
        page, truncated = parts[:limit], len(parts) > limit
        marker = page[-1].number if page else 0
        return xml_reply(
            f"<ListPartsResult {NAMESPACE}><Bucket>{call.bucket}</Bucket><Key>{escape(call.key)}</Key>"
            f"<UploadId>{upload.id}</UploadId><PartNumberMarker>{after}</PartNumberMarker>"
            f"<NextPartNumberMarker>{marker}</NextPartNumberMarker><MaxParts>{limit}</MaxParts>"
            f"<IsTruncated>{str(truncated).lower()}</IsTruncated>{''.join(map(_part_xml, page))}</ListPartsResult>"
        )

    def list_uploads(self, call: S3Call) -> Reply:
        """Answer ListMultipartUploads, in a single page: a sandbox has few of them."""
        prefix = call.request.query.get("prefix", "")
        rows = "".join(
            f"<Upload><Key>{escape(upload.key)}</Key><UploadId>{upload.id}</UploadId>"
            f"<StorageClass>STANDARD</StorageClass><Initiated>{iso_time(upload.started)}</Initiated></Upload>"
            for upload in self._uploads.all(call.bucket, prefix)
        )
        return xml_reply(
            f"<ListMultipartUploadsResult {NAMESPACE}><Bucket>{call.bucket}</Bucket>"
            f"<Prefix>{escape(prefix)}</Prefix><IsTruncated>false</IsTruncated>{rows}</ListMultipartUploadsResult>"
        )

    def _upload(self, call: S3Call) -> Upload:
        try:
            return self._uploads.find(call.bucket, call.key, call.request.query.get("uploadId", ""))
        except KeyError as error:
            raise _no_such_upload() from error

    def _add(self, upload: Upload, number: int, blob: Blob, sums: Mapping[str, str]) -> None:
        try:
            self._uploads.add_part(upload, number, blob, sums)
        except KeyError as error:
            raise _no_such_upload() from error

    def _assemble(self, call: S3Call, upload: Upload, parts: list[Part]) -> StoredObject:
        headers = dict(upload.headers)
        algorithm = headers.pop(_ALGORITHM, "")
        whole = checksums.ALGORITHMS[algorithm]() if algorithm and headers[_TYPE] == "FULL_OBJECT" else None
        blob = self._store.files.save(self._uploads.bytes_of(parts), [whole] if whole else [])
        if algorithm:
            name = checksums.HEADER + algorithm
            digest = base64.b64encode(whole.digest()).decode() if whole else _composite(algorithm, parts)
            # If it was too large to be computed here, the client's checksum is stored, if there is one.
            digest = digest or call.request.header(name)
            stated = call.request.header(name)
            if stated and stated != digest:
                self._store.files.remove(blob.name)
                raise ApiError("BadDigest", "The checksum you specified did not match the calculated checksum.")
            headers |= {name: digest} if digest else {}
        return self._store.commit(
            call.bucket,
            call.key,
            blob,
            headers,
            etag=f"{md5_of_md5s(part.etag for part in parts)}-{len(parts)}",
            condition=lambda existing: check_write_conditions(call.request, existing),
        )


def _no_such_upload() -> ApiError:
    message = "The specified upload does not exist. The upload ID may be invalid, or it was aborted or completed."
    return ApiError("NoSuchUpload", message, 404)


def _part_number(call: S3Call) -> int:
    number = call.number("partNumber", 0, MAX_PART_NUMBER + 1)
    if not 1 <= number <= MAX_PART_NUMBER:
        raise ApiError("InvalidArgument", f"Part number must be an integer between 1 and {MAX_PART_NUMBER}, inclusive")
    return number


def _claims(document: ElementTree.Element | None) -> list[_Claim]:
    if document is None or document.tag != "CompleteMultipartUpload":
        raise malformed_xml()
    try:
        claims = [
            _Claim(int(part.findtext("PartNumber") or ""), (part.findtext("ETag") or "").strip('"'))
            for part in document.findall("Part")
        ]
    except ValueError as error:
        raise malformed_xml() from error
    if not claims:
        raise malformed_xml()
    return claims


def _claimed_parts(claims: list[_Claim], arrived: list[Part]) -> list[Part]:
    numbers = [claim.number for claim in claims]
    if numbers != sorted(set(numbers)):
        raise ApiError("InvalidPartOrder", "The list of parts was not in ascending order.")
    known = {part.number: part for part in arrived}
    if any(claim.number not in known or known[claim.number].etag != claim.etag for claim in claims):
        raise ApiError("InvalidPart", "One or more of the specified parts could not be found, or its ETag differs.")
    parts = [known[number] for number in numbers]
    if any(part.size < MIN_PART_BYTES for part in parts[:-1]):
        raise ApiError("EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
    return parts


def _composite(algorithm: str, parts: list[Part]) -> str:
    name = checksums.HEADER + algorithm
    sums = [part.checksums.get(name, "") for part in parts]
    return checksums.composite(algorithm, sums) if all(sums) else ""


def _part_xml(part: Part) -> str:
    return (
        f"<Part><PartNumber>{part.number}</PartNumber><LastModified>{iso_time(part.modified)}</LastModified>"
        f"<ETag>{quoted(part.etag)}</ETag><Size>{part.size}</Size>{_checksum_xml(part.checksums)}</Part>"
    )


def _checksum_xml(headers: Mapping[str, str], *, with_type: bool = False) -> str:
    rows = [
        f"<{element}>{headers[checksums.HEADER + name]}</{element}>"
        for name, element in _ELEMENTS.items()
        if checksums.HEADER + name in headers
    ]
    if with_type and checksum_headers(headers) and _TYPE in headers:
        rows.append(f"<ChecksumType>{headers[_TYPE]}</ChecksumType>")
    return "".join(rows)
