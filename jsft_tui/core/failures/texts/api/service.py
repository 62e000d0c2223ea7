"""List the texts about AWS itself: throttling and internal errors."""

from __future__ import annotations

from jsft_tui.core.failures.diagnosis import known
from jsft_tui.core.failures.origin import Origin

_ORIGINS = frozenset({Origin.API, Origin.SERVICE, Origin.UNKNOWN})

PATTERNS = (
    known(
        r"Throttling(?:Exception)?\b|Rate exceeded|TooManyRequests|SlowDown|"
        r"reduce your request rate|RequestLimitExceeded",
        "Throttled",
        "AWS is throttling requests.",
        "Wait a little and try again.",
        origins=_ORIGINS | {Origin.DOWNLOAD, Origin.UPLOAD},
    ),
    known(
        r"InternalServer(?:Error|Exception)|InternalFailure|ServiceUnavailable|We encountered an internal error",
        "InternalError",
        "SageMaker had an internal error.",
        "Launch the job again.",
        origins=_ORIGINS,
        is_general=True,
    ),
)
