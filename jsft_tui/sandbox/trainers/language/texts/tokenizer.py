"""Split text into tokens by byte-pair encoding, which is learned from the training texts.

Source: Sennrich, Haddow and Birch, "Neural Machine Translation of Rare Words with Subword Units" (2016), on bytes as in
GPT-2: any text can be encoded, and decoding gives back its bytes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

END = 256
"""The token at the end of a text, after the 256 bytes."""
_FIRST_MERGE = 257
_PIECE = re.compile(rb" ?[A-Za-z]+| ?[0-9]+| ?[^\sA-Za-z0-9]+|\s+")
_LEAST_COUNT = 2

Pair = tuple[int, int]
Tokens = NDArray[np.int32]


class Tokenizer:
    """A vocabulary of bytes, `END`, and merged pairs of tokens.

    Args:
        merges: the pairs in the order in which they are merged; the first becomes token 257.
    """

    def __init__(self, merges: Sequence[Pair]) -> None:
        self.merges = tuple(merges)
        self._ranks = {pair: rank for rank, pair in enumerate(self.merges)}
        self._bytes = [bytes([value]) for value in range(END)] + [b""]
        for left, right in self.merges:
            self._bytes.append(self._bytes[left] + self._bytes[right])
        self._encode_piece = lru_cache(maxsize=50_000)(self._merged)

    @classmethod
    def learn(cls, texts: Iterable[str], size: int) -> Tokenizer:
        """Merge the most frequent pairs of tokens until the vocabulary has a size, or no pair occurs twice."""
        counts: Counter[bytes] = Counter()
        for text in texts:
            counts.update(_PIECE.findall(_encoded(text)))
        pieces = [(list(piece), count) for piece, count in counts.items()]
        merges: list[Pair] = []
        pairs = _count_pairs(pieces)
        where = _places(pieces)
        while _FIRST_MERGE + len(merges) < size and pairs:
            # The smaller pair wins a tie, so that the same texts always give the same vocabulary.
            best, count = max(pairs.items(), key=lambda item: (item[1], [-token for token in item[0]]))
            if count < _LEAST_COUNT:
                break
            token = _FIRST_MERGE + len(merges)
            merges.append(best)
            for place in sorted(where.pop(best)):
                piece, times = pieces[place]
                for pair in pairwise(piece):
                    pairs[pair] -= times
                piece[:] = _merge(piece, best, token)
                for pair in pairwise(piece):
                    pairs[pair] += times
                    where.setdefault(pair, set()).add(place)
            pairs += Counter()  # drops pairs that no longer occur
        return cls(merges)

    @property
    def size(self) -> int:
        """Number of tokens."""
        return len(self._bytes)

    def encode(self, text: str) -> Tokens:
        """Return the tokens of a text, without `END`."""
        pieces = [self._encode_piece(piece) for piece in _PIECE.findall(_encoded(text))]
        return np.array([token for piece in pieces for token in piece], np.int32)

    def decode(self, tokens: Iterable[int]) -> str:
        """Return the text of tokens; bytes that are not UTF-8 are replaced."""
        return b"".join(self._bytes[token] for token in tokens).decode("utf-8", "replace")

    def _merged(self, piece: bytes) -> tuple[int, ...]:
        tokens = list(piece)
        while len(tokens) > 1:
            best = min(pairwise(tokens), key=lambda pair: self._ranks.get(pair, len(self._ranks)))
            if best not in self._ranks:
                break
            tokens = _merge(tokens, best, _FIRST_MERGE + self._ranks[best])
        return tuple(tokens)


def _encoded(text: str) -> bytes:
    return text.encode("utf-8", "replace")


def _merge(tokens: list[int], pair: Pair, token: int) -> list[int]:
    """Replace a pair by one token."""
    merged, place = [], 0
    while place < len(tokens):
        if place + 1 < len(tokens) and (tokens[place], tokens[place + 1]) == pair:
            merged.append(token)
            place += 2
        else:
            merged.append(tokens[place])
            place += 1
    return merged


def _count_pairs(pieces: list[tuple[list[int], int]]) -> Counter[Pair]:
    pairs: Counter[Pair] = Counter()
    for piece, count in pieces:
        for pair in pairwise(piece):
            pairs[pair] += count
    return pairs


def _places(pieces: list[tuple[list[int], int]]) -> dict[Pair, set[int]]:
    """Return in which pieces each pair occurs."""
    where: dict[Pair, set[int]] = {}
    for place, (piece, _) in enumerate(pieces):
        for pair in pairwise(piece):
            where.setdefault(pair, set()).add(place)
    return where
