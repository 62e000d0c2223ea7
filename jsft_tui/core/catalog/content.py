"""Where JumpStart's content lies."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class ContentBuckets:
    """Where JumpStart's content lies in a region.

    Attributes:
        content: specs, scripts, weights, default datasets.
        gated: weights behind a licence.
        models, scripts: overrides for weights and scripts alone; empty without.
    """

    content: str
    gated: str
    models: str = ""
    scripts: str = ""
