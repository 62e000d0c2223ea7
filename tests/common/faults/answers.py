"""What comes instead of an answer of AWS, and what an answer can be turned into."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any

from jsft_tui.sandbox.http.replies import Dialect, Reply, error_reply
from jsft_tui.sandbox.http.service import ApiError
from tests.common.faults.rule import Fault

OTHER_REGION = "eu-west-3"
"""The region that a call should have gone to."""

# Not checked against AWS: the statuses, and EC2's codes; "Common errors" of each API reference has the codes.
_ERRORS = {
    Fault.THROTTLE: {
        Dialect.S3: ApiError("SlowDown", "Please reduce your request rate.", 503),
        Dialect.EC2: ApiError("RequestLimitExceeded", "Request limit exceeded.", 503),
        Dialect.QUERY: ApiError("Throttling", "Rate exceeded", 400),
        Dialect.JSON: ApiError("ThrottlingException", "Rate exceeded", 400),
    },
    Fault.EXPIRED: {
        Dialect.S3: ApiError("ExpiredToken", "The provided token has expired.", 400),
        Dialect.EC2: ApiError("RequestExpired", "Request has expired.", 400),
        Dialect.QUERY: ApiError("ExpiredToken", "The security token included in the request is expired", 403),
        Dialect.JSON: ApiError("ExpiredTokenException", "The security token included in the request is expired", 400),
    },
    Fault.DENIED: {
        Dialect.S3: ApiError("AccessDenied", "Access Denied", 403),
        Dialect.EC2: ApiError("UnauthorizedOperation", "You are not authorized to perform this operation.", 403),
        Dialect.QUERY: ApiError("AccessDenied", "User is not authorized to perform this action", 403),
        Dialect.JSON: ApiError("AccessDeniedException", "User is not authorized to perform this action", 400),
    },
    Fault.INTERNAL: {
        Dialect.S3: ApiError("InternalError", "We encountered an internal error. Please try again.", 500),
        Dialect.EC2: ApiError("InternalError", "An internal error has occurred.", 500),
        Dialect.QUERY: ApiError("InternalFailure", "The request processing has failed.", 500),
        Dialect.JSON: ApiError("InternalFailure", "The request processing has failed.", 500),
    },
    Fault.UNAVAILABLE: {
        Dialect.S3: ApiError("ServiceUnavailable", "Service is unable to handle request.", 503),
        Dialect.EC2: ApiError("Unavailable", "The server is overloaded and can't handle the request.", 503),
        Dialect.QUERY: ApiError("ServiceUnavailable", "The request has failed due to a temporary failure.", 503),
        Dialect.JSON: ApiError(
            "ServiceUnavailableException", "The request has failed due to a temporary failure.", 503
        ),
    },
    Fault.QUOTA: {
        Dialect.S3: ApiError("TooManyBuckets", "You have attempted to create more buckets than allowed.", 400),
        Dialect.EC2: ApiError("VpcLimitExceeded", "The maximum number of VPCs has been reached.", 400),
        Dialect.QUERY: ApiError("LimitExceeded", "Cannot exceed quota for RolesPerAccount: 1000", 409),
        Dialect.JSON: ApiError(
            "ResourceLimitExceeded", "The account-level service limit for training jobs is 0 Instances.", 400
        ),
    },
    Fault.SKEW: {
        Dialect.S3: ApiError(
            "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.", 403
        ),
        Dialect.EC2: ApiError("AuthFailure", "AWS was not able to validate the provided access credentials", 401),
        Dialect.QUERY: ApiError("SignatureDoesNotMatch", "Signature expired: it is earlier than 20260102T030405Z", 403),
        Dialect.JSON: ApiError(
            "InvalidSignatureException", "Signature expired: it is earlier than 20260102T030405Z", 400
        ),
    },
    Fault.REGION: {
        Dialect.S3: ApiError(
            "PermanentRedirect",
            "The bucket you are attempting to access must be addressed using the specified endpoint.",
            301,
        ),
        Dialect.EC2: ApiError("AuthFailure", "Credential should be scoped to a valid region.", 401),
        Dialect.QUERY: ApiError("SignatureDoesNotMatch", "Credential should be scoped to a valid region.", 403),
        Dialect.JSON: ApiError("InvalidSignatureException", "Credential should be scoped to a valid region.", 400),
    },
}

_PAGE = b"<!DOCTYPE html>\n<html><head><title>%s</title></head><body><h1>%s</h1></body></html>\n"


def _page(status: int, title: bytes) -> Reply:
    return Reply(status, _PAGE % (title, title), (("Content-Type", "text/html; charset=utf-8"),))


_PAGES = {
    Fault.HTML_OK: _page(200, b"Welcome"),
    Fault.HTML_FORBIDDEN: _page(403, b"Blocked by your organization"),
    Fault.HTML_UNAVAILABLE: _page(503, b"Service Unavailable"),
    Fault.PORTAL: _page(302, b"Sign in").with_headers(("Location", "http://portal.invalid/sign-in")),
}

INSTEAD = frozenset(_ERRORS) | frozenset(_PAGES)
"""The faults that answer a call in the sandbox's place."""


def answer_instead(fault: Fault, dialect: Dialect) -> Reply:
    """Return the answer of one of the faults in `INSTEAD`, as the call's protocol words it."""
    if fault in _PAGES:
        return _PAGES[fault]
    reply = error_reply(dialect, _ERRORS[fault][Dialect.JSON if dialect is Dialect.CBOR else dialect])
    if fault is Fault.REGION and dialect is Dialect.S3:
        return reply.with_headers(("x-amz-bucket-region", OTHER_REGION))
    return reply


def _other_types(body: bytes) -> bytes:
    try:
        document = json.loads(body)
    except ValueError:
        return re.sub(rb">[^<>\s][^<>]*</", b">wrong</", body)
    if isinstance(document, dict):
        return json.dumps({name: _other_type(value) for name, value in document.items()}).encode()
    return json.dumps(_other_type(document)).encode()


def _other_type(value: Any) -> Any:
    if isinstance(value, str):
        return {"wrong": value}
    return [] if isinstance(value, dict) else "wrong"


def _cut(body: bytes) -> bytes:
    return body[: len(body) // 2]


def _flip(body: bytes) -> bytes:
    middle = len(body) // 2
    return body[:middle] + bytes([body[middle] ^ 1]) + body[middle + 1 :] if body else body


CHANGES: dict[Fault, Callable[[bytes], bytes]] = {
    Fault.EMPTY: lambda _: b"",
    Fault.WRONG_TYPE: _other_types,
    Fault.MALFORMED: _cut,
    Fault.FLIP: _flip,
}
"""The faults that make another body of an answer's."""


def deny_actions(body: bytes, patterns: list[str]) -> bytes:
    """Turn the decisions of a policy simulation about these actions (regular expressions)."""

    def decide(found: re.Match[bytes]) -> bytes:
        action = found[1].decode()
        denied = any(re.fullmatch(pattern, action) for pattern in patterns)
        return found[0].replace(b">allowed<", b">implicitDeny<") if denied else found[0]

    return re.sub(rb"<EvalActionName>([^<]*)</EvalActionName>.*?</EvalDecision>", decide, body, flags=re.DOTALL)
