"""What is remembered of endpoints between two starts, and the line that warns of them. Times are epoch seconds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jsft_tui.core.common.text import dollars
from jsft_tui.core.serving.traffic import DAY, IDLE_AFTER


@dataclass(frozen=True)
class KnownEndpoint:
    """An endpoint as it was when somebody last looked.

    Attributes:
        usd_per_hour: of its instances; None: not known.
        expires: when it was to be deleted; None: no lifetime.
        quiet_since: since when nobody has called it; None: not known.
        has_schedule: whether a schedule of the account deletes it then.
        added: when it was remembered without a look at the list; a list that was asked for before does not have it.
    """

    name: str
    usd_per_hour: float | None = None
    expires: float | None = None
    quiet_since: float | None = None
    has_schedule: bool = False
    added: float = 0.0


def warning(endpoints: Sequence[KnownEndpoint], now: float) -> str:
    """Return one line about endpoints that were there: number, cost, idle ones, those past their lifetime.

    `2 endpoints, $4.10/h, one idle for 3 days; 1 past its lifetime: jsft endpoints --expired --delete`. An endpoint
    whose schedule must have deleted it meanwhile is not counted. Empty: there is none.
    """
    left = [each for each in endpoints if not (each.has_schedule and is_expired(each, now))]
    if not left:
        return ""
    prices = [each.usd_per_hour for each in left]
    known = [price for price in prices if price is not None]
    cost = f"{dollars(sum(known))}/h" + (" and more" if len(known) < len(prices) else "") if known else "cost unknown"
    said = [f"{len(left)} endpoint{'s' if len(left) > 1 else ''}", cost, *_idle(left, now)]
    expired = sum(is_expired(each, now) for each in left)
    late = f"; {expired} past {'its' if expired == 1 else 'their'} lifetime: jsft endpoints --expired --delete"
    return ", ".join(said) + (late if expired else "")


def is_expired(endpoint: KnownEndpoint, now: float) -> bool:
    """Return whether its time is over."""
    return endpoint.expires is not None and endpoint.expires <= now


def _idle(endpoints: Sequence[KnownEndpoint], now: float) -> list[str]:
    quiet = [now - each.quiet_since for each in endpoints if each.quiet_since is not None]
    idle = [seconds for seconds in quiet if seconds >= IDLE_AFTER]
    if not idle:
        return []
    count = "one" if len(idle) == 1 else str(len(idle))
    days = int(max(idle) // DAY)
    return [f"{count} idle for {'up to ' if len(idle) > 1 else ''}{days} {'day' if days == 1 else 'days'}"]
