"""Sort a table's numbers into bins, so that a tree finds its splits by counting."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.tabular.table import Table

MAX_BINS = 255
"""Maximum number of cuts per feature, as `max_bin` of XGBoost's `hist` method (256 bins)."""
GAP = 0
"""The bin of empty cells."""


@dataclass(frozen=True)
class Bins:
    """The bins of each feature.

    Attributes:
        cuts: for each feature, ascending; a number below cut k, and not below cut k-1, is in bin k+1.
    """

    cuts: tuple[NDArray[np.float64], ...]

    @classmethod
    def of(cls, table: Table) -> Bins:
        """Choose cuts between the distinct numbers of each feature (or their quantiles), and one above all."""
        return cls(tuple(_cuts(column) for column in table.T))

    @property
    def width(self) -> int:
        """The largest number of bins of a feature, with that of the gaps."""
        return max((len(cuts) for cuts in self.cuts), default=0) + 2

    def places(self, table: Table) -> NDArray[np.intp]:
        """Return the bin of each number, shaped like the table."""
        places = np.stack(
            [np.searchsorted(cuts, column, side="right") + 1 for cuts, column in zip(self.cuts, table.T, strict=True)],
            axis=1,
        )
        return np.where(np.isnan(table), GAP, places)


def _cuts(column: NDArray[np.float64]) -> NDArray[np.float64]:
    values = np.unique(column[~np.isnan(column)])
    if len(values) > MAX_BINS + 1:
        values = np.unique(np.quantile(values, np.linspace(0, 1, MAX_BINS + 1), method="nearest"))
    # The last cut is above all numbers, as XGBoost's: it separates the gaps from the rest.
    above = values[-1:] + np.abs(values[-1:]) + 1e-5
    return np.concatenate([(values[1:] + values[:-1]) / 2, above])
