"""One entry of a YAML mapping written into its text: every other line, and every comment, stays as it is."""

from __future__ import annotations

from typing import Any

import yaml

from jsft_tui.core.common.strict_yaml import write_yaml


def with_entry(text: str, key: str, value: Any) -> str:
    """The text with one entry of its top mapping set: in place where it is there, else on a line at the end.

    Args:
        text: of one YAML document that is a mapping, or nothing.
        key: a plain name.
        value: None, bool, int, float, str, list and dict; it is written on one line.

    Raises:
        ValueError: the text is no such document.
    """
    entry = write_yaml({key: value}, flow=True).strip()[1:-1]
    try:
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.YAMLError as error:
        raise ValueError("it is no YAML that can be changed") from error
    if root is None:
        return _appended(text, entry, 0)
    if not isinstance(root, yaml.MappingNode):
        raise ValueError("it is no mapping of settings to values")
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
    """Where a value ends. A block's own end mark is that of the next token, behind blank lines and comments."""
    node = value_node
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last: Any = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    start, end = key_node.end_mark.index, node.end_mark.index
    if start == end or node.start_mark.index == node.end_mark.index:  # no value: the colon is the end
        return text.index(":", start) + 1
    return start + len(text[start:end].rstrip())
