"""Find the diagnosis of a failure text: a FailureReason, or the message of an API error."""

from __future__ import annotations

import re
from dataclasses import replace

from jsft_tui.core.common.remedy import filled
from jsft_tui.core.common.text import clean, fit
from jsft_tui.core.failures.diagnosis import Diagnosis, FailurePattern
from jsft_tui.core.failures.origin import origin_of
from jsft_tui.core.failures.texts.agent import data, image, network, output, role
from jsft_tui.core.failures.texts.api import access, client, endpoint, instance_type, job, model, quota, service
from jsft_tui.core.failures.texts.script import (
    connection,
    customization,
    gpu,
    instance,
    parameters,
    process,
    reading,
    script,
)

_LONGEST_QUOTE = 200
"""Characters of a value that a diagnosis quotes from the text."""

_LONGEST_TEXT = 4096
"""Characters that are searched; a FailureReason has at most 1,024 (DescribeTrainingJob)."""

# The first match wins. A text may match several sources (the upload of an artifact can run out of memory), so those
# that name the circumstances come before those that name only the symptom.
_SOURCES = (
    model,
    quota,
    customization,
    endpoint,
    role,
    access,
    data,
    image,
    instance_type,
    output,
    network,
    instance,
    gpu,
    parameters,
    reading,
    connection,
    process,
    job,
    client,
    service,
    script,
)

_ALL = tuple(pattern for source in _SOURCES for pattern in source.PATTERNS)

PATTERNS: tuple[FailurePattern, ...] = tuple(sorted(_ALL, key=lambda pattern: pattern.is_general))
"""All patterns in the order in which they are tried."""


def diagnose(text: str) -> Diagnosis | None:
    """Return the diagnosis of a failure text, or None when the text is unknown.

    Only the patterns of the text's origin are tried, so that the words of a script are never taken for those of AWS.
    """
    text = text[:_LONGEST_TEXT]
    origin = origin_of(text)
    for candidate in PATTERNS:
        if origin in candidate.origins and (match := candidate.pattern.search(text)):
            return _with_values(candidate.diagnosis, match)
    return None


def _with_values(diagnosis: Diagnosis, match: re.Match[str]) -> Diagnosis:
    """Fill the values that the failure text names into the diagnosis."""
    found = {name: fit(clean(value or "?"), _LONGEST_QUOTE) for name, value in match.groupdict().items()}

    def fill(text: str) -> str:
        return text.format(**found)

    return replace(diagnosis, cause=fill(diagnosis.cause), remedy=filled(diagnosis.remedy, fill))
