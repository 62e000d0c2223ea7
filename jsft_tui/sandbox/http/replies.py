"""HTTP replies of the sandbox, and error responses as each AWS protocol has them.

Source of the shapes: the protocol descriptions of Smithy (awsJson1_1, awsQuery, ec2Query, restXml,
rpcv2Cbor) and "Error responses" in the Amazon S3 API reference.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

from jsft_tui.sandbox.http import cbor
from jsft_tui.sandbox.http.service import ApiError

if TYPE_CHECKING:
    from botocore.model import Shape

Headers = tuple[tuple[str, str], ...]


class Dialect(Enum):
    """The AWS protocol of a request and of its reply."""

    JSON = "json"
    CBOR = "cbor"
    QUERY = "query"
    EC2 = "ec2"
    S3 = "s3"


@dataclass(frozen=True)
class Reply:
    """A complete HTTP reply.

    Attributes:
        status: the HTTP status.
        body: the bytes, or chunks of them with a `Content-Length` header.
        headers: further headers; `Content-Length` is added for bytes.
    """

    status: int
    body: bytes | Iterable[bytes] = b""
    headers: Headers = ()

    def with_headers(self, *more: tuple[str, str]) -> Reply:
        """Return the same reply with headers added."""
        return Reply(self.status, self.body, (*self.headers, *more))


def new_request_id() -> str:
    """Return a new request ID; every AWS reply has one."""
    return str(uuid.uuid4())


def json_reply(document: Any, status: int = 200, version: str = "1.1") -> Reply:
    """Return the reply of an AWS JSON service."""
    headers = (
        ("Content-Type", f"application/x-amz-json-{version}"),
        ("x-amzn-RequestId", new_request_id()),
    )
    return Reply(status, json.dumps(document).encode(), headers)


def cbor_reply(document: Any, shape: Shape | None, status: int = 200) -> Reply:
    """Return the reply of a service that speaks Smithy's RPC v2 in CBOR; `shape` is None for an error."""
    headers = (
        ("Content-Type", "application/cbor"),
        ("smithy-protocol", "rpc-v2-cbor"),
        ("x-amzn-RequestId", new_request_id()),
    )
    return Reply(status, cbor.encode(document, shape), headers)


def xml_reply(document: str, status: int = 200, headers: Headers = ()) -> Reply:
    """Return an XML reply; `document` has no XML declaration."""
    body = '<?xml version="1.0" encoding="UTF-8"?>\n' + document
    return Reply(status, body.encode("utf-8", "xmlcharrefreplace"), (("Content-Type", "text/xml"), *headers))


def escape(text: str) -> str:
    """Escape `text` for an XML element; control characters become character references, as S3 sends them."""
    text = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")
    if text.isprintable():
        return text
    return "".join(c if c >= " " and c != "\x7f" else f"&#x{ord(c):x};" for c in text)


def error_reply(dialect: Dialect, error: ApiError) -> Reply:
    """Return the error response of a protocol."""
    if dialect is Dialect.S3:
        return s3_error(error)
    if dialect is Dialect.JSON:
        body = {"__type": error.code, "message": error.message}
        return json_reply(body, error.status).with_headers(("x-amzn-ErrorType", error.code))
    if dialect is Dialect.CBOR:
        return cbor_reply({"__type": error.code, "message": error.message}, None, error.status)
    code, message, request_id = escape(error.code), escape(error.message), new_request_id()
    if dialect is Dialect.EC2:
        return xml_reply(
            f"<Response><Errors><Error><Code>{code}</Code><Message>{message}</Message></Error></Errors>"
            f"<RequestID>{request_id}</RequestID></Response>",
            error.status,
        )
    kind = "Sender" if error.status < 500 else "Receiver"
    return xml_reply(
        f"<ErrorResponse><Error><Type>{kind}</Type><Code>{code}</Code><Message>{message}</Message></Error>"
        f"<RequestId>{request_id}</RequestId></ErrorResponse>",
        error.status,
    )


def s3_error(error: ApiError, headers: Headers = (), elements: str = "") -> Reply:
    """Return an S3 error document; `elements` are further XML elements, such as `<Bucket>`."""
    request_id = new_request_id()
    document = (
        f"<Error><Code>{escape(error.code)}</Code><Message>{escape(error.message)}</Message>{elements}"
        f"<RequestId>{request_id}</RequestId><HostId>sandbox</HostId></Error>"
    )
    return xml_reply(document, error.status, (("x-amz-request-id", request_id), *headers))
