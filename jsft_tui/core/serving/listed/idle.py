"""Which endpoints cost money though nobody calls them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from jsft_tui.core.serving.endpoint import Endpoint, EndpointStatus
from jsft_tui.core.serving.traffic import Calls


def idle_seconds(endpoint: Endpoint, calls: Calls | None, now: float) -> float | None:
    """Return for how long an endpoint in service is idle; None while it is not, or its calls are unknown.

    One without instances (serverless, or scaled to zero) is never idle: it costs nothing.
    """
    counts = endpoint.instances.values()
    has_none = endpoint.is_serverless or (counts and not any(counts))
    if calls is None or has_none or endpoint.status is not EndpointStatus.IN_SERVICE:
        return None
    return calls.quiet(endpoint.created, now) if calls.is_idle(endpoint.created, now) else None


def idle_endpoints(endpoints: Iterable[Endpoint], calls: Mapping[str, Calls], now: float) -> tuple[Endpoint, ...]:
    """Return the endpoints that are idle."""
    return tuple(each for each in endpoints if idle_seconds(each, calls.get(each.name), now) is not None)
