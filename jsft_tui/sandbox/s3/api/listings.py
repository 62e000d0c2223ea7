"""Answer the S3 operations that list objects.

jsft and the AWS CLI use ListObjectsV2. boto3's `Bucket.objects` uses ListObjects, and with it the SageMaker SDK, for
example to read its defaults file from S3.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from jsft_tui.sandbox.http.replies import Reply, escape, xml_reply
from jsft_tui.sandbox.http.service import ApiError
from jsft_tui.sandbox.s3.api.call import NAMESPACE, OWNER, Handler, S3Call, iso_time, quoted
from jsft_tui.sandbox.s3.storage.listing import ListRequest, Page, decode_token, encode_token, list_page, start_after
from jsft_tui.sandbox.s3.storage.store import ObjectInfo, ObjectStore

MAX_KEYS = 1000
OWNER_XML = f"<Owner>{OWNER}</Owner>"

Encode = Callable[[str], str]


class ListOperations:
    """Handlers of both versions of the listing."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store
        self.handlers: dict[str, Handler] = {"ListObjectsV2": self.version_2, "ListObjects": self.version_1}

    def version_2(self, call: S3Call) -> Reply:
        """Answer ListObjectsV2."""
        query = call.request.query
        after, token = query.get("start-after", ""), query.get("continuation-token")
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
        start = _start_of_token(token) if token is not None else start_after(after, prefix, delimiter)
        page, encode, common = self._list(call, start)
        owner = OWNER_XML if query.get("fetch-owner") == "true" else ""
        more = ""
        if page.next_start is not None:
            more = f"<NextContinuationToken>{encode_token(page.next_start)}</NextContinuationToken>"
        echo = f"<ContinuationToken>{escape(token)}</ContinuationToken>" if token is not None else ""
        echo += f"<StartAfter>{encode(after)}</StartAfter>" if after else ""
        count = len(page.objects) + len(page.prefixes)
        return xml_reply(
            f"<ListBucketResult {NAMESPACE}>{common}<KeyCount>{count}</KeyCount>{echo}{more}"
            f"{_entries(page, encode, owner)}</ListBucketResult>"
        )

    def version_1(self, call: S3Call) -> Reply:
        """Answer ListObjects, whose pages continue after a marker."""
        query = call.request.query
        marker = query.get("marker", "")
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
        page, encode, common = self._list(call, start_after(marker, prefix, delimiter))
        more = ""
        if page.next_start is not None and delimiter:
            more = f"<NextMarker>{encode(page.last)}</NextMarker>"
        return xml_reply(
            f"<ListBucketResult {NAMESPACE}>{common}<Marker>{encode(marker)}</Marker>{more}"
            f"{_entries(page, encode, OWNER_XML)}</ListBucketResult>"
        )

    def _list(self, call: S3Call, start: str) -> tuple[Page, Encode, str]:
        """Return the page, the encoding of names in its document, and the XML elements of both versions."""
        query = call.request.query
        encoding = query.get("encoding-type", "")
        if encoding not in ("", "url"):
            raise ApiError("InvalidArgument", "Invalid Encoding Method specified in Request")
        encode = _url_encode if encoding else escape
        prefix, delimiter = query.get("prefix", ""), query.get("delimiter", "")
        limit = call.number("max-keys", MAX_KEYS, MAX_KEYS)
        bucket = self._store.bucket(call.bucket).id
        page = list_page(
            ListRequest(prefix, delimiter, start, limit),
            lambda first, stop, count: self._store.range(bucket, first, stop, count),
        )
        common = (
            f"<Name>{call.bucket}</Name><Prefix>{encode(prefix)}</Prefix>"
            + (f"<Delimiter>{encode(delimiter)}</Delimiter>" if delimiter else "")
            + f"<MaxKeys>{limit}</MaxKeys>"
            + ("<EncodingType>url</EncodingType>" if encoding else "")
            + f"<IsTruncated>{str(page.next_start is not None).lower()}</IsTruncated>"
        )
        return page, encode, common


def _start_of_token(token: str) -> str:
    try:
        return decode_token(token)
    except ValueError as error:
        raise ApiError("InvalidArgument", "The continuation token provided is incorrect") from error


def _url_encode(text: str) -> str:
    return quote(text, safe="/-_.*")


def _entries(page: Page, encode: Encode, owner: str) -> str:
    rows = [_object_xml(entry, encode, owner) for entry in page.objects]
    rows += [f"<CommonPrefixes><Prefix>{encode(prefix)}</Prefix></CommonPrefixes>" for prefix in page.prefixes]
    return "".join(rows)


def _object_xml(entry: ObjectInfo, encode: Encode, owner: str) -> str:
    return (
        f"<Contents><Key>{encode(entry.key)}</Key><LastModified>{iso_time(entry.modified)}</LastModified>"
        f"<ETag>{quoted(entry.etag)}</ETag><Size>{entry.size}</Size>{owner}"
        f"<StorageClass>{escape(entry.storage_class)}</StorageClass></Contents>"
    )
