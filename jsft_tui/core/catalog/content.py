"""The buckets of JumpStart's content."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ContentBuckets:
    """The buckets of JumpStart's content in a region.

    Attributes:
        content: specs, scripts, weights, default datasets.
        gated: weights that require an accepted license.
        models, scripts: overrides for weights and scripts alone; may be empty.
    """

    content: str
    gated: str
    models: str = ""
    scripts: str = ""
