"""Tell where a failure text comes from: what it says means something only once its speaker is known."""

from __future__ import annotations

import re
from enum import Enum


class Origin(Enum):
    """The part of a job, or the API, that wrote a failure text."""

    API = "api"
    """The answer to an API call of this program."""
    DOWNLOAD = "download"
    """SageMaker's agent on the instance, reading the data or the weights as the execution role."""
    UPLOAD = "upload"
    """SageMaker's agent on the instance, writing the artifact as the execution role."""
    IMAGE = "image"
    """SageMaker's agent on the instance, pulling the training image as the execution role."""
    SCRIPT = "script"
    """The training script and its libraries."""
    SERVICE = "service"
    """SageMaker itself."""
    MODEL = "model"
    """The container of an endpoint, answering a request: InvokeEndpoint quotes it."""
    UNKNOWN = "unknown"
    """Nothing in the text tells; a line of a log, a status message."""


EVERYWHERE = frozenset(Origin) - {Origin.MODEL}
"""Wherever a job is spoken of."""
ON_THE_INSTANCE = EVERYWHERE - {Origin.API, Origin.SERVICE}

_MARKS = {
    Origin.MODEL: r"(?:An error occurred \()?\bModelError\b|Received (?:client|server) error \(\d+\) from",
    Origin.API: r"An error occurred \([\w.]+\) when calling the (?:\w+ )?operation|^\s*ValidationException\b|"
    r"^\s*(?:AccessDeniedException|ResourceLimitExceeded|ResourceInUse|ThrottlingException)\b",
    Origin.DOWNLOAD: r"Data download failed|Unable to (?:download|access (?:the )?S3)|"
    r"failed to download (?:data|the (?:data|object|model))",
    Origin.UPLOAD: r"Artifact upload failed|Unable to upload|failed to upload|"
    r"Checkpoint[^\n]{0,20} (?:upload|sync)\w* failed",
    Origin.IMAGE: r"CannotPullContainer|CannotStartContainer|"
    r"(?:fail(?:ed|ure)|unable|cannot|could not|error)[^.\n]{0,40}"
    r"\bpull(?:ing)?\b|training image[^\n]{0,200}(?:not found|does not exist|manifest|cannot|could not|failed)",
    Origin.SCRIPT: r"AlgorithmError|ExecuteUserScriptError|ErrorMessage \"|Traceback \(most recent call last\)|"
    r"framework error",
    Origin.SERVICE: r"(?:^|Reason:)\s*(?:InternalServerError|InternalFailure|ServiceUnavailable)\b",
}

_MARK = re.compile(
    "|".join(f"(?P<{origin.name}>{pattern})" for origin, pattern in _MARKS.items()), re.IGNORECASE | re.MULTILINE
)


def origin_of(text: str) -> Origin:
    """Return the origin of a failure text: the first mark decides, for what follows it is a quotation.

    A script that fails in a boto3 call of its own, for example, writes an API's words; the job's `AlgorithmError`
    stands before them.
    """
    match = _MARK.search(text)
    return Origin[match.lastgroup] if match and match.lastgroup else Origin.UNKNOWN
