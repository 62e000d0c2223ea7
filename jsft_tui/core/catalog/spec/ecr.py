"""Containers of specs without instance variants."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class EcrSpec:
    """The container of specs without instance variants; the SDK turns it into an image URI."""

    framework: str
    framework_version: str
    py_version: str
    huggingface_transformers_version: str | None = None

    @classmethod
    def parse(cls, data: Mapping[str, Any] | None) -> EcrSpec | None:
        """Read `training_ecr_specs` or `hosting_ecr_specs`; None where a spec has none."""
        if not data:
            return None
        return cls(
            str(data.get("framework", "")),
            str(data.get("framework_version", "")),
            str(data.get("py_version", "")),
            data.get("huggingface_transformers_version"),
        )
