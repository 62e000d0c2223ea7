"""What endpoints cost together."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jsft_tui.core.jobs.cost import Spending
from jsft_tui.core.serving.cost import HOURS_PER_MONTH
from jsft_tui.core.serving.documents import hourly
from jsft_tui.core.serving.endpoint import Endpoint
from jsft_tui.core.sizing.pricing import Price


@dataclass(frozen=True)
class EndpointSpending:
    """The cost of the endpoints that run.

    Attributes:
        endpoints: how many run.
        usd_per_hour: USD, of those with a known price.
        unpriced: how many have none.
    """

    endpoints: int = 0
    usd_per_hour: float = 0.0
    unpriced: int = 0

    @property
    def usd_per_month(self) -> float:
        """USD for a month of 730 hours."""
        return self.usd_per_hour * HOURS_PER_MONTH

    @property
    def usd_per_day(self) -> float:
        """USD for 24 hours."""
        return self.usd_per_hour * 24

    @property
    def rate(self) -> str:
        """The cost of an hour in words: `$2.89/h`, `$2.89/h + 1 unknown`, `unknown/h`."""
        return Spending(self.endpoints, self.usd_per_hour, self.unpriced).rate


def endpoint_spending(endpoints: Iterable[Endpoint], prices: Mapping[str, Price]) -> EndpointSpending:
    """Return what the endpoints that run cost."""
    rates = [hourly(each, prices) for each in endpoints if each.status.is_billed]
    known = [rate for rate in rates if rate is not None]
    return EndpointSpending(len(rates), sum(known), len(rates) - len(known))


def together(jobs: Spending, endpoints: EndpointSpending) -> Spending:
    """Return what jobs and endpoints cost per hour together."""
    return Spending(
        jobs.jobs + endpoints.endpoints,
        jobs.usd_per_hour + endpoints.usd_per_hour,
        jobs.unpriced + endpoints.unpriced,
        jobs.spot,
        jobs.by_tokens,
    )
