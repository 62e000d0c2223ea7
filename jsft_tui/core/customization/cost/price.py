"""The price of a serverless customization: per token, or by the hour."""

from __future__ import annotations

import re
from dataclasses import dataclass

from jsft_tui.core.common.text import dollars

_PER = re.compile(
    r"(?P<number>[\d,.]+)?\s*(?P<scale>k|thousand|m|million|b|billion)?\s*(?P<what>tokens?|hours?|hrs?)", re.I
)
_SCALES = {"": 1, "k": 1_000, "thousand": 1_000, "m": 10**6, "million": 10**6, "b": 10**9, "billion": 10**9}


@dataclass(frozen=True)
class SkuPrice:
    """The price of a usage type.

    Attributes:
        usd: price of one unit.
        unit: the price list's own word for the unit.
        source: where it comes from, in words.
    """

    usd: float
    unit: str
    source: str = "price list"

    @property
    def usd_per_token(self) -> float | None:
        """Return the price of one token; None for a unit that is none."""
        return self._per("token")

    @property
    def usd_per_million_tokens(self) -> float | None:
        """Return the price of a million tokens; None for a unit that is none."""
        each = self.usd_per_token
        return None if each is None else each * 10**6

    @property
    def text(self) -> str:
        """Return it in words: `$2 per million tokens (price list)`."""
        million, hourly = self.usd_per_million_tokens, self.usd_per_hour
        if million is not None:
            return f"{_amount(million)} per million tokens ({self.source})"
        return f"{_amount(self.usd)} per {'hour' if hourly is not None else self.unit} ({self.source})"

    @property
    def usd_per_hour(self) -> float | None:
        """Return the price of one hour; None for a unit that is none."""
        return self._per("h")

    def _per(self, what: str) -> float | None:
        found = _PER.fullmatch(self.unit.strip())
        if found is None or not found["what"].lower().startswith(what):
            return None
        number = float((found["number"] or "1").replace(",", ""))
        return self.usd / (number * _SCALES[(found["scale"] or "").lower()]) if number else None


def _amount(usd: float) -> str:
    """Return an amount, cents only where there are some: `$2`, `$0.40`."""
    return f"${usd:,.0f}" if usd == int(usd) else dollars(usd)
