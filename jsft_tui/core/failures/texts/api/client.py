"""List the texts about this computer: its AWS credentials and its SDK."""

from __future__ import annotations

from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.failures.diagnosis import known
from jsft_tui.core.failures.origin import Origin

_ORIGINS = frozenset({Origin.API, Origin.UNKNOWN})

PATTERNS = (
    known(
        r"RequestTimeTooSkewed|Signature (?:expired|not yet current)|RequestExpired|"
        r"difference between the request time",
        "Clock",
        "The clock of this computer is off, so AWS refuses its requests.",
        "Set the clock of this computer.",
        origins=_ORIGINS,
    ),
    known(
        r"(?:token|session|credentials)[^.\n]{0,60} expired|ExpiredToken|UnrecognizedClient|InvalidClientTokenId|"
        r"security token[^.\n]{0,60} invalid|SignatureDoesNotMatch|InvalidSignature|IncompleteSignature|AuthFailure|"
        r"MissingAuthenticationToken|Unable to locate credentials|NoCredentials",
        "Credentials",
        "The AWS credentials are missing, expired or invalid.",
        Remedy("Sign in again", RemedyCommand.SIGN_IN),
        origins=_ORIGINS,
        unverified=True,
    ),
    known(
        r"UnknownParameterInStructure|Unknown parameter in",
        "OldClient",
        "The installed boto3 is too old for this request.",
        "Upgrade it: pip install --upgrade boto3.",
        origins=_ORIGINS,
        unverified=True,
    ),
    known(
        r"Parameter validation failed|ParamValidationError",
        "BadRequest",
        "The request holds a value that the AWS SDK does not accept.",
        "Correct it in the run; the member is in the message.",
        origins=_ORIGINS,
    ),
)
