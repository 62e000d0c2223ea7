"""Embed texts as fastText does: the embeddings of their n-grams, summed up."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.artifact import Artifact
from jsft_tui.sandbox.trainers.common.container import StopFlag
from jsft_tui.sandbox.trainers.common.optimizers import FloatArray, Gradient
from jsft_tui.sandbox.trainers.text.ngrams import HASH_BUCKETS, ngrams

EMBEDDING_SIZE = 32
"""Dimension of an n-gram's embedding."""
_STOP_EVERY = 500

Grams = list[NDArray[np.intp]]
"""For each text the numbers of its n-grams."""


def new_embedding(rng: np.random.Generator) -> FloatArray:
    """Return a random embedding, one row for each hash bucket."""
    return rng.uniform(-1 / EMBEDDING_SIZE, 1 / EMBEDDING_SIZE, (HASH_BUCKETS, EMBEDDING_SIZE)).astype(np.float32)


def embedding_array(model: Artifact) -> FloatArray:
    """Return the embedding of a trained model.

    Raises:
        UserError: it is missing or has another shape.
    """
    return model.array("embedding", HASH_BUCKETS, EMBEDDING_SIZE).astype(np.float32)


def extract_ngrams(texts: Sequence[str], stop: StopFlag) -> Grams:
    """Return the n-grams of each text.

    Raises:
        Stopped: SIGTERM arrived.
    """
    grams: Grams = []
    for text in texts:
        if len(grams) % _STOP_EVERY == 0:
            stop.check()
        grams.append(ngrams(text))
    return grams


def embedded(embedding: FloatArray, texts: Grams) -> FloatArray:
    """Compute one vector per text: the sum of its n-grams' embeddings divided by the root of their number.

    The root prevents long texts from dominating, but keeps the gradients of the embedding large enough to learn at
    JumpStart's usual learning rate. A text without n-grams is a vector of zeros.
    """
    counts = np.array([len(grams) for grams in texts])
    filled = np.flatnonzero(counts)
    vectors = np.zeros((len(texts), embedding.shape[1]), embedding.dtype)
    if len(filled):
        starts = np.concatenate([[0], np.cumsum(counts[filled])[:-1]])
        vectors[filled] = np.add.reduceat(embedding[np.concatenate(texts)], starts, axis=0)
    return vectors * _weights(counts)[:, None]


def embedding_gradient(by_vectors: FloatArray, texts: Grams) -> Gradient:
    """Return the gradient of the embedding, in the rows that occur in the texts, from that of the texts' vectors."""
    counts = np.array([len(grams) for grams in texts])
    shares = by_vectors * _weights(counts)[:, None]
    numbers = np.concatenate(texts)
    order = np.argsort(numbers, kind="stable")
    touched = numbers[order]
    first = np.flatnonzero(np.r_[True, touched[1:] != touched[:-1]])
    sums = np.add.reduceat(shares[np.repeat(np.arange(len(counts)), counts)[order]], first, axis=0)
    return Gradient(sums, touched[first])


def _weights(counts: NDArray[np.intp]) -> FloatArray:
    return (1 / np.sqrt(np.maximum(counts, 1))).astype(np.float32)
