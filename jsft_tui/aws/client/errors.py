"""Every error of boto3 becomes one Problem: a stable code, one line, a remedy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from jsft_tui.core.common.errors import Problem, ProblemKind
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.common.text import clean, redact
from jsft_tui.core.jobs.failures import diagnose

SIGN_IN = Remedy("Sign in again, or try the sandbox", RemedyCommand.SIGN_IN_OR_SANDBOX)
CHOOSE_REGION = Remedy("Choose a region, or try the sandbox", RemedyCommand.REGION)

# AWS's own codes that mean the same, under one name of ours.
_SAME = {
    "ExpiredToken": ("ExpiredToken", "ExpiredTokenException", "RequestExpired", "TokenRefreshRequired"),
    "InvalidCredentials": (
        "InvalidClientTokenId",
        "UnrecognizedClientException",
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "InvalidSignatureException",
        "AuthFailure",
        "InvalidToken",
    ),
    "AccessDenied": ("AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AllAccessDisabled", "403"),
    "Throttled": (
        "Throttling",
        "ThrottlingException",
        "ThrottledException",
        "TooManyRequestsException",
        "RequestLimitExceeded",
        "SlowDown",
        "503",
    ),
    "NotFound": ("NoSuchKey", "404", "ResourceNotFound", "ResourceNotFoundException", "NoSuchEntity"),
}
_OURS = {theirs: ours for ours, group in _SAME.items() for theirs in group}
_RETRYABLE = frozenset({"Throttled", "InternalFailure", "InternalError", "ServiceUnavailable", "500", "502", "504"})
_REMEDIES = {
    "ExpiredToken": SIGN_IN,
    "InvalidCredentials": SIGN_IN,
    "Throttled": "Wait a little and try again.",
    "NoSuchBucket": Remedy("Check its name", RemedyCommand.PLACES),
}

_UNTOLD = {"AccessDenied": "Ask for the permission, or name the thing by hand."}
"""Remedies where the text says no more than its code."""


@contextmanager
def asking(what: str) -> Iterator[None]:
    """Turn what boto3 raises inside into a Problem; `what` completes "could not ...".

    Raises:
        Problem: for every error of botocore and boto3. Others pass through.
    """
    try:
        yield
    except Problem:
        raise
    except Exception as error:
        problem = translate(error, what)
        if problem is None:
            raise
        raise problem from error


def translate(error: BaseException, what: str) -> Problem | None:
    """The Problem for an exception; None when it is not one of botocore's."""
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    if isinstance(error, ClientError):
        return _refusal(error.response, what)
    if isinstance(error, BotoCoreError):
        return _no_answer(error, what)
    if isinstance(error, ValueError) and "endpoint" in str(error).lower():
        message = f"could not {what}: {_line(str(error))}."
        return Problem("BadEndpoint", message, "Check AWS_ENDPOINT_URL.", kind=ProblemKind.USAGE)
    if isinstance(error, Boto3Error):  # S3UploadFailedError and others wrap the cause in their text
        cause = error.__cause__ or error.__context__
        inner = translate(cause, what) if isinstance(cause, (ClientError, BotoCoreError)) else None
        return inner or Problem("TransferFailed", f"could not {what}: {_line(str(error))}", retryable=True)
    return None


def code_of(response: dict[str, Any]) -> str:
    """Our name of the error in a response; `Unknown` when there is none."""
    theirs = str(response.get("Error", {}).get("Code", "Unknown"))
    status = str(response.get("ResponseMetadata", {}).get("HTTPStatusCode", ""))
    code = _OURS.get(theirs, theirs)
    return _OURS.get(status, "Unknown") if code == "Unknown" and status else code


def _refusal(response: dict[str, Any], what: str) -> Problem:
    error = response.get("Error", {})
    theirs = str(error.get("Code", "Unknown"))
    code = code_of(response)
    message = _line(str(error.get("Message") or "")) or theirs
    known = diagnose(f"{theirs}: {message}")
    # What the text itself tells (an action that is missing, an explicit deny) is more than what its code tells.
    remedy = _REMEDIES.get(code) or (known.remedy if known else "") or _UNTOLD.get(code, "")
    fixes = known.fixes if known else ()
    return Problem(code, f"could not {what}: {message}", remedy, retryable=code in _RETRYABLE, fixes=fixes)


def _no_answer(error: Exception, what: str) -> Problem:
    from botocore import exceptions as e

    # Subclasses stand before their bases.
    table: tuple[tuple[Any, str, str, str, bool], ...] = (
        (e.NoCredentialsError, "NoCredentials", "there are no AWS credentials", SIGN_IN, False),
        (e.PartialCredentialsError, "NoCredentials", "the AWS credentials are incomplete", SIGN_IN, False),
        (e.CredentialRetrievalError, "ExpiredToken", "the AWS credentials could not be renewed", SIGN_IN, False),
        (e.SSOError, "ExpiredToken", "the SSO session has expired", SIGN_IN, False),
        (e.TokenRetrievalError, "ExpiredToken", "the SSO session has expired", SIGN_IN, False),
        (e.ProfileNotFound, "UnknownProfile", "", "See the profiles: aws configure list-profiles", False),
        (e.NoRegionError, "NoRegion", "no AWS region is chosen", CHOOSE_REGION, False),
        (e.InvalidRegionError, "NoRegion", "", "Use --region with a region's name, like us-west-2.", False),
        (e.ConnectTimeoutError, "Timeout", "AWS did not answer in time", "Check the network.", True),
        (e.ReadTimeoutError, "Timeout", "AWS did not answer in time", "Check the network, or try again.", True),
        (e.ConnectionError, "NoConnection", "", "Check the network, the region and any proxy.", True),
        (e.HTTPClientError, "NoConnection", "", "Check the network, the region and any proxy.", True),
        (e.ParamValidationError, "BadRequest", "", _of_text(error), False),
    )
    for kind, code, message, remedy, retryable in table:
        if isinstance(error, kind):
            usage = code in ("UnknownProfile", "NoRegion", "BadRequest")
            text = f"could not {what}: {message or _line(str(error))}"
            kind_of = ProblemKind.USAGE if usage else ProblemKind.REFUSED
            return Problem(code, _sentence(text), remedy, kind=kind_of, retryable=retryable)
    return Problem(type(error).__name__, _sentence(f"could not {what}: {_line(str(error))}"))


def _of_text(error: Exception) -> str:
    """The remedy that the failure doctor knows for an error's text, if it knows one."""
    known = diagnose(str(error))
    return known.remedy if known else ""


def _line(text: str) -> str:
    return redact(clean(text)).strip()


def _sentence(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
