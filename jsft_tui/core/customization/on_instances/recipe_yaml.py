"""Read and write recipes as the SageMaker SDK does, so that both make the same file.

The SDK loads a recipe with OmegaConf, which reads YAML 1.1 but knows `1e-05` as a number and no dates, and writes it
with quotes around every text that could be taken for a number or a truth value (omegaconf 2.4, `_yaml.py`, `to_yaml`).
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Mapping
from typing import Any

import yaml

from jsft_tui.core.common.text import clean, fit

_TAG = "tag:yaml.org,2002:"
_FLOAT = re.compile(
    r"(?:[-+]?[0-9]+(?:_[0-9]+)*\.[0-9_]*(?:[eE][-+]?[0-9]+)?"
    r"|[-+]?[0-9]+(?:_[0-9]+)*[eE][-+]?[0-9]+"
    r"|\.[0-9]+(?:_[0-9]+)*(?:[eE][-+][0-9]+)?"
    r"|[-+]?\.(?:inf|Inf|INF)"
    r"|\.(?:nan|NaN|NAN))$"
)
_WORDS = frozenset({"y", "n", "yes", "no", "true", "false", "on", "off"})
_LONGEST_REASON = 160


class RecipeYamlError(Exception):
    """The text is not YAML that a recipe may have; the message is one line."""


def read_recipe(text: str) -> dict[Any, Any]:
    """Parse a recipe.

    Raises:
        RecipeYamlError: it is not YAML, or not a mapping.
    """
    try:
        found = yaml.load(text, Loader=_Loader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise RecipeYamlError(fit(clean(" ".join(str(error).split())), _LONGEST_REASON)) from error
    if not isinstance(found, dict):
        raise RecipeYamlError("it is not a mapping of keys to values")
    return found


def write_recipe(recipe: Mapping[Any, Any]) -> str:
    """Write a recipe."""
    text: str = yaml.dump(recipe, Dumper=_Dumper, default_flow_style=False, allow_unicode=True, sort_keys=False)
    return text


class _Loader(yaml.SafeLoader):
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [self.construct_object(key, deep=True) for key, _ in node.value if isinstance(key, yaml.ScalarNode)]
        if len(set(keys)) < len(keys):
            raise yaml.constructor.ConstructorError(None, None, "a key occurs twice", node.start_mark)
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in known if tag not in (f"{_TAG}float", f"{_TAG}timestamp")]
    for first, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver(f"{_TAG}float", _FLOAT, list("-+0123456789."))


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def _text(dumper: _Dumper, value: str) -> yaml.ScalarNode:
    return dumper.represent_scalar(f"{_TAG}str", value, style="'" if _needs_quotes(value) else None)


def _needs_quotes(value: str) -> bool:
    if value.lower() in _WORDS:
        return True
    try:
        float(value)
    except ValueError:
        return False
    return True


_Dumper.add_representer(str, _text)
