"""The orders that a list of endpoints can be sorted in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from jsft_tui.core.serving.documents import hourly
from jsft_tui.core.serving.endpoint import Endpoint
from jsft_tui.core.serving.traffic import DAY, Calls
from jsft_tui.core.sizing.pricing import Price


class EndpointOrder(Enum):
    """What endpoints are sorted by; `TIME` is that of the groups."""

    TIME = "time"
    NAME = "name"
    COST = "cost"
    CALLS = "calls"


def in_order(
    endpoints: Iterable[Endpoint],
    order: EndpointOrder,
    prices: Mapping[str, Price],
    calls: Mapping[str, Calls],
    now: float,
) -> list[Endpoint]:
    """Return endpoints sorted: the newest, the dearest, those with the fewest calls first; unknown values last."""
    match order:
        case EndpointOrder.NAME:
            return sorted(endpoints, key=lambda each: each.name)
        case EndpointOrder.COST:
            return sorted(endpoints, key=lambda each: _dearest_first(hourly(each, prices)))
        case EndpointOrder.CALLS:
            return sorted(endpoints, key=lambda each: _calls(calls.get(each.name), now))
        case _:
            return sorted(endpoints, key=lambda each: -each.created)


def _dearest_first(usd: float | None) -> float:
    return 1.0 if usd is None else -usd


def _calls(calls: Calls | None, now: float) -> tuple[bool, int]:
    return calls is None, calls.within(DAY, now) if calls is not None else 0
