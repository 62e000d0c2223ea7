"""Answer the S3 operations on objects: put, get, head, delete and copy.

`aws s3 cp` from S3 to S3 needs CopyObject (and UploadPartCopy, see multipart.py), and, when it copies in parts,
GetObjectTagging of the source.
"""

from __future__ import annotations

from urllib.parse import unquote

from jsft_tui.sandbox.http.listener import Request
from jsft_tui.sandbox.http.replies import Reply, escape, xml_reply
from jsft_tui.sandbox.http.service import ApiError
from jsft_tui.sandbox.s3.api.call import NAMESPACE, Handler, S3Call, iso_time, quoted
from jsft_tui.sandbox.s3.api.errors import invalid_object_state, malformed_xml, no_such_key
from jsft_tui.sandbox.s3.api.headers import (
    byte_range,
    check_read_conditions,
    check_write_conditions,
    checksum_headers,
    encryption_headers,
    headers_to_store,
    is_encryption,
    object_headers,
)
from jsft_tui.sandbox.s3.storage.blobs import Blob
from jsft_tui.sandbox.s3.storage.store import ObjectStore, StoredObject, is_archived

MAX_KEY_BYTES = 1024
MAX_DELETES = 1000


class ObjectOperations:
    """Handlers of the operations on objects."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self.handlers: dict[str, Handler] = {
            "PutObject": self.put,
            "GetObject": self.get,
            "HeadObject": self.head,
            "DeleteObject": self.delete,
            "DeleteObjects": self.delete_many,
            "CopyObject": self.copy,
            "GetObjectTagging": self.tagging,
        }

    def put(self, call: S3Call) -> Reply:
        """Answer PutObject."""
        check_key(call.key)
        headers = headers_to_store(call.request)
        # Fail before the upload if possible; checked again when the object is committed.
        check_write_conditions(call.request, self._store.find(call.bucket, call.key))
        blob = self._store.files.save(call.payload.chunks())
        sums = call.payload.checksums
        if sums:
            headers |= {**sums, "x-amz-checksum-type": "FULL_OBJECT"}
        stored = self._store.commit(
            call.bucket,
            call.key,
            blob,
            headers,
            condition=lambda existing: check_write_conditions(call.request, existing),
        )
        return Reply(200, headers=_written_headers(stored))

    def head(self, call: S3Call) -> Reply:
        """Answer HeadObject."""
        found = self._store.find(call.bucket, call.key)
        if found is None:
            raise no_such_key()
        return _describe(call.request, found)

    def get(self, call: S3Call) -> Reply:
        """Answer GetObject: the whole object or a range of it."""
        try:
            found, source = self._store.open(call.bucket, call.key)
        except KeyError as error:
            raise no_such_key() from error
        try:
            reply = _describe(call.request, found)
        except ApiError:
            source.close()
            raise
        if is_archived(found.headers):
            source.close()
            raise invalid_object_state()
        start = byte_range(call.request.header("range"), found.size) or (0, found.size)
        return Reply(reply.status, self._store.chunks(source, *start), reply.headers)

    def delete(self, call: S3Call) -> Reply:
        """Answer DeleteObject: deleting an object that does not exist succeeds."""
        _check_version(call.request)
        match = call.request.header("if-match")
        condition = (lambda existing: check_write_conditions(call.request, existing)) if match else None
        self._store.delete(call.bucket, call.key, condition)
        return Reply(204)

    def delete_many(self, call: S3Call) -> Reply:
        """Answer DeleteObjects."""
        document = call.document()
        if document is None or document.tag != "Delete":
            raise malformed_xml()
        keys = [entry.findtext("Key") or "" for entry in document.findall("Object")]
        if not keys or len(keys) > MAX_DELETES or not all(keys):
            raise malformed_xml()
        for key in keys:
            self._store.delete(call.bucket, key)
        quiet = document.findtext("Quiet") == "true"
        rows = "" if quiet else "".join(f"<Deleted><Key>{escape(key)}</Key></Deleted>" for key in keys)
        return xml_reply(f"<DeleteResult {NAMESPACE}>{rows}</DeleteResult>")

    def copy(self, call: S3Call) -> Reply:
        """Answer CopyObject: with the headers of the source or new ones."""
        check_key(call.key)
        source, blob = self.copy_bytes(call)
        replace = call.request.header("x-amz-metadata-directive") == "REPLACE"
        same_place = copy_source(call.request) == (call.bucket, call.key)
        asked = headers_to_store(call.request)
        if same_place and not replace and not call.request.header("x-amz-storage-class"):
            self._store.files.remove(blob.name)
            message = "This copy request is illegal because it is trying to copy an object to itself without changes."
            raise ApiError("InvalidRequest", message)
        # A copy is encrypted as its own request says, not as its source.
        unencrypted = {name: value for name, value in source.headers.items() if not is_encryption(name)}
        kept = asked if replace else {**unencrypted, **dict(encryption_headers(asked))}
        sums = dict(checksum_headers(source.headers))
        # A composite checksum does not apply to the copy, which has no parts.
        sums = {} if sums.get("x-amz-checksum-type") == "COMPOSITE" else sums
        headers = {name: value for name, value in kept.items() if not name.startswith("x-amz-checksum-")} | sums
        stored = self._store.commit(
            call.bucket,
            call.key,
            blob,
            headers,
            condition=lambda existing: check_write_conditions(call.request, existing),
        )
        return xml_reply(
            f"<CopyObjectResult {NAMESPACE}><ETag>{quoted(stored.etag)}</ETag>"
            f"<LastModified>{iso_time(stored.modified)}</LastModified></CopyObjectResult>",
            headers=encryption_headers(headers),
        )

    def copy_bytes(self, call: S3Call) -> tuple[StoredObject, Blob]:
        """Copy the bytes, or a range of them, of the object that a copy request names; return both.

        Raises:
            ApiError: the object does not exist, or a condition on it does not hold.
        """
        try:
            found, source = self._store.open(*copy_source(call.request))
        except KeyError as error:
            raise no_such_key() from error
        with source:
            if is_archived(found.headers):
                raise invalid_object_state()
            check_read_conditions(call.request, found, "x-amz-copy-source-")
            asked = byte_range(call.request.header("x-amz-copy-source-range"), found.size)
            start, length = asked or (0, found.size)
            return found, self._store.files.save(self._store.chunks(source, start, length))

    def tagging(self, call: S3Call) -> Reply:
        """Answer GetObjectTagging: the sandbox does not store tags of objects."""
        self.head(call)
        return xml_reply(f"<Tagging {NAMESPACE}><TagSet/></Tagging>")


def check_key(key: str) -> None:
    """Check a key as S3 does.

    Raises:
        ApiError: it is too long.
    """
    if len(key.encode()) > MAX_KEY_BYTES:
        raise ApiError("KeyTooLongError", "Your key is too long")


def copy_source(request: Request) -> tuple[str, str]:
    """Return the bucket and the key of a copy request's source.

    Raises:
        ApiError: the request does not name one.
    """
    path, _, version = request.header("x-amz-copy-source").partition("?versionId=")
    bucket, _, key = unquote(path).removeprefix("/").partition("/")
    if not bucket or not key or version not in ("", "null"):
        raise ApiError("InvalidArgument", "Copy Source must mention the source bucket and key: sourcebucket/sourcekey")
    return bucket, key


def _check_version(request: Request) -> None:
    if request.query.get("versionId", "null") != "null":
        raise ApiError("InvalidArgument", "Invalid version id specified")


def _describe(request: Request, found: StoredObject) -> Reply:
    """Return the status and headers of the reply to a read."""
    _check_version(request)
    if request.query.get("partNumber", "1") != "1":
        raise ApiError("InvalidPartNumber", "The requested partnumber is not satisfiable", 416)
    check_read_conditions(request, found)
    headers = object_headers(found, request)
    asked = byte_range(request.header("range"), found.size)
    if asked:
        start, length = asked
        headers += [
            ("Content-Range", f"bytes {start}-{start + length - 1}/{found.size}"),
            ("Content-Length", str(length)),
        ]
        return Reply(206, b"", tuple(headers))
    if request.header("x-amz-checksum-mode").upper() == "ENABLED":
        headers += checksum_headers(found.headers)
    headers.append(("Content-Length", str(found.size)))
    return Reply(200, b"", tuple(headers))


def _written_headers(stored: StoredObject) -> tuple[tuple[str, str], ...]:
    sums = checksum_headers(stored.headers)
    return (("ETag", f'"{stored.etag}"'), *sums, *encryption_headers(stored.headers))
