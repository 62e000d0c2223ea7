"""What a row of the list says of an endpoint, in as few characters as its columns have."""

from __future__ import annotations

from jsft_tui.core.common.text import dollars
from jsft_tui.core.serving.endpoint import Endpoint, EndpointStatus
from jsft_tui.core.serving.listed.idle import idle_seconds
from jsft_tui.core.serving.traffic import DAY, Calls

_MINUTE, _HOUR, _DAY = 60, 3_600, 86_400
CENTS_BELOW = 1.0
"""USD a month from which an amount has no cents."""

_STATES = {
    EndpointStatus.CREATING: "starting",
    EndpointStatus.UPDATING: "updating",
    EndpointStatus.SYSTEM_UPDATING: "updating",
    EndpointStatus.ROLLING_BACK: "rolls back",
    EndpointStatus.OUT_OF_SERVICE: "out",
    EndpointStatus.DELETING: "deleting",
    EndpointStatus.FAILED: "failed",
    EndpointStatus.UPDATE_ROLLBACK_FAILED: "failed",
}


def age_words(seconds: float) -> str:
    """Return an age in its largest unit: `4 min`, `3 h`, `6 d`; `now` below a minute."""
    if seconds < _MINUTE:
        return "now"
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} min"
    if seconds < _DAY:
        return f"{int(seconds // _HOUR)} h"
    return f"{int(seconds // _DAY)} d"


def long_words(seconds: float) -> str:
    """Return the same for a sentence: `2 days`, `1 hour`."""
    size, unit = next((pair for pair in ((_DAY, "day"), (_HOUR, "hour")) if seconds >= pair[0]), (_MINUTE, "minute"))
    count = max(1, int(seconds // size))
    return f"{count} {unit}{'' if count == 1 else 's'}"


def instances_words(endpoint: Endpoint) -> str:
    """Return what it runs on: `ml.g5.xlarge`, `2 × ml.g5.xlarge`, `serverless`; empty where that is unknown."""
    found = [f"{count} × {name}" if count != 1 else name for name, count in endpoint.instances.items()]
    if not found and endpoint.variants:
        return "serverless"
    return ", ".join(found)


def month_words(usd: float | None) -> str:
    """Return what a month costs, without cents."""
    if usd is None:
        return "?"
    return f"${usd:,.0f}" if usd >= CENTS_BELOW or usd == 0 else dollars(usd)


def state_words(endpoint: Endpoint) -> str:
    """Return the status of one that nobody can call: `starting`, `failed`; empty of one that is in service."""
    if endpoint.status is EndpointStatus.IN_SERVICE:
        return ""
    return _STATES.get(endpoint.status, str(endpoint.status.value).lower())


def calls_words(endpoint: Endpoint, calls: Calls | None, now: float) -> str:
    """Return the calls of 24 hours, or how long nobody called it, or why nobody can; empty while it is not known."""
    if state := state_words(endpoint):
        return state
    if calls is None:
        return ""
    idle = idle_seconds(endpoint, calls, now)
    return f"{calls.within(DAY, now):,}" if idle is None else f"0 for {age_words(idle)}"
