"""What an endpoint costs while it exists. Unknown is None, never zero."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jsft_tui.core.sizing.pricing import Price

HOURS_PER_MONTH = 730
"""The hours of a month in AWS's pricing examples (8,760 / 12)."""


@dataclass(frozen=True)
class EndpointCost:
    """The price of instances that run all the time.

    Attributes:
        price: of one instance; None: unknown.
        count: instances.
    """

    price: Price | None
    count: int

    @property
    def per_hour(self) -> float | None:
        """USD per hour, of all instances."""
        return None if self.price is None else self.price.usd_per_hour * self.count

    @property
    def per_month(self) -> float | None:
        """USD for a month of 730 hours."""
        return None if self.per_hour is None else self.per_hour * HOURS_PER_MONTH

    def over(self, seconds: float) -> float | None:
        """USD for a time."""
        return None if self.per_hour is None else self.per_hour * max(0.0, seconds) / 3600


def endpoint_cost(instance_type: str, count: int, prices: Mapping[str, Price]) -> EndpointCost:
    """Return the cost of an endpoint."""
    return EndpointCost(prices.get(instance_type), count)
