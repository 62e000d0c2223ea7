"""The CBOR bodies of Smithy's RPC v2 protocol, read and written by botocore's own codec.

CloudWatch's service model names this protocol before JSON. boto3 1.44.8 and AWS CLI 1.46.3 still send JSON, because
botocore prefers it (`botocore.utils.PRIORITY_ORDERED_SUPPORTED_PROTOCOLS`); an SDK that follows the order of the model
sends CBOR, and so would a botocore with another preference.
"""

from __future__ import annotations

import io
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from botocore.model import Shape


def decode(data: bytes) -> Any:
    """Return the value that `data` holds; a timestamp is its number of epoch seconds, null members are left out.

    Raises:
        ValueError: the data is not CBOR of the kinds that the protocol uses.
    """
    from botocore.parsers import ResponseParserError, RpcV2CBORParser

    try:
        return RpcV2CBORParser(timestamp_parser=float).parse_data_item(_Peekable(data))
    except (ResponseParserError, UnicodeDecodeError, OverflowError, RecursionError, TypeError) as error:
        raise ValueError(f"malformed CBOR: {error}") from error


def encode(value: Any, shape: Shape | None) -> bytes:
    """Return `value`, with timestamps as epoch seconds, as CBOR of this shape (None: of an error, or nothing)."""
    from botocore.serialize import RpcV2CBORSerializer

    body: bytes = RpcV2CBORSerializer()._serialize_body_params(value, _error_shape() if shape is None else shape)
    return body


class _Peekable(io.BytesIO):
    """Bytes to read from. A length in the data, however large, allocates no more than there is."""

    def peek(self, size: int) -> bytes:
        position = self.tell()
        return bytes(self.getbuffer()[position : position + size])


@cache
def _error_shape() -> Shape:
    from botocore.model import DenormalizedStructureBuilder

    text = {"type": "string"}
    return DenormalizedStructureBuilder().with_members({"__type": text, "message": text}).build_model()
