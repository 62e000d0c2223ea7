"""Define an S3 call as the handlers get it, and the XML and time formats they share."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from xml.etree import ElementTree

from jsft_tui.sandbox.http.listener import Request
from jsft_tui.sandbox.http.replies import Reply
from jsft_tui.sandbox.http.service import ApiError
from jsft_tui.sandbox.s3.api.errors import malformed_xml
from jsft_tui.sandbox.s3.api.payload import Payload

NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"'
OWNER = "<ID>sandbox</ID><DisplayName>sandbox</DisplayName>"
MAX_DOCUMENT_BYTES = 4 << 20
"""Maximum size of an XML body: enough for 1000 keys of 1024 bytes, or 10,000 parts."""


@dataclass(frozen=True)
class S3Call:
    """An operation on a bucket or an object.

    Attributes:
        bucket: its name; the bucket exists, except for CreateBucket.
        key: the object's key; empty for an operation on a bucket.
        region: the region that the request was signed for.
    """

    operation: str
    bucket: str
    key: str
    region: str
    request: Request
    payload: Payload

    def document(self) -> ElementTree.Element | None:
        """Return the XML body, without namespaces; None if there is no body.

        Raises:
            ApiError: it is not XML, or not what was signed.
        """
        body = self.payload.read(MAX_DOCUMENT_BYTES)
        if not body.strip():
            return None
        try:
            root = ElementTree.fromstring(body)
        except ElementTree.ParseError as error:
            raise malformed_xml() from error
        for element in root.iter():
            element.tag = element.tag.rpartition("}")[2]
        return root

    def number(self, name: str, default: int, most: int) -> int:
        """Return a query parameter that is a number, at most `most`.

        Raises:
            ApiError: it is not a number, or negative.
        """
        text = self.request.query.get(name) or str(default)
        if not (text.isascii() and text.isdecimal()):
            raise ApiError("InvalidArgument", f"Argument {name} must be an integer between 0 and 2147483647")
        return min(int(text), most)


Handler = Callable[[S3Call], Reply]


def iso_time(seconds: float) -> str:
    """Return a time (epoch seconds) as S3 writes it in XML."""
    whole, fraction = divmod(seconds, 1)
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(whole)) + f".{int(fraction * 1000):03d}Z"


def quoted(etag: str) -> str:
    """Return an ETag with its quotes, escaped for XML."""
    return f"&quot;{etag}&quot;"
