"""Place values on epochs where no log tells when each epoch ended."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from jsft_tui.core.jobs.metrics.curves import Points

_NAMES = ("epochs", "epoch", "num_train_epochs", "n_epochs", "max_epochs", "num_epochs")
"""Hyperparameters of JumpStart's models that tell the number of epochs (jumpstart-facts §3.4)."""
MOST_EPOCHS = 1_000_000


def planned_epochs(hyperparameters: Mapping[str, str]) -> int | None:
    """Return the number of epochs that a job was given; None if no hyperparameter tells it."""
    for name in _NAMES:
        try:
            count = float(hyperparameters.get(name, ""))
        except ValueError:
            continue
        if 1 <= count <= MOST_EPOCHS:
            return round(count)
    return None


def over_epochs(values: Sequence[float], last: float) -> Points:
    """Return (epoch, value) pairs: the values lie evenly, the last one at the epoch `last`."""
    count = len(values)
    return [((number + 1) * last / count, value) for number, value in enumerate(values)]


def since_start(points: Points) -> Points:
    """Return (seconds since the first value, value) pairs."""
    return [(time - points[0][0], value) for time, value in points]
