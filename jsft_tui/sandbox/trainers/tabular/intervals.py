"""Say how far a regression's predictions were off: the errors within which given shares of the validation rows lie."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.artifact import Artifact
from jsft_tui.sandbox.trainers.common.scores import Targets

SHARES = (0.5, 0.8, 0.95)


def interval_arrays(predicted: NDArray[Any], targets: Targets) -> dict[str, NDArray[Any]]:
    """Return the model's array of errors, one for each of `SHARES`."""
    return {"error_within": np.quantile(np.abs(predicted - targets), SHARES)}


def ranked_intervals(model: Artifact, value: float) -> list[tuple[str, float]]:
    """Return a prediction with its usual errors, and the share of the validation rows that were within each.

    Raises:
        UserError: the model has no such array.
    """
    errors = model.array("error_within", len(SHARES))
    return [
        (f"{value:.6g} \N{PLUS-MINUS SIGN} {float(error):.3g}", share)
        for error, share in zip(errors, SHARES, strict=True)
    ]
