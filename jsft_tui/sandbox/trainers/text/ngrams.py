"""From a text to the numbers of its n-grams: words, pairs of words and pieces of words, hashed (the fastText way)."""

from __future__ import annotations

import re
import zlib
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

HASH_BUCKETS = 1 << 15
"""How many numbers there are; n-grams that share one are not told apart."""
CHARACTER_NGRAM = 4
"""Characters in a piece of a word."""
MAX_WORDS = 512
"""What comes after is not looked at (BERT models have such a bound as well)."""
_WORD = re.compile(r"\w+|[^\w\s]")


def ngrams(text: str) -> NDArray[np.intp]:
    """The distinct numbers of a text's n-grams, at least one."""
    words = [word.lower() for word in _WORD.findall(text)[:MAX_WORDS]]
    grams = [*words, *(f"{one} {next_one}" for one, next_one in pairwise(words))]
    for word in words:
        marked = f"<{word}>"
        grams += ["#" + marked[start : start + CHARACTER_NGRAM] for start in range(len(marked) - CHARACTER_NGRAM + 1)]
    numbers = [zlib.crc32(gram.encode("utf-8", "surrogatepass")) % HASH_BUCKETS for gram in grams]
    return np.unique(np.array(numbers or [0], np.intp))
