"""Prices, and the maximum cost of a run. Unknown is None, never zero."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from jsft_tui.core.common.text import dollars
from jsft_tui.core.run.run import InstanceChoice, Run

PRICE_LIST = "price list"
BUNDLED = "bundled table"


@dataclass(frozen=True)
class Price:
    """On-demand price of one instance.

    Attributes:
        usd_per_hour: USD for an hour of one instance.
        source: where it comes from, in words.
        as_of: date of the price list, `YYYY-MM-DD`; empty when it is not known.
    """

    usd_per_hour: float
    source: str
    as_of: str = ""

    @property
    def origin(self) -> str:
        """Source and date, for messages."""
        return f"{self.source} of {self.as_of}" if self.as_of else self.source


_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]


def price_date(prices: Iterable[Price]) -> str:
    """Return the newest date of prices as `1 Sep 2026`; empty if none has a date."""
    newest = max((price.as_of for price in prices), default="")
    parts = newest.split("-")
    if len(parts) != 3 or not all(part.isdecimal() for part in parts) or not 1 <= int(parts[1]) <= 12:
        return newest
    return f"{int(parts[2])} {_MONTHS[int(parts[1]) - 1]} {parts[0]}"


BUNDLED_AS_OF = "2026-09-01"
_BUNDLED_REGIONS = frozenset({"us-east-1", "us-east-2", "us-west-2"})

# USD per hour of ml.* training instances, on demand. Transcriptions of the Price List API for us-east-1 and
# us-west-2 between 2026-06 and 2026-09 (jumpstart-facts §4.2); a fallback when access to the price list is denied.
# Types without a trustworthy price are absent: their price is unknown.
_BUNDLED = {
    "ml.m5.large": 0.115,
    "ml.m5.xlarge": 0.23,
    "ml.m5.2xlarge": 0.461,
    "ml.m5.4xlarge": 0.922,
    "ml.c5.xlarge": 0.204,
    "ml.c5.2xlarge": 0.408,
    "ml.c5.4xlarge": 0.816,
    "ml.c5.9xlarge": 1.836,
    "ml.g4dn.xlarge": 0.7364,
    "ml.g4dn.2xlarge": 0.94,
    "ml.g4dn.4xlarge": 1.505,
    "ml.g4dn.8xlarge": 2.72,
    "ml.g4dn.12xlarge": 4.89,
    "ml.g5.xlarge": 1.408,
    "ml.g5.2xlarge": 1.515,
    "ml.g5.4xlarge": 2.03,
    "ml.g5.8xlarge": 3.06,
    "ml.g5.12xlarge": 7.09,
    "ml.g5.16xlarge": 5.12,
    "ml.g5.24xlarge": 10.18,
    "ml.g5.48xlarge": 20.36,
    "ml.g6.xlarge": 1.127,
    "ml.g6.2xlarge": 1.222,
    "ml.g6.4xlarge": 1.654,
    "ml.g6.8xlarge": 2.518,
    "ml.g6.12xlarge": 5.752,
    "ml.g6.24xlarge": 8.344,
    "ml.g6.48xlarge": 16.688,
    "ml.g6e.xlarge": 2.61,
    "ml.g6e.2xlarge": 2.80,
    "ml.g6e.4xlarge": 3.76,
    "ml.g6e.8xlarge": 5.66,
    "ml.g6e.12xlarge": 13.12,
    "ml.g6e.24xlarge": 18.83,
    "ml.g6e.48xlarge": 37.66,
    "ml.g7e.2xlarge": 4.2039,
    "ml.g7e.4xlarge": 4.9977,
    "ml.g7e.8xlarge": 6.5853,
    "ml.g7e.12xlarge": 10.3576,
    "ml.g7e.24xlarge": 20.7152,
    "ml.g7e.48xlarge": 41.4304,
    "ml.p4d.24xlarge": 25.251286,
    "ml.p5.48xlarge": 63.296,
}


def bundled_prices(region: str) -> dict[str, Price]:
    """Return the fallback table; empty for regions that it does not cover."""
    if region not in _BUNDLED_REGIONS:
        return {}
    return {name: Price(usd, BUNDLED, BUNDLED_AS_OF) for name, usd in _BUNDLED.items()}


def max_cost(instance: InstanceChoice, prices: Mapping[str, Price]) -> float | None:
    """Return the maximum cost in USD: price x maximum runtime x instances; None without a price.

    A spot job is bounded by the on-demand price too. Storage and data transfer come on top (cents).
    """
    price = prices.get(instance.type)
    return price.usd_per_hour * instance.max_runtime / 3600 * instance.count if price else None


def run_bound(run: Run, prices: Mapping[str, Price]) -> float | None:
    """Return the most that a run can cost, of a search with all its trials: jobs x longest run x price x instances.

    A search with a time limit of its own costs no more than its parallel instances for that time.
    """
    one = max_cost(run.instance, prices)
    if one is None or run.tuning is None:
        return one
    bound = one * run.tuning.jobs
    if run.tuning.max_runtime is not None:
        bound = min(bound, one * run.parallel_jobs * run.tuning.max_runtime / run.instance.max_runtime)
    return bound


SPOT_DISCOUNT = 0.9
"""The most that spot saves: "up to 90%" (developer guide, model-managed-spot-training)."""


@dataclass(frozen=True)
class CostRange:
    """USD that something can cost: at least and at most."""

    low: float
    high: float

    def __str__(self) -> str:
        """Format the range: `$42.54`, or `$4.25 to $42.54`."""
        return dollars(self.high) if self.low == self.high else f"{dollars(self.low)} to {dollars(self.high)}"


def cost_range(instance: InstanceChoice, prices: Mapping[str, Price]) -> CostRange | None:
    """Return the cost of a run that takes its maximum runtime; None when the price is unknown.

    On demand that is one amount. Spot is billed at its own price, which the price list does not have: from the
    largest documented discount to the on-demand price, which stays the bound.
    """
    bound = max_cost(instance, prices)
    if bound is None:
        return None
    return CostRange(bound * (1 - SPOT_DISCOUNT) if instance.spot else bound, bound)
