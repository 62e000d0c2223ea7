"""Choose the next values to try: at random, from a grid, or by a Gaussian process of our own.

AWS does not publish its implementations. `Bayesian` here is the textbook method: a Gaussian process over the trials
so far, and the point with the largest expected improvement. `Hyperband` draws at random, and stops trials early
(`stopping.py`).
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jsft_tui.sandbox.tuning.space import Point, Space

if TYPE_CHECKING:
    import numpy as np
    from numpy.random import Generator
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

CANDIDATES = 1024
"""Points at which the expected improvement is computed."""
LENGTHS = (0.1, 0.2, 0.4, 0.8)
"""Length scales that are tried for the Gaussian process."""
NOISES = (1e-4, 1e-2, 1e-1)
"""Variances of the noise that are tried, as a share of the spread of the values."""
LEAST_FIRST, MOST_FIRST = 3, 6
"""Trials that are spread evenly before the first one that is chosen."""


@dataclass(frozen=True)
class Seen:
    """A trial with its value, the lower the better."""

    point: Point
    loss: float


def next_values(
    strategy: str, space: Space, number: int, seed: int, seen: Sequence[Seen], running: Sequence[Point]
) -> dict[str, str]:
    """Return the hyperparameters of the next trial.

    Args:
        strategy: as the API names it.
        space: what is searched.
        number: the trial's number, from 0.
        seed: of the search; the same trials in the same order give the same next one.
        seen: trials with a value.
        running: the points of the trials that have none yet.
    """
    if strategy == "Grid":
        return space.grid()[number]
    import numpy as np

    random = np.random.default_rng([seed, number])
    if strategy != "Bayesian":
        return space.values(random.random(len(space.parameters)).tolist())
    first = min(MOST_FIRST, max(LEAST_FIRST, len(space.parameters) + 1))
    if len(seen) < 2 or number < first:
        return space.values(_spread(number, len(space.parameters), seed))
    return space.values(_most_promising(space, seen, running, random))


def _spread(number: int, dimensions: int, seed: int) -> Point:
    """Return the next point of a sequence that fills the space evenly (additive recurrence of the golden ratio)."""
    ratio = 2.0
    for _ in range(40):
        ratio = (1 + ratio) ** (1 / (dimensions + 1))
    start = (seed % 997) / 997
    return tuple((start + (number + 1) / ratio ** (dimension + 1)) % 1.0 for dimension in range(dimensions))


def _most_promising(space: Space, seen: Sequence[Seen], running: Sequence[Point], random: Generator) -> Point:
    """Return the point with the largest expected improvement; running trials count as average ones."""
    import numpy as np

    losses = np.array([each.loss for each in seen])
    spread = float(losses.std()) or 1.0
    scaled = np.concatenate([(losses - losses.mean()) / spread, np.zeros(len(running))])
    known = np.array([space.features(point) for point in (*(each.point for each in seen), *running)])
    points = random.random((CANDIDATES, len(space.parameters)))
    best = seen[int(losses.argmin())].point
    near = np.clip(np.array(best) + random.normal(0, 0.08, (CANDIDATES // 4, len(best))), 0, 1)
    points = np.concatenate([points, near])
    candidates = np.array([space.features(point) for point in points.tolist()])
    mean, deviation = _predict(known, scaled, candidates)
    gain = _expected_improvement(mean, deviation, float(scaled.min()))
    return tuple(points[int(gain.argmax())].tolist())


def _predict(known: Numbers, values: Numbers, candidates: Numbers) -> tuple[Numbers, Numbers]:
    """Return mean and standard deviation of the Gaussian process that explains the values best."""
    import numpy as np

    best: tuple[float, float, Any, Any] | None = None
    for length in LENGTHS:
        covariance = _kernel(known, known, length)
        for noise in NOISES:
            lower = np.linalg.cholesky(covariance + (noise + 1e-8) * np.eye(len(known)))
            weights = np.linalg.solve(lower.T, np.linalg.solve(lower, values))
            likelihood = float(-0.5 * values @ weights - np.log(np.diag(lower)).sum())
            if best is None or likelihood > best[0]:
                best = likelihood, length, lower, weights
    assert best is not None
    _, length, lower, weights = best
    across = _kernel(candidates, known, length)
    half = np.linalg.solve(lower, across.T)
    variance = np.clip(1.0 - (half**2).sum(axis=0), 1e-12, None)
    return across @ weights, np.sqrt(variance)


def _kernel(one: Numbers, other: Numbers, length: float) -> Numbers:
    """Return the Matern covariance (5/2) of two sets of points."""
    import numpy as np

    squares = ((one[:, None, :] - other[None, :, :]) ** 2).sum(axis=2)
    scaled = np.sqrt(5.0 * squares) / length
    covariance: Numbers = (1 + scaled + scaled**2 / 3) * np.exp(-scaled)
    return covariance


def _expected_improvement(mean: Numbers, deviation: Numbers, best: float) -> Numbers:
    import numpy as np

    score = (best - mean) / deviation
    below = np.array([0.5 * math.erfc(-each / math.sqrt(2)) for each in score.tolist()])
    density = np.exp(-0.5 * score**2) / math.sqrt(2 * math.pi)
    gain: Numbers = (best - mean) * below + deviation * density
    return gain
