"""Make training samples of texts: tokens, and which of them the model must predict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.language.texts.tokenizer import END, Tokenizer, Tokens

IGNORED = -1


@dataclass(frozen=True)
class Part:
    """A part of a text.

    Attributes:
        text: the text.
        is_learned: whether the model must predict it (a completion), or only reads it (a prompt).
    """

    text: str
    is_learned: bool


@dataclass(frozen=True)
class Sample:
    """A sample.

    Attributes:
        tokens: what the model reads.
        targets: what comes next at each place; `IGNORED` where nothing must be predicted.
    """

    tokens: Tokens
    targets: Tokens


@dataclass(frozen=True)
class Batch:
    """Samples of the same length: tokens and targets, shaped (samples, places)."""

    tokens: NDArray[np.int32]
    wanted: NDArray[np.bool_]
    targets: NDArray[np.int32]
    """Of the wanted places only, sample by sample."""

    @classmethod
    def of(cls, samples: Sequence[Sample]) -> Batch:
        """Fill samples up to the length of the longest."""
        length = max(len(sample.tokens) for sample in samples)
        tokens = np.full((len(samples), length), END, np.int32)
        targets = np.full((len(samples), length), IGNORED, np.int32)
        for row, sample in enumerate(samples):
            tokens[row, : len(sample.tokens)] = sample.tokens
            targets[row, : len(sample.targets)] = sample.targets
        wanted = targets != IGNORED
        return cls(tokens, wanted, targets[wanted])


def blocks(texts: Sequence[str], tokenizer: Tokenizer, length: int) -> list[Sample]:
    """Cut texts, one after the other, into blocks; the model must predict every token (domain adaptation)."""
    stream = np.concatenate([[END], *(np.append(tokenizer.encode(text), END) for text in texts)]).astype(np.int32)
    starts = range(0, len(stream) - 1, length)
    return [
        Sample(stream[start : start + length][: len(stream) - 1 - start], stream[start + 1 : start + 1 + length])
        for start in starts
    ]


def sample_of(parts: Sequence[Part], tokenizer: Tokenizer, length: int) -> Sample | None:
    """Return the sample of a text in parts; None if its first `length` tokens have nothing to predict."""
    tokens, learned = [np.array([END], np.int32)], [np.zeros(1, np.bool_)]
    for part in parts:
        encoded = tokenizer.encode(part.text)
        if part.is_learned:
            encoded = np.append(encoded, END).astype(np.int32)
        tokens.append(encoded)
        learned.append(np.full(len(encoded), part.is_learned))
    stream, is_target = np.concatenate(tokens), np.concatenate(learned)
    targets = np.where(is_target[1:], stream[1:], IGNORED)[:length].astype(np.int32)
    if (targets == IGNORED).all():
        return None
    return Sample(stream[:-1][:length], targets)
