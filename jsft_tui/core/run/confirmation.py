"""Decide how a launch must be confirmed: with a yes, or above a threshold by typing the whole dollars."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Confirmation:
    """A required confirmation.

    Attributes:
        bound: maximum cost of the run in USD; None: unknown.
        whole_dollars: the amount in USD to type; None: a plain yes is enough.
    """

    bound: float | None = None
    whole_dollars: int | None = None

    @property
    def is_typed(self) -> bool:
        """Return whether the amount must be typed."""
        return self.whole_dollars is not None

    def accepts(self, answer: str) -> bool:
        """Return whether an answer confirms: the whole dollars (with or without `$`), or `y` or `yes`."""
        words = answer.strip().lower()
        if self.whole_dollars is None:
            return words in ("y", "yes")
        return words.removeprefix("$").replace(",", "") == str(self.whole_dollars)


def confirmation(bound: float | None, threshold: float) -> Confirmation:
    """Return the confirmation that a run requires.

    An unknown bound requires a plain yes, as there is no amount to type.

    Args:
        bound: maximum cost of the run in USD; None: unknown.
        threshold: USD above which the amount must be typed.
    """
    return Confirmation(bound, int(bound) if bound is not None and bound > threshold else None)
