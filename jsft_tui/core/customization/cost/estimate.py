"""Estimate the cost of a serverless customization."""

from __future__ import annotations

from dataclasses import dataclass

from jsft_tui.core.common.text import dollars
from jsft_tui.core.customization.cost.price import SkuPrice

HOUR = 3600


@dataclass(frozen=True)
class CostEstimate:
    """An estimate with its reasoning.

    Attributes:
        usd: the amount; None where it is unknown.
        reasoning: how it was made, or why it is unknown.
        is_bound: whether the job cannot cost more.
    """

    usd: float | None
    reasoning: str
    is_bound: bool = False

    @property
    def amount(self) -> str:
        """Return the amount in words: `about $0.02`, `at most $40.00`, `less than $0.0001`, `unknown`."""
        text = dollars(self.usd)
        if self.usd is None:
            return text
        if text.startswith("<"):
            return f"less than {text[1:]}"
        return f"{'at most' if self.is_bound else 'about'} {text}"


def estimate(price: SkuPrice | None, tokens: int | None, epochs: float | None, max_seconds: int) -> CostEstimate:
    """Estimate the cost.

    Args:
        price: of the recipe's usage type; None where the price list has none.
        tokens: tokens of one epoch; None where they could not be counted.
        epochs: passes over the data.
        max_seconds: time limit of the job.
    """
    if price is None:
        return CostEstimate(None, "the price list has no price of this customization")
    if (hourly := price.usd_per_hour) is not None:
        hours = max_seconds / HOUR
        reasoning = f"{dollars(hourly)} an hour, at most {hours:g} h ({price.source}); how long it takes is not known"
        return CostEstimate(hourly * hours, reasoning, is_bound=True)
    each = price.usd_per_token
    if each is None:
        return CostEstimate(None, f"the price list counts in {price.unit!r}, which is neither tokens nor hours")
    if tokens is None or epochs is None:
        return CostEstimate(None, f"{dollars(each * 10**6)} per million tokens, but they could not be counted")
    reasoning = (
        f"about {tokens:,} tokens (4 characters each) x {epochs:g} epochs x {dollars(each * 10**6)} per million "
        f"({price.source})"
    )
    return CostEstimate(tokens * epochs * each, reasoning)
