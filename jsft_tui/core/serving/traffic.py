"""How often an endpoint was called, and since when nobody has. Times are epoch seconds."""

from __future__ import annotations

from dataclasses import dataclass

HOUR = 3600.0
DAY = 24 * HOUR
KNOWN_FOR = 14 * DAY
"""How far back calls are asked for."""
IDLE_AFTER = DAY
"""An endpoint that nobody has called for that long is idle."""


@dataclass(frozen=True)
class Calls:
    """The calls of an endpoint by the hour.

    Attributes:
        since: from when on they are known.
        hours: begin of an hour and the calls in it, the oldest first; hours without calls may be missing.
    """

    since: float
    hours: tuple[tuple[float, float], ...] = ()

    def within(self, seconds: float, now: float) -> int:
        """Return the calls of the last seconds, to the hour: one that has begun before counts as a whole."""
        return round(sum(count for hour, count in self.hours if hour + HOUR > now - seconds))

    def by_day(self, days: int, now: float) -> list[int]:
        """Return the calls of each of the last days of 24 hours, the oldest first."""
        counts = [0.0] * days
        for hour, count in self.hours:
            place = days - 1 - int((now - hour) // DAY)
            if 0 <= place < days:
                counts[place] += count
        return list(map(round, counts))

    def quiet(self, created: float, now: float) -> float:
        """Return the seconds since the last call, or since the endpoint's creation; at most as long as it is known."""
        last = max((hour + HOUR for hour, count in self.hours if count > 0), default=max(created, self.since))
        return max(0.0, now - last)

    def is_idle(self, created: float, now: float) -> bool:
        """Return whether nobody has called it for a day or more."""
        return self.quiet(created, now) >= IDLE_AFTER
