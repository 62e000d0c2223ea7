"""What can be had in the region: prices, and quotas as far as they may be seen."""

from __future__ import annotations

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.sizing.suggest import Market
from jsft_tui.services.preflight.prices import Prices
from jsft_tui.services.preflight.quotas import QuotaBook, quota_name


class MarketFinder:
    """Finds prices and quotas for the instance types of a model."""

    def __init__(self, prices: Prices, quotas: QuotaBook) -> None:
        """Find with the prices of a region and the quotas of an account."""
        self._prices, self._quotas = prices, quotas

    def applied(self, spec: ModelSpec) -> Market:
        """Return prices, and the quotas of a model's types, whatever runs."""
        try:
            free = self._quotas.applied_for(spec.instance_types)
        except Problem:
            free = {}  # not allowed to see quotas: any type may have some
        return Market(self._prices.table(), free)

    def left(self, spec: ModelSpec, *, spot: bool) -> Market:
        """Return prices, and what running jobs leave of the quotas of a model's types."""
        try:
            applied = self._quotas.applied()
        except Problem:
            return Market(self._prices.table())  # not allowed to see quotas: any type may have some
        limits = {
            name: applied[quota] for name in spec.instance_types if (quota := quota_name(name, spot=spot)) in applied
        }
        try:
            held = {name: self._quotas.in_use(name, spot=spot) for name in limits}
        except Problem:
            held = {}  # not allowed to list jobs: the whole quota may be left
        return Market(self._prices.table(), {name: limit - held.get(name, 0) for name, limit in limits.items()}, held)
