"""Measure a language model: the cross entropy of the next token, and the perplexity."""

from __future__ import annotations

import math

from jsft_tui.sandbox.trainers.common.optimizers import FloatArray
from jsft_tui.sandbox.trainers.common.scores import Loss, Objective, Softmax, Targets


class NextToken(Objective):
    """Cross entropy per token.

    Args:
        vocabulary: number of tokens.
    """

    def __init__(self, vocabulary: int) -> None:
        self._softmax = Softmax(vocabulary)

    def loss(self, outputs: FloatArray, targets: Targets) -> Loss:
        """See `Objective`."""
        return self._softmax.loss(outputs, targets)

    def scores(self, total: float, _hits: float, count: int) -> dict[str, float]:
        """See `Objective`."""
        # A model that knows nothing has a loss of about 7; a diverged one must not overflow before it is noticed.
        return {"loss": total / count, "perplexity": math.exp(min(total / count, 100.0))}
