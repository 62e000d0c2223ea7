"""What a module that writes a request declares: its `EXPORT`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Protocol

from jsft_tui.core.common.escapes import Escape, code_escape

NO_FILES: Mapping[str, str] = MappingProxyType({})


class Write(Protocol):
    """Writes a request."""

    def __call__(self, request: Mapping[str, Any], region: str, files: Mapping[str, str] = NO_FILES, /) -> str:
        """Return the text."""
        ...


@dataclass(frozen=True)
class ExportFormat:
    """A form in which a request for a training job or a tuning job can be written.

    Every program makes the same call in the region, with the credentials of whoever runs it, and
    prints the job's ARN. Values are escaped for the language; characters that cannot be seen (controls,
    bidirectional overrides) are written as escapes.

    Attributes:
        name: the word of `jsft export --as`.
        order: position in lists.
        title: the form in words.
        suffix: the file name's extension.
        write: returns the request, for a region, as text that ends with a newline. It may be given files (URI in S3 ->
            text) that the request refers to, which a program writes first.
        escape: the escape of the language for a character inside a quoted text.
    """

    name: str
    order: int
    title: str
    suffix: str
    write: Write
    escape: Escape = code_escape
