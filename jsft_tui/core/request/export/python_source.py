"""Values as Python source, formatted as Black and Ruff would format them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

WIDTH = 88
"""Columns of a line, the default of Black and Ruff. A longer string stays whole."""
INDENT = 4


@dataclass(frozen=True)
class Group:
    """Items between brackets.

    Attributes:
        opening: for example `{`, or `Tag(`.
        items: the text before each item (`"Key": `, `key=`, or nothing) and the item.
        closing: the bracket that ends it.
    """

    opening: str
    items: tuple[tuple[str, Node], ...]
    closing: str


Node = str | Group
"""Source: finished text, or a group that may be broken over lines."""


def literal(value: Any) -> Node:
    """Return the source of a value made of mappings, lists, text, numbers, booleans and None.

    Raises:
        TypeError: it has a value of another type.
    """
    if isinstance(value, str):
        return text_literal(value)
    if isinstance(value, Mapping):
        return Group("{", tuple((f"{text_literal(str(key))}: ", literal(item)) for key, item in value.items()), "}")
    if isinstance(value, (list, tuple)):
        return array([literal(item) for item in value])
    if value is None or isinstance(value, (bool, int, float)):
        return repr(value)
    raise TypeError(f"a request cannot contain a {type(value).__name__}")


def text_literal(text: str) -> str:
    """Return a string literal in the quotes that need fewer escapes; invisible characters are escaped."""
    quote = "'" if text.count('"') > text.count("'") else '"'
    return quote + "".join(f"\\{quote}" if letter == quote else _escaped(letter) for letter in text) + quote


def _escaped(letter: str) -> str:
    return letter if letter in "'\"" else repr(letter)[1:-1]


def array(items: Sequence[Node]) -> Group:
    """Return a list."""
    return Group("[", tuple(("", item) for item in items), "]")


def call(name: str, arguments: Mapping[str, Node]) -> Group:
    """Return a call with keyword arguments."""
    return Group(f"{name}(", tuple((f"{key}=", item) for key, item in arguments.items()), ")")


def files_constant(files: Mapping[str, str]) -> str:
    """Return the definition of `FILES`, with blank lines around it; empty without files."""
    if not files:
        return ""
    entries = "".join(f"    {text_literal(uri)}: (\n{_lines(text)}    ),\n" for uri, text in files.items())
    return f"\nFILES = {{\n{entries}}}\n"


def _lines(text: str) -> str:
    return "".join(f"        {text_literal(line)}\n" for line in text.splitlines(keepends=True))


def put_files(files: Mapping[str, str]) -> str:
    """Return the statements that write `FILES` to S3 with boto3; empty without files."""
    return _PUT if files else ""


_PUT = """\
    s3 = boto3.client("s3", region_name=REGION)
    for uri, text in FILES.items():
        bucket, _, key = uri.removeprefix("s3://").partition("/")
        s3.put_object(Bucket=bucket, Key=key, Body=text.encode())
"""


def lay_out(node: Node, column: int = 0, indent: int = 0) -> str:
    """Return the source over as many lines as it needs.

    Args:
        node: what to write.
        column: where its first line begins, including the text before it.
        indent: blanks before its further lines.
    """
    line = _on_one_line(node)
    # One column is for the comma after it.
    if isinstance(node, str) or not node.items or (column + len(line) < WIDTH):
        return line
    return broken(node, indent)


def broken(group: Group, indent: int = 0) -> str:
    """Return a group with one line for each item, however short it is."""
    inner = indent + INDENT
    blank = " " * inner
    lines = [f"{blank}{before}{lay_out(item, inner + len(before), inner)}," for before, item in group.items]
    return "\n".join([group.opening, *lines, f"{' ' * indent}{group.closing}"])


def _on_one_line(node: Node) -> str:
    if isinstance(node, str):
        return node
    return f"{node.opening}{', '.join(before + _on_one_line(item) for before, item in node.items)}{node.closing}"
