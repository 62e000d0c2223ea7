"""Hash a text's n-grams to numbers as fastText does: words, pairs of words and character n-grams."""

from __future__ import annotations

import re
import zlib
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

HASH_BUCKETS = 1 << 15
"""Number of hash buckets; n-grams in the same bucket are not distinguished."""
CHARACTER_NGRAM = 4
"""Length of a character n-gram."""
MAX_WORDS = 512
"""Maximum number of words; later ones are ignored (BERT models have a similar limit)."""
_WORD = re.compile(r"\w+|[^\w\s]")


def ngrams(text: str) -> NDArray[np.intp]:
    """Return the distinct numbers of a text's n-grams, at least one."""
    words = [word.lower() for word in _WORD.findall(text)[:MAX_WORDS]]
    grams = [*words, *(f"{one} {next_one}" for one, next_one in pairwise(words))]
    for word in words:
        marked = f"<{word}>"
        grams += ["#" + marked[start : start + CHARACTER_NGRAM] for start in range(len(marked) - CHARACTER_NGRAM + 1)]
    numbers = [zlib.crc32(gram.encode("utf-8", "surrogatepass")) % HASH_BUCKETS for gram in grams]
    return np.unique(np.array(numbers or [0], np.intp))
