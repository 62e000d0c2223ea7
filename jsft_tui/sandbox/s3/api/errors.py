"""Define the errors that several S3 operations share."""

from __future__ import annotations

from jsft_tui.sandbox.http.service import ApiError


class NotImplementedInSandbox(ApiError):
    """The sandbox's S3 does not implement an operation or an option of a request."""


def no_such_key() -> ApiError:
    """Return the error for an object that does not exist."""
    return ApiError("NoSuchKey", "The specified key does not exist.", 404)


def malformed_xml() -> ApiError:
    """Return the error for an XML body that the operation does not accept."""
    return ApiError("MalformedXML", "The XML you provided was not well-formed or did not validate.")


def invalid_object_state() -> ApiError:
    """Return the error for reading an archived object."""
    return ApiError("InvalidObjectState", "The operation is not valid for the object's storage class", 403)
