"""Project texts on the directions in which they differ most: latent semantic analysis.

A randomized singular value decomposition (Halko, Martinsson and Tropp 2011, algorithms 4.4 and 5.1) of the matrix of
texts and n-grams, which is never built: only products with it are needed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.artifact import Artifact
from jsft_tui.sandbox.trainers.common.container import StopFlag
from jsft_tui.sandbox.trainers.common.optimizers import FloatArray
from jsft_tui.sandbox.trainers.text.embedding import Grams
from jsft_tui.sandbox.trainers.text.ngrams import HASH_BUCKETS

DIMENSIONS = 128
"""Largest dimension of an embedding; it is smaller if there are fewer texts."""
_OVERSAMPLING = 10
_POWER_ITERATIONS = 3
_SEED = 123


@dataclass(frozen=True)
class Projection:
    """The embedding of texts.

    Attributes:
        rarity: the inverse document frequency of each n-gram.
        directions: shaped (n-grams, dimensions).
        explained: the part of the texts' squared length that the directions keep, 0 to 1.
    """

    rarity: FloatArray
    directions: FloatArray
    explained: float = 0.0

    @classmethod
    def of(cls, texts: Grams, stop: StopFlag) -> Projection:
        """Find the directions of some texts.

        Raises:
            Stopped: SIGTERM arrived.
        """
        seen = np.bincount(np.concatenate(texts), minlength=HASH_BUCKETS)
        rarity = (np.log((1 + len(texts)) / (1 + seen)) + 1).astype(np.float32)
        matrix = _Matrix(texts, rarity)
        dimensions = min(DIMENSIONS, len(texts))
        rng = np.random.default_rng(_SEED)
        sketch = matrix.times(rng.normal(size=(HASH_BUCKETS, dimensions + _OVERSAMPLING)).astype(np.float32))
        for _ in range(_POWER_ITERATIONS):
            stop.check()
            basis, _ = np.linalg.qr(sketch)
            sketch = matrix.times(matrix.transposed_times(basis))
        basis, _ = np.linalg.qr(sketch)
        _, values, directions = np.linalg.svd(matrix.transposed_times(basis).T, full_matrices=False)
        explained = float((values[:dimensions] ** 2).sum() / len(texts))
        return cls(rarity, np.ascontiguousarray(directions[:dimensions].T), min(explained, 1.0))

    @classmethod
    def read(cls, model: Artifact) -> Projection:
        """Read the projection of a trained model.

        Raises:
            UserError: it is missing or damaged.
        """
        rarity = model.array("rarity", HASH_BUCKETS).astype(np.float32)
        return cls(rarity, model.array("directions", HASH_BUCKETS, -1).astype(np.float32))

    def arrays(self) -> dict[str, NDArray[Any]]:
        """Return the arrays of `model.npz`."""
        return {"rarity": self.rarity.astype(np.float16), "directions": self.directions.astype(np.float16)}

    def embed(self, texts: Grams) -> FloatArray:
        """Return vectors of length 1, shaped (texts, dimensions)."""
        vectors = _Matrix(texts, self.rarity).times(self.directions)
        vectors /= np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return vectors


class _Matrix:
    """The texts by n-grams: rarity where a text has the n-gram, each row of length 1."""

    def __init__(self, texts: Grams, rarity: FloatArray) -> None:
        self._texts = texts
        self._weights = [rarity[grams] / np.linalg.norm(rarity[grams]) for grams in texts]

    def times(self, other: FloatArray) -> FloatArray:
        """Return the product with a matrix of n-grams by columns."""
        rows = [weights @ other[grams] for grams, weights in zip(self._texts, self._weights, strict=True)]
        return np.stack(rows)

    def transposed_times(self, other: FloatArray) -> FloatArray:
        """Return the product of the transposed matrix with one of texts by columns."""
        product = np.zeros((HASH_BUCKETS, other.shape[1]), other.dtype)
        for row, (grams, weights) in enumerate(zip(self._texts, self._weights, strict=True)):
            product[grams] += weights[:, None] * other[row]
        return product
