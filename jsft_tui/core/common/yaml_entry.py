"""Set one entry of a YAML mapping in its text; all other lines and comments are preserved."""

from __future__ import annotations

from typing import Any

import yaml

from jsft_tui.core.common.strict_yaml import write_yaml


def with_entry(text: str, key: str, value: Any) -> str:
    """Return the text with one entry of its top-level mapping set: replaced, or appended as the last line.

    Args:
        text: one YAML document that is a mapping, or empty.
        key: a plain name.
        value: None, bool, int, float, str, list and dict; it is written on one line.

    Raises:
        ValueError: the text is not such a document.
    """
    entry = write_yaml({key: value}, flow=True).strip()[1:-1]
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except (yaml.YAMLError, ValueError, OverflowError, RecursionError) as error:
        raise ValueError("it is not valid YAML") from error
    if root is None:
        return _appended(text, entry, 0)
    if not isinstance(root, yaml.MappingNode):
        raise ValueError("it is not a mapping of settings to values")
    for key_node, value_node in root.value:
        if key_node.value == key:
            return text[: key_node.start_mark.index] + entry + text[_end(text, key_node, value_node) :]
    if root.flow_style:
        start = root.start_mark.index + 1
        return f"{text[:start]}{entry}{', ' if root.value else ''}{text[start:]}"
    column = root.value[0][0].start_mark.column
    return _appended(text, entry, column)


def _appended(text: str, entry: str, column: int) -> str:
    newline = "\r\n" if "\r\n" in text else "\n"
    between = "" if not text or text.endswith(("\n", "\r")) else newline
    return f"{text}{between}{' ' * column}{entry}{newline}"


def _end(text: str, key_node: yaml.Node, value_node: yaml.Node) -> int:
    """Return where a value ends. A block's own end mark is that of the next token, after blank lines and comments."""
    node = value_node
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last: Any = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    start, end = key_node.end_mark.index, node.end_mark.index
    if start == end or node.start_mark.index == node.end_mark.index:  # no value: it ends at the colon
        return text.index(":", start) + 1
    return start + len(text[start:end].rstrip())
