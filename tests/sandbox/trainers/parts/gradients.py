"""Compare a gradient with the slope of a function."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

STEP = 1e-5


def assert_slope(
    function: Callable[[], float], values: NDArray[Any], gradient: NDArray[Any], places: int = 12, seed: int = 0
) -> None:
    """Change some numbers of an array in place, and compare what the function does with the gradient."""
    rng = np.random.default_rng(seed)
    chosen = rng.choice(values.size, min(places, values.size), replace=False)
    for place in zip(*np.unravel_index(chosen, values.shape), strict=True):
        kept = values[place]
        values[place] = kept + STEP
        above = function()
        values[place] = kept - STEP
        slope = (above - function()) / (2 * STEP)
        values[place] = kept
        assert gradient[place] == pytest.approx(slope, abs=2e-6, rel=1e-4), place
