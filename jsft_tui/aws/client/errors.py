"""Translate every error of boto3 to one `Problem`: a stable code, one line, a remedy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from jsft_tui.aws.client.caller import Caller, caller_of_error, caller_of_response
from jsft_tui.aws.client.config_files import config_file_problem
from jsft_tui.aws.client.http.clock import clock_problem
from jsft_tui.aws.client.http.connection import problem_of_connection, proxy_problem, proxy_remedy
from jsft_tui.aws.client.http.deadline import TooSlow, too_slow_problem
from jsft_tui.aws.client.http.endpoint import bad_endpoint
from jsft_tui.aws.client.http.foreign import FOREIGN, PROXY_WANTS_SIGN_IN, NotFromAws, foreign_problem, unreadable
from jsft_tui.aws.client.remedies import CHOOSE_REGION, SIGN_IN
from jsft_tui.core.common.errors import SIGNED_OUT, Problem, ProblemKind
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.common.text import clean, redact, sentence
from jsft_tui.core.failures import diagnose

# AWS error codes of the same meaning, under one code of ours.
_SYNONYMS = {
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
_CODES = {theirs: ours for ours, group in _SYNONYMS.items() for theirs in group}
_RETRYABLE = frozenset(
    {
        "Throttled",
        "InternalFailure",
        "InternalError",
        "InternalServerError",
        "InternalServerException",
        "ServiceUnavailable",
        "500",
        "502",
        "504",
    }
)
_AGAIN = "Wait a little and try again."
_REMEDIES = {
    "ExpiredToken": SIGN_IN,
    "InvalidCredentials": SIGN_IN,
    "Throttled": _AGAIN,
    "NoSuchBucket": Remedy("Check its name", RemedyCommand.BUCKETS),
    "InvalidObjectState": "It is archived: restore it (aws s3api restore-object), and try again when that is done.",
}

_CORRECT_SETTINGS = "Correct the profile in ~/.aws/config, or the AWS_ variables."
_FALLBACK_REMEDIES = {"AccessDenied": "Request the permission, or enter the value yourself."}
"""Remedies for errors whose text says no more than the code."""


@contextmanager
def translate_errors(what: str) -> Iterator[None]:
    """Translate what boto3 raises inside; `what` completes "could not ...".

    Raises:
        Problem: for every error of botocore and boto3, and for what Python raises where an answer is not as it should
            be (inside are calls and the reading of their answers, nothing else). Others pass through.
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
    """Return the Problem for an exception; None if it is neither botocore's nor one of reading an answer."""
    from boto3.exceptions import Boto3Error
    from botocore.exceptions import BotoCoreError, ClientError

    if isinstance(error, Problem):
        return error
    if isinstance(error, TooSlow):
        return too_slow_problem(error, what)
    if isinstance(error, NotFromAws):
        return _foreign(error, what)
    if isinstance(error, ClientError):
        return _refusal(error.response, what)
    if isinstance(error, BotoCoreError):
        return _no_answer(error, what)
    if isinstance(error, ValueError) and any(word in str(error).lower() for word in ("endpoint", "ipv6 url")):
        return bad_endpoint(f"could not {what}: {_line(str(error))}")
    if isinstance(error, Boto3Error):  # S3UploadFailedError and others only quote the cause in their text
        cause = error.__cause__ or error.__context__
        inner = translate(cause, what) if isinstance(cause, (ClientError, BotoCoreError)) else None
        return inner or Problem("TransferFailed", f"could not {what}: {_line(str(error))}", retryable=True)
    return _unforeseen(error, what)


def _foreign(error: NotFromAws, what: str) -> Problem:
    problem = foreign_problem(what, str(error))
    if f"HTTP {PROXY_WANTS_SIGN_IN}" not in problem.message:
        return problem
    return Problem(FOREIGN, problem.message, proxy_remedy(), retryable=True)


def _unforeseen(error: BaseException, what: str) -> Problem | None:
    """Return the Problem for what the libraries below botocore raise; None for anything else."""
    from http.client import HTTPException
    from xml.etree.ElementTree import ParseError

    from botocore.parsers import ResponseParserError
    from urllib3.exceptions import HTTPError

    if isinstance(error, (HTTPException, HTTPError, ConnectionError, TimeoutError)):
        text = sentence(f"could not {what}: {_line(str(error)) or type(error).__name__}")
        return Problem("NoConnection", text, "Check the network, the region and any proxy.", retryable=True)
    reading = (ResponseParserError, ParseError, LookupError, TypeError, ValueError, AttributeError, RecursionError)
    return unreadable(error, what) if isinstance(error, (*reading, OverflowError)) else None


def code_of(response: dict[str, Any]) -> str:
    """Return our code of the error in a response; `Unknown` if there is none."""
    theirs = str(response.get("Error", {}).get("Code", "Unknown"))
    status = str(response.get("ResponseMetadata", {}).get("HTTPStatusCode", ""))
    code = _CODES.get(theirs, theirs)
    return _CODES.get(status, "Unknown") if code == "Unknown" and status else code


