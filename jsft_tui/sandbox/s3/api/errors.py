"""The errors that several S3 operations have in common."""

from __future__ import annotations

from jsft_tui.sandbox.http.protocol import ApiError


class NotImplementedInSandbox(ApiError):
    """The sandbox's S3 does not have an operation, or something that a request asks for."""


def no_such_key() -> ApiError:
    """The object does not exist."""
    return ApiError("NoSuchKey", "The specified key does not exist.", 404)


def malformed_xml() -> ApiError:
    """The XML body is not what the operation takes."""
    return ApiError("MalformedXML", "The XML you provided was not well-formed or did not validate.")
