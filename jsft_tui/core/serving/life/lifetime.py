"""How long an endpoint may live: a tag on it, which every jsft of the account reads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

JOB_TAG = "jsft:training-job"
"""The training job whose model is deployed; it marks what jsft made."""

EXPIRES_TAG = "jsft:delete-after"
"""When the endpoint is to be deleted, as `2026-11-29T14:05:00Z`."""

SCHEDULE_TAG = "jsft:schedule"
"""The schedule that deletes the endpoint then; without it only jsft does."""

_FORMAT = "%Y-%m-%dT%H:%M:%SZ"


def lifetime_tags(job: str, lifetime_seconds: int | None, now: float, schedule: str = "") -> dict[str, str]:
    """Return the tags of an endpoint for a job's model.

    Args:
        job: the training job.
        lifetime_seconds: None: no end.
        now: epoch seconds, from which it counts.
        schedule: the name of the schedule that keeps it; empty: none does.
    """
    tags = {JOB_TAG: job}
    if lifetime_seconds is not None:
        tags[EXPIRES_TAG] = datetime.fromtimestamp(now + lifetime_seconds, UTC).strftime(_FORMAT)
        if schedule:
            tags[SCHEDULE_TAG] = schedule
    return tags


def expiry(tags: Mapping[str, str]) -> float | None:
    """Return when an endpoint is to be deleted, in epoch seconds; None where its tags do not say, or say no time."""
    try:
        return datetime.strptime(tags.get(EXPIRES_TAG, ""), _FORMAT).replace(tzinfo=UTC).timestamp()
    except ValueError:
        return None