def _refusal(response: dict[str, Any], what: str) -> Problem:
    skewed = clock_problem(response, what, datetime.now(UTC))
    if skewed is not None:
        return skewed
    error = response.get("Error", {})
    theirs = str(error.get("Code", "Unknown"))
    code = code_of(response)
    message = _line(str(error.get("Message") or "")) or theirs
    if response.get("ResponseMetadata", {}).get("HTTPStatusCode") == PROXY_WANTS_SIGN_IN:
        return proxy_problem("the proxy wants a user and a password (HTTP 407)", what)
    caller = caller_of_response(response)
    if code == "InvalidCredentials" and caller is not None and caller.region_may_be_disabled:
        return _disabled_region(message, what, caller)
    # As botocore words it: an answer to a call of ours, never the words of a job.
    known = diagnose(f"An error occurred ({theirs}) when calling the operation: {message}")
    # The text can name more than the code does: the missing action, an explicit deny.
    own = caller.remedy if caller is not None and code in SIGNED_OUT else ""
    if known and known.code == "InternalError":  # of a call that may have launched nothing
        known = replace(known, remedy=_AGAIN)
    remedy = own or _REMEDIES.get(code) or (known.remedy if known else "") or _FALLBACK_REMEDIES.get(code, "")
    fixes = known.fixes if known else ()
    return Problem(code, sentence(f"could not {what}: {message}"), remedy, retryable=code in _RETRYABLE, fixes=fixes)


def _disabled_region(message: str, what: str, caller: Caller) -> Problem:
    region = caller.target.region
    why = f"AWS does not know these keys in {region}, which the account may not have enabled: {message}"
    remedy = f"Enable {region} in the account's settings, choose another region (--region), or sign in again."
    return Problem("RegionNotEnabled", f"could not {what}: {sentence(why)}", remedy)


def _no_answer(error: Exception, what: str) -> Problem:
    from botocore import exceptions as e

    page = getattr(error, "kwargs", {}).get("page")
    if page is not None:  # `PassingPage`
        return foreign_problem(what, str(page))
    if isinstance(error, e.ConfigParseError):
        return config_file_problem(str(error.kwargs.get("path", "")), error.kwargs.get("error"))
    timed_out = isinstance(error, (e.ConnectTimeoutError, e.ReadTimeoutError))
    if isinstance(error, (e.ConnectionError, e.HTTPClientError)) and not timed_out:
        return problem_of_connection(error, what)
    # Subclasses come before their bases.
    table: tuple[tuple[Any, str, str, str, bool], ...] = (
        (e.NoCredentialsError, "NoCredentials", "no AWS credentials found", SIGN_IN, False),
        (e.PartialCredentialsError, "NoCredentials", "the AWS credentials are incomplete", SIGN_IN, False),
        (e.CredentialRetrievalError, "ExpiredToken", "the AWS credentials could not be renewed", SIGN_IN, False),
        (e.SSOError, "ExpiredToken", "the SSO session has expired", SIGN_IN, False),
        (e.TokenRetrievalError, "ExpiredToken", "the SSO session has expired", SIGN_IN, False),
        (e.ProfileNotFound, "UnknownProfile", "", "See the profiles: aws configure list-profiles", False),
        (e.NoRegionError, "NoRegion", "no AWS region is chosen", CHOOSE_REGION, False),
        (e.InvalidRegionError, "NoRegion", "", "Use --region with a region's name, like us-west-2.", False),
        (e.ConnectTimeoutError, "Timeout", "AWS did not answer in time", "Check the network.", True),
        (e.ReadTimeoutError, "Timeout", "AWS did not answer in time", "Check the network, or try again.", True),
        (e.InvalidConfigError, "SignInFailed", "", _CORRECT_SETTINGS, False),
        (e.ParamValidationError, "BadRequest", "", _remedy_for(error), False),
    )
    for kind, code, message, remedy, retryable in table:
        if isinstance(error, kind):
            caller = caller_of_error(error)
            if caller is not None and remedy is SIGN_IN:
                remedy = caller.remedy or remedy
                if isinstance(error, e.NoCredentialsError) and caller.target.owner:
                    message = f"the profile {caller.target.owner} has no credentials"
            usage = code in ("UnknownProfile", "NoRegion", "BadRequest")
            text = f"could not {what}: {message or _line(str(error))}"
            kind_of = ProblemKind.USAGE if usage else ProblemKind.REFUSED
            return Problem(code, sentence(text), remedy, kind=kind_of, retryable=retryable)
    name = type(error).__name__
    remedy = _CORRECT_SETTINGS if name.startswith("Invalid") else ""  # of a setting, as botocore names them
    return Problem(name, sentence(f"could not {what}: {_line(str(error))}"), remedy)


def _remedy_for(error: Exception) -> str:
    """Return the remedy for an error's text, or an empty text."""
    known = diagnose(str(error))
    return known.remedy if known else ""


def _line(text: str) -> str:
    return redact(clean(text)).strip()
