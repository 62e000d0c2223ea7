"""Recognize a refusal that comes of this machine's clock, and by how much the clock is wrong."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from jsft_tui.core.common.errors import Problem

TOLERANCE = 4 * 60.0
"""Seconds. AWS refuses a request that differs by more than 5 minutes, S3 by more than 15 (AWS General Reference,
Signature Version 4, "Handling dates")."""
_CODES = frozenset({"RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture"})
# "Signature expired: 20261129T064813Z is now earlier than 20261129T144313Z (20261129T144813Z - 5 min.)"
_TEXT = re.compile(r"Signature (?:expired|not yet current): \w+ is (?:now earlier|still later) than", re.ASCII)
_SERVER_TIME = re.compile(r"\((\d{8}T\d{6}Z) [-+] \d+ min", re.ASCII)
_REMEDY = "Set the clock (timedatectl set-ntp true; in WSL after sleep: sudo hwclock -s), then try again."


def clock_problem(response: Mapping[str, Any], what: str, now: datetime) -> Problem | None:
    """Return the Problem of a refusal because of the clock; None for any other refusal.

    Args:
        response: the parsed answer, as botocore's ClientError holds it.
        what: completes "could not ...".
        now: this machine's time.
    """
    error = response.get("Error", {})
    text = str(error.get("Message") or "")
    is_said = error.get("Code") in _CODES or bool(_TEXT.search(text))
    # The answer to a HEAD request has no text at all.
    is_silent = str(error.get("Code")) == "403"
    if not is_said and not is_silent:
        return None
    known = list(_differences(response, text, now))
    wrong = [seconds for seconds in known if abs(seconds) > TOLERANCE]
    if is_silent and not wrong:
        return None
    if wrong:
        ahead = "ahead of" if wrong[0] > 0 else "behind"
        message = f"could not {what}: this machine's clock is {_rounded(abs(wrong[0]))} {ahead} AWS's."
        return Problem("ClockSkew", message, _REMEDY)
    why = "this machine's clock differs too much from AWS's, or it slept while the request was on its way"
    return Problem("ClockSkew", f"could not {what}: {why}.", _REMEDY)


def _differences(response: Mapping[str, Any], text: str, now: datetime) -> Iterator[float]:
    """Yield the seconds that this machine is ahead, by what the answer says of its own time; the surest first."""
    said = str(response.get("Error", {}).get("ServerTime") or "")  # in S3's RequestTimeTooSkewed
    found = _SERVER_TIME.search(text)
    headers = response.get("ResponseMetadata", {}).get("HTTPHeaders", {})
    times = (
        _parsed(said, "%Y-%m-%dT%H:%M:%SZ"),
        _parsed(found[1], "%Y%m%dT%H%M%SZ") if found else None,
        _header_time(str(headers.get("date") or "")),
    )
    return ((now - time).total_seconds() for time in times if time is not None)


def _parsed(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form).replace(tzinfo=UTC)
    except ValueError:
        return None


def _header_time(text: str) -> datetime | None:
    try:
        time = parsedate_to_datetime(text)
    except (ValueError, TypeError):
        return None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def _rounded(seconds: float) -> str:
    for size, unit in ((86_400, "days"), (3600, "h")):
        if seconds > 2.5 * size:
            return f"{round(seconds / size)} {unit}"
    return f"{round(seconds / 60)} min"
