"""Describe every word of a context: its n-grams and its neighbors', and how well they match the question."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.optimizers import FloatArray, Gradient
from jsft_tui.sandbox.trainers.text.embedding import EMBEDDING_SIZE, Grams, embedded, embedding_gradient
from jsft_tui.sandbox.trainers.text.ngrams import ngrams
from jsft_tui.sandbox.trainers.text.questions.data import Passage

WINDOW = 6
"""Words to each side whose embeddings are averaged."""
_REACHES = (1, 3, 8, 16)
"""Words to each side whose matches with the question are averaged."""
_STOPS = frozenset(".!?;:\n")
_MARKS = 4
_PARTS = 5
FEATURES = _PARTS * EMBEDDING_SIZE + 1 + 2 * len(_REACHES) + _MARKS


@dataclass(frozen=True)
class WordGrams:
    """What is known of a context and its question before training.

    Attributes:
        words: the n-grams of each word.
        question: the n-grams of the question.
        numbers: matches and marks of each word, shaped (words, numbers).
        left, right: the averaging matrices of the neighbors, shaped (words, words).
    """

    words: Grams
    question: NDArray[np.intp]
    numbers: FloatArray
    left: FloatArray
    right: FloatArray

    @classmethod
    def of(cls, question: str, passage: Passage, rarity: FloatArray) -> WordGrams:
        """Describe a context.

        Args:
            question: the question.
            passage: the context.
            rarity: the weight of each n-gram.
        """
        words = [ngrams(word) for word in passage.words]
        asked = np.unique(
            np.concatenate([ngrams(word) for word in Passage.of(question).words] or [np.zeros(0, np.intp)])
        )
        match = np.array([_share(grams, asked, rarity) for grams in words], np.float32)
        left, right = _averaging(len(words), WINDOW), _averaging(len(words), WINDOW)[::-1, ::-1]
        columns: list[FloatArray] = [match]
        for reach in _REACHES:
            before = _averaging(len(words), reach)
            columns += [before @ match, before[::-1, ::-1] @ match]
        numbers = np.stack([*columns, *_marks(passage)], axis=1).astype(np.float32)
        return cls(words, ngrams(question), numbers, left, np.ascontiguousarray(right))


def rarity_of(passages: list[Passage], buckets: int) -> FloatArray:
    """Return the inverse document frequency of the n-grams of words in the contexts."""
    seen = np.zeros(buckets)
    for passage in passages:
        seen[np.unique(np.concatenate([ngrams(word) for word in passage.words]))] += 1
    return np.log((1 + len(passages)) / (1 + seen)).astype(np.float32)


def word_features(embedding: FloatArray, context: WordGrams) -> FloatArray:
    """Return the features of each word, shaped (words, FEATURES)."""
    words = embedded(embedding, context.words)
    question = embedded(embedding, [context.question])
    left, right = context.left @ words, context.right @ words
    return np.concatenate([words, left, right, words * question, right * question, context.numbers], axis=1)


def word_gradient(embedding: FloatArray, context: WordGrams, by_features: FloatArray) -> Gradient:
    """Return the gradient of the embedding from that of the features."""
    words = embedded(embedding, context.words)
    question = embedded(embedding, [context.question])
    own, by_left, by_right, by_match, by_following = np.split(by_features[:, : _PARTS * EMBEDDING_SIZE], _PARTS, axis=1)
    by_words = (
        own + by_match * question + context.left.T @ by_left + context.right.T @ (by_right + by_following * question)
    )
    by_question = (by_match * words + by_following * (context.right @ words)).sum(0, keepdims=True)
    return embedding_gradient(np.concatenate([by_words, by_question]), [*context.words, context.question])


def _averaging(words: int, reach: int) -> FloatArray:
    """Return the matrix that averages the `reach` words before each word; zeros before the first."""
    places = np.arange(words)
    distance = places[:, None] - places[None]
    return ((distance > 0) & (distance <= reach)).astype(np.float32) / reach


def _share(grams: NDArray[np.intp], asked: NDArray[np.intp], rarity: FloatArray) -> float:
    """Return how much of a word's n-grams the question has, by rarity."""
    total = float(rarity[grams].sum())
    return float(rarity[grams[np.isin(grams, asked)]].sum()) / total if total > 0 else 0.0


def _marks(passage: Passage) -> tuple[FloatArray, ...]:
    """Return where sentences start and end, where the word is no punctuation, and its place in the context."""
    words = passage.words
    stops = np.array([word in _STOPS for word in words], np.float32)
    starts, ends = np.ones(len(words), np.float32), np.ones(len(words), np.float32)
    starts[1:], ends[:-1] = stops[:-1], stops[1:]
    plain = np.array([word[0].isalnum() for word in words], np.float32)
    place = np.linspace(0, 1, len(words), dtype=np.float32)
    return starts, ends, plain, place
