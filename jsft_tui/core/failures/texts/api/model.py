"""List the texts of an endpoint's container, as InvokeEndpoint quotes them (ModelError).

Sources: InvokeEndpoint, "Errors" (SageMaker API reference); aws/sagemaker-python-sdk issues 1119, 2025 and 3187.
"""

from __future__ import annotations

from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.failures.diagnosis import FailurePattern, known
from jsft_tui.core.failures.origin import Origin


def _model(pattern: str, code: str, cause: str, remedy: str, *, is_general: bool = False) -> FailurePattern:
    origins = frozenset({Origin.MODEL})
    return known(pattern, code, cause, remedy, origins=origins, is_general=is_general, unverified=True)


PATTERNS = (
    _model(
        r"invocation timed out|timed out while waiting|\(504\)|Worker (?:timed out|died)",
        "ModelTimeout",
        "The model did not answer within 60 seconds, or its process ended.",
        "Send less at once, or deploy on a larger type, or asynchronously: jsft deploy JOB --async.",
    ),
    _model(
        r"out of memory|OutOfMemory|MemoryError|CUBLAS_STATUS_ALLOC|No space left",
        "ModelMemory",
        "The model ran out of memory while it answered.",
        "Send less at once, or deploy on a larger type.",
    ),
    _model(
        r"\(4(?:06|15)\)|content[- ]?type|only supports?\b|Accept (?:header|type)|Unsupported Media",
        "ModelInput",
        "The model does not take this form of data.",
        "Send another: --content-type TYPE, for example text/csv or application/json.",
    ),
    _model(
        r"\(413\)|payload[^\n]{0,40}(?:large|size|limit)|too large",
        "ModelTooMuch",
        "The model does not take a request of this size.",
        "Send less at once.",
    ),
    _model(
        r"\(400\)|JSONDecodeError|Expecting value|invalid input|could not convert|KeyError|number of features",
        "ModelRefused",
        "The model cannot read this request.",
        "Send what it was trained on, in the same order; without an input, jsft try sends the model's own example.",
    ),
    _model(
        r"ModelError|Received (?:client|server) error",
        "ModelFailed",
        "The model's own code failed to answer.",
        Remedy("Read its log", RemedyCommand.SHELL, "jsft endpoint NAME --logs"),
        is_general=True,
    ),
)
