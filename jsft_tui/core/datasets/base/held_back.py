"""Names that sound like data held back from training: for validation or a test."""

from __future__ import annotations

import re

_HELD_BACK = re.compile(
    r"(?:^|[^a-z])(?:val|valid|validation|validate|test|testing|eval|evaluation|dev|holdout)(?:[^a-z]|$)",
    re.IGNORECASE,
)


def is_held_back(name: str) -> bool:
    """Return whether a file or folder sounds like validation or test data: `val/`, `my-test.csv`, not `latest.csv`."""
    return _HELD_BACK.search(name) is not None
