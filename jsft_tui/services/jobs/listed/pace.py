"""How often a list of jobs asks: so many calls a minute, whatever there is to ask."""

from __future__ import annotations

from dataclasses import dataclass

CALLS_PER_MINUTE = 6
"""Calls per minute for a list on screen, once every visible job was described."""
SEARCHES_PER_MINUTE = 1
"""How many of them are for searches, which have lists of their own."""
CURVES_PER_MINUTE = 1
"""How many of them are for curves: CloudWatch has one value a minute, and each requested metric is billed."""
LIVELY = 5
"""The most running jobs that are polled every second in a local sandbox."""


@dataclass(frozen=True)
class Pace:
    """How often to poll.

    Attributes:
        period: seconds between two list calls.
        describes: how many jobs may be described again per minute.
        curves: seconds between two calls for the curves of the jobs on screen.
    """

    period: float
    describes: int
    curves: float = 60.0


def pace(running: int, *, is_shown: bool, is_local: bool) -> Pace | None:
    """Return the pace for a number of running jobs; None if nothing visible can change.

    Args:
        running: number of jobs and searches that are not final.
        is_shown: whether the list is on screen, or only the header.
        is_local: whether the service runs on this machine, where calls cost nothing.
    """
    if not running and not is_shown:
        return None
    if is_shown and is_local and 0 < running <= LIVELY:
        return Pace(1.0, 60, curves=2.0)
    period = 20.0 if is_local or (is_shown and running) else 60.0
    return Pace(period, CALLS_PER_MINUTE - round(60 / period) - CURVES_PER_MINUTE - SEARCHES_PER_MINUTE)
