"""A recipe's template: YAML with `{{name}}` for each of its override parameters."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

_PLACEHOLDER = re.compile(r"\{\{([^}]+)\}\}")


@dataclass(frozen=True)
class RecipeTemplate:
    """What a recipe job is rendered from.

    Attributes:
        text: the template, YAML with placeholders.
        parameters: the override parameters as their file declares them, also those that no trainer sends.
    """

    text: str
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def placeholders(self) -> frozenset[str]:
        """Return the names of the parameters that the text has a place for."""
        return frozenset(name.strip() for name in _PLACEHOLDER.findall(self.text))

    def default(self, name: str) -> Any:
        """Return the default of a parameter; None without one."""
        declared = self.parameters.get(name)
        return declared.get("default") if isinstance(declared, Mapping) else declared

    def is_text(self, name: str) -> bool:
        """Return whether a parameter is declared as text."""
        declared = self.parameters.get(name)
        return isinstance(declared, Mapping) and declared.get("type") == "string"
