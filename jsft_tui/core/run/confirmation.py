"""What a launch asks for before it spends: a yes, or above a threshold the typed whole dollars."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Confirmation:
    """What has to be answered.

    Attributes:
        whole_dollars: the USD that have to be typed; None: a plain yes will do.
    """

    whole_dollars: int | None = None

    @property
    def is_typed(self) -> bool:
        """Whether the amount has to be typed."""
        return self.whole_dollars is not None

    def accepts(self, answer: str) -> bool:
        """Whether an answer that was typed confirms: the whole dollars (with or without `$`), or `y` or `yes`."""
        words = answer.strip().lower()
        if self.whole_dollars is None:
            return words in ("y", "yes")
        return words.removeprefix("$").replace(",", "") == str(self.whole_dollars)


def confirmation(bound: float | None, threshold: float) -> Confirmation:
    """What a run has to be confirmed with.

    An unknown bound asks for a plain yes: there is no amount that could be typed.

    Args:
        bound: USD that the run can cost at most; None: unknown.
        threshold: USD above which the amount has to be typed.
    """
    return Confirmation(int(bound) if bound is not None and bound > threshold else None)
