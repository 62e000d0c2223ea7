"""Choose the first and the last word of an answer: the objective, and the best spans for prediction."""

from __future__ import annotations

import numpy as np

from jsft_tui.sandbox.trainers.common.optimizers import FloatArray
from jsft_tui.sandbox.trainers.common.scores import Loss, Objective, Targets

OUTPUTS = 2
"""One logit per word for being the first of the answer, one for being the last."""
OUTSIDE = -1e30
"""The logit of words beyond a context's end."""
MAX_ANSWER_WORDS = 30
"""The default of Hugging Face's question answering pipeline (`max_answer_length` is 15 tokens there, and short)."""


class SpanObjective(Objective):
    """Cross entropy over the words of a context, for the first and for the last word of the answer."""

    def loss(self, outputs: FloatArray, targets: Targets) -> Loss:
        """See `Objective`.

        Args:
            outputs: logits, shaped (contexts, words, 2).
            targets: the words, shaped (contexts, 2).
        """
        log_probabilities = outputs - outputs.max(1, keepdims=True)
        log_probabilities -= np.log(np.exp(log_probabilities).sum(1, keepdims=True))
        rows = np.arange(len(targets))[:, None]
        wanted = log_probabilities[rows, targets, np.arange(OUTPUTS)[None]]
        gradient = np.exp(log_probabilities)
        gradient[rows, targets, np.arange(OUTPUTS)[None]] -= 1
        hits = (outputs.argmax(1) == targets).all(1).sum()
        return Loss(float(-wanted.sum() / OUTPUTS), int(hits), gradient / (OUTPUTS * len(targets)))

    def scores(self, total: float, hits: float, count: int) -> dict[str, float]:
        """See `Objective`."""
        return {"loss": total / count, "exact_match": hits / count}


def best_spans(logits: FloatArray, count: int) -> list[tuple[int, int, float]]:
    """Return the most probable answers of one context: first word, last word, probability.

    Args:
        logits: shaped (words, 2).
        count: how many.
    """
    shifted = np.exp(logits - logits.max(0, keepdims=True))
    first, last = (shifted / shifted.sum(0, keepdims=True)).T
    joint = np.triu(np.outer(first, last)) - np.triu(np.outer(first, last), MAX_ANSWER_WORDS)
    best = np.argsort(-joint, axis=None, kind="stable")[:count]
    places = [divmod(int(place), len(logits)) for place in best]
    return [(start, end, float(joint[start, end])) for start, end in places if joint[start, end] > 0]
