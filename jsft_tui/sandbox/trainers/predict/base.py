"""Define what a trained model answers."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from pathlib import Path

from jsft_tui.sandbox.trainers.common.artifact import Artifact
from jsft_tui.sandbox.trainers.common.settings import UserError

Input = Path | str | Sequence[float] | tuple[str, str]
"""An image file, a text (or another input in text form), a row of features, or two texts."""
Ranking = list[tuple[str, float]]
"""Answers, the best first, with a number from 0 to 1."""
SEPARATOR = "|"


class Predictor(ABC):
    """A trained model that answers inputs.

    Args:
        model: the model.
    """

    @abstractmethod
    def __init__(self, model: Artifact) -> None:
        """Read the model.

        Raises:
            UserError: it is damaged.
        """

    @abstractmethod
    def predict(self, item: Input) -> Ranking:
        """Return the answers.

        Raises:
            UserError: the input is not valid for the model.
        """


def text_of(item: Input, what: str) -> str:
    """Return an input that must be a text.

    Args:
        item: the input.
        what: what the model does with texts, for the message.

    Raises:
        UserError: it is none, or an empty one.
    """
    if not isinstance(item, str) or not item.strip():
        raise UserError(f"this model {what}; specify a text that is not empty")
    return item


def two_texts_of(item: Input, first: str, second: str) -> tuple[str, str]:
    """Return an input that must be two texts, or one with `SEPARATOR` between them.

    Raises:
        UserError: it is not.
    """
    given = item.split(SEPARATOR, 1) if isinstance(item, str) else item if isinstance(item, tuple) else ()
    parts = [part.strip() for part in given if isinstance(part, str)]
    if len(parts) < 2 or not all(parts):
        raise UserError(f"this model takes {first} and {second}; separate them with {SEPARATOR}")
    return parts[0], parts[1]
