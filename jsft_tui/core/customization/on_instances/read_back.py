"""Read the values of a recipe that was rendered from a template."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from jsft_tui.core.catalog.spec.recipe_template import RecipeTemplate
from jsft_tui.core.customization.on_instances.recipe_yaml import read_recipe

_QUOTED = re.compile(r"""(['"]?)\{\{([^}]+)\}\}\1""")
_MARK = "jsft-value-of "


def values_in(recipe: str, template: RecipeTemplate) -> dict[str, str]:
    """Return the value of each parameter that a template has a place for, as the trainers would send it.

    Args:
        recipe: the rendered recipe.
        template: what it was rendered from, or a newer version of that: places that it lacks are left out.

    Raises:
        RecipeYamlError: one of them cannot be read.
    """
    places = read_recipe(_QUOTED.sub(lambda found: f"'{_MARK}{found[2].strip()}'", template.text))
    found = dict(_matches(places, read_recipe(recipe)))
    return {name: str(value) for name, value in found.items() if isinstance(value, (str, int, float)) and value != ""}


def _matches(place: Any, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(place, str) and place.startswith(_MARK):
        yield place.removeprefix(_MARK), value
    elif isinstance(place, dict) and isinstance(value, dict):
        for key, inner in place.items():
            if key in value:
                yield from _matches(inner, value[key])
