"""Prices of training and hosting instances: the price list, else the bundled table, else unknown; cached for a day."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path

from jsft_tui.aws.pricing import PriceList
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.sizing.pricing import Price, bundled_prices
from jsft_tui.paths import write_cache

MAX_AGE = 86_400
"""Seconds that a cached price list is valid."""


class Prices:
    """The prices of training in one region."""

    FILE = "prices.json"
    """Its name in the cache."""

    def __init__(self, price_list: PriceList, region: str, cache: Path) -> None:
        self._price_list = price_list
        self._region = region
        self._file = cache / self.FILE
        self.denied: Problem | None = None
        """Why the price list could not be read, when the cache or the bundled table is used instead."""
        self._refetch = False

    def table(self) -> Mapping[str, Price]:
        """Return the prices by instance type; types without a known price are absent."""
        cached = self._read()
        if cached is not None and not self._refetch:
            return cached
        try:
            live = self._fetch()
        except Problem as problem:
            self.denied = problem
            return cached or self._bundled()
        self._refetch = False
        if live:
            self._write(live)
        return live or self._bundled()

    def forget(self) -> None:
        """Fetch the price list again the next time; the cache stays as a fallback."""
        self.denied = None
        self._refetch = True

    def _fetch(self) -> dict[str, Price]:
        return self._price_list.training_prices(self._region)

    def _bundled(self) -> Mapping[str, Price]:
        return bundled_prices(self._region)

    def _read(self) -> dict[str, Price] | None:
        try:
            data = json.loads(self._file.read_bytes())
            if time.time() - data["saved"] > MAX_AGE:
                return None
            return {name: Price(**price) for name, price in data["prices"].items()}
        except (OSError, ValueError, KeyError, TypeError):
            return None  # treat an unreadable cache as empty

    def _write(self, prices: Mapping[str, Price]) -> None:
        data = {"saved": time.time(), "prices": {name: asdict(price) for name, price in prices.items()}}
        write_cache(self._file, json.dumps(data).encode())


class HostingPrices(Prices):
    """The prices of endpoints in one region."""

    FILE = "hosting-prices.json"

    def _fetch(self) -> dict[str, Price]:
        return self._price_list.hosting_prices(self._region)

    def _bundled(self) -> Mapping[str, Price]:
        # Most types cost the same for training and hosting; the source says what the number is.
        table = bundled_prices(self._region)
        return {name: replace(price, source=f"{price.source} of training") for name, price in table.items()}
