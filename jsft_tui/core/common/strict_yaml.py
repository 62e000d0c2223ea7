"""Read and write YAML without surprises: YAML 1.2 core scalars, no aliases, no custom tags, no duplicate keys.

PyYAML reads YAML 1.1, where `no` is False, `010` is 8, `1:30` is 90 and a date is an object. In a file of
hyperparameters such words are meant literally (`save_strategy: no`), so they are text here. Aliases are refused
because a few lines of them can expand to more values than fit into memory.
"""

from __future__ import annotations

import math
import re
from collections.abc import Hashable, Mapping
from typing import Any

import yaml

from jsft_tui.core.common.escapes import code_escape, visible
from jsft_tui.core.common.text import clean, fit

_TAG = "tag:yaml.org,2002:"
_NULL = re.compile(r"~|null|Null|NULL|")
_BOOL = re.compile(r"true|True|TRUE|false|False|FALSE")
# Numbers of more than 18 digits are usually ids, and stay text.
_INT = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})")
# A subset of YAML 1.1's floats, so that PyYAML's writer quotes every text that it would read as one.
_FLOAT = re.compile(r"[-+]?(?:[0-9]+\.[0-9]*|\.[0-9]+)(?:[eE][-+][0-9]+)?|[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_LONGEST_REASON = 200


class StrictYamlError(Exception):
    """The text is not YAML, or uses a feature that is refused here; the message is one line with the position."""


def read_yaml(text: str) -> Any:
    """Parse a text with one document into None, bool, int, float, str, list and dict.

    Raises:
        StrictYamlError: it cannot be read.
    """
    try:
        return yaml.load(text, Loader=_Loader)
    except yaml.YAMLError as error:
        raise StrictYamlError(_reason(error)) from error
    except RecursionError as error:
        raise StrictYamlError("it is nested too deeply.") from error
    except (ValueError, OverflowError) as error:  # PyYAML does not check "\U00110000", nor the version of %YAML
        raise StrictYamlError(f"it holds a number that YAML does not have: {fit(clean(str(error)), 100)}.") from error


def write_yaml(value: Mapping[str, Any], *, flow: bool) -> str:
    """Write a mapping as YAML that `read_yaml` reads back unchanged.

    Args:
        value: None, bool, int, float, str, list and dict.
        flow: whether to write it on one line, in braces.
    """
    text: str = yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, allow_unicode=True, default_flow_style=flow, width=math.inf
    )
    return visible(text, code_escape)


def comment(text: str) -> str:
    """Return a text as a line of comment: every kind of line end in it becomes a blank, every control is removed."""
    return f"# {clean(text)}".rstrip() + "\n"


class _Loader(yaml.SafeLoader):
    def compose_node(self, parent: Any, index: Any) -> Any:
        event: Any = self.peek_event()  # type: ignore[no-untyped-call]  # has no types
        if self.check_event(yaml.AliasEvent):
            why = f"the alias *{event.anchor} is not supported; write the value out"
            raise yaml.composer.ComposerError(None, None, why, event.start_mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[Hashable] = set()
        for key_node, _ in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                _refuse(key_node, "a list or a mapping cannot be a key")
            key = self.construct_object(key_node)
            if key in seen:
                _refuse(key_node, f"duplicate key {fit(repr(key), 60)}")
            seen.add(key)
        return super().construct_mapping(node, deep)


def _refuse(node: yaml.Node, why: str) -> None:
    raise yaml.constructor.ConstructorError(None, None, why, node.start_mark)


def _scalar(_loader: _Loader, node: yaml.Node) -> str:
    if not isinstance(node, yaml.ScalarNode):
        _refuse(node, "a list or a mapping instead of a single value")
    return str(node.value)


def _null(loader: _Loader, node: yaml.Node) -> None:
    _matching(loader, node, _NULL)


def _bool(loader: _Loader, node: yaml.Node) -> bool:
    return _matching(loader, node, _BOOL).lower() == "true"


def _int(loader: _Loader, node: yaml.Node) -> int:
    return int(_matching(loader, node, _INT))


def _float(loader: _Loader, node: yaml.Node) -> float:
    return float(re.sub(r"\.(inf|nan)", r"\1", _matching(loader, node, _FLOAT).lower()))


def _matching(loader: _Loader, node: yaml.Node, pattern: re.Pattern[str]) -> str:
    text = _scalar(loader, node)
    if not pattern.fullmatch(text):  # only explicit tags get here
        _refuse(node, f"{fit(repr(text), 60)} is not a valid {node.tag.removeprefix(_TAG)}")
    return text


def _undefined(_loader: _Loader, node: yaml.Node) -> None:
    _refuse(node, f"the tag {fit(repr(node.tag), 60)} is not supported")


def _list(loader: _Loader, node: Any) -> Any:
    return loader.construct_yaml_seq(node)


def _dict(loader: _Loader, node: Any) -> Any:
    return loader.construct_yaml_map(node)


# None of YAML 1.1's resolvers and constructors are inherited.
_Loader.yaml_implicit_resolvers = {}
_Loader.yaml_constructors = {}
for _name, _pattern, _first in (
    ("bool", _BOOL, "tTfF"),
    ("int", _INT, "-+0123456789"),
    ("float", _FLOAT, "-+0123456789."),
):
    _Loader.add_implicit_resolver(_TAG + _name, re.compile(f"(?:{_pattern.pattern})$"), list(_first))
_Loader.add_implicit_resolver(_TAG + "null", re.compile(f"(?:{_NULL.pattern})$"), ["~", "n", "N", ""])

_Loader.add_constructor(_TAG + "null", _null)
_Loader.add_constructor(_TAG + "bool", _bool)
_Loader.add_constructor(_TAG + "int", _int)
_Loader.add_constructor(_TAG + "float", _float)
_Loader.add_constructor(_TAG + "str", _scalar)
_Loader.add_constructor(_TAG + "seq", _list)
_Loader.add_constructor(_TAG + "map", _dict)
_Loader.add_constructor(None, _undefined)


class _Dumper(yaml.SafeDumper):
    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002 - PyYAML's own protocol
        return True


def _represent_text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    # Other styles would change line ends of any kind when they are read back, and only double quotes have escapes,
    # which everything outside ASCII may need (`in_ascii`).
    is_plain = text.isascii() and text.isprintable()
    return dumper.represent_scalar(_TAG + "str", text, style=None if is_plain else '"')


_Dumper.add_representer(str, _represent_text)


def _reason(error: yaml.YAMLError) -> str:
    if isinstance(error, yaml.MarkedYAMLError):
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        return fit(clean(f"{where}{error.problem or error.context}"), _LONGEST_REASON) + "."
    return fit(clean(str(error)), _LONGEST_REASON)
