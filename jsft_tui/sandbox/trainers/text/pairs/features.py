"""Compare two sentences: their embeddings, how these differ, and the n-grams that both have."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.optimizers import FloatArray, Gradient
from jsft_tui.sandbox.trainers.text.embedding import EMBEDDING_SIZE, Grams, embedded, embedding_gradient
from jsft_tui.sandbox.trainers.text.ngrams import HASH_BUCKETS

_NUMBERS = 4
FEATURES = 5 * EMBEDDING_SIZE + _NUMBERS
"""Both embeddings, their product and distance, that of the common n-grams, and four shares of common n-grams."""


@dataclass(frozen=True)
class PairGrams:
    """The n-grams of some pairs.

    Attributes:
        first, second: of each sentence.
        common: those that both sentences of a pair have.
        shares: how much of each sentence that is, shaped (pairs, 4): plain and weighted by rarity.
    """

    first: Grams
    second: Grams
    common: Grams
    shares: FloatArray

    @classmethod
    def of(cls, first: Grams, second: Grams, rarity: FloatArray) -> PairGrams:
        """Compare the n-grams of pairs.

        Args:
            first, second: the n-grams of each sentence.
            rarity: the weight of each n-gram (`rarity_of`).
        """
        common = [np.intersect1d(one, two, assume_unique=True) for one, two in zip(first, second, strict=True)]
        shares = np.zeros((len(first), _NUMBERS), np.float32)
        for row, both in enumerate(common):
            weight = rarity[both].sum()
            for place, own in enumerate((first[row], second[row])):
                shares[row, place] = len(both) / len(own)
                shares[row, 2 + place] = weight / max(float(rarity[own].sum()), 1e-6)
        return cls(first, second, common, shares)

    def select(self, rows: NDArray[np.intp]) -> PairGrams:
        """Return those of some pairs."""
        return PairGrams(
            [self.first[row] for row in rows],
            [self.second[row] for row in rows],
            [self.common[row] for row in rows],
            self.shares[rows],
        )


def rarity_of(texts: Grams) -> FloatArray:
    """Return the inverse document frequency of each n-gram in the texts."""
    seen = np.bincount(np.concatenate(texts), minlength=HASH_BUCKETS)
    return np.log((1 + len(texts)) / (1 + seen)).astype(np.float32)


def pair_features(embedding: FloatArray, pairs: PairGrams) -> FloatArray:
    """Return the features of pairs, shaped (pairs, FEATURES)."""
    first, second = embedded(embedding, pairs.first), embedded(embedding, pairs.second)
    common = embedded(embedding, pairs.common)
    return np.concatenate([first, second, first * second, np.abs(first - second), common, pairs.shares], axis=1)


def pair_gradient(embedding: FloatArray, pairs: PairGrams, by_features: FloatArray) -> Gradient:
    """Return the gradient of the embedding from that of the features."""
    first, second = embedded(embedding, pairs.first), embedded(embedding, pairs.second)
    by_first, by_second, by_product, by_distance, by_common = np.split(by_features[:, :-_NUMBERS], 5, axis=1)
    slope = by_distance * np.sign(first - second)
    by_vectors = np.concatenate(
        [by_first + by_product * second + slope, by_second + by_product * first - slope, by_common]
    )
    return embedding_gradient(by_vectors, [*pairs.first, *pairs.second, *pairs.common])
