"""A request as JSON, which every AWS client accepts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from jsft_tui.core.request.export.export_format import ExportFormat


def json_request(request: Mapping[str, Any]) -> str:
    """Write the request as an indented JSON document.

    Line ends inside values are escaped, so that no line can be
    injected by a value.
    """
    text = json.dumps(request, indent=2, ensure_ascii=False, allow_nan=False)
    return "".join(letter if letter.isprintable() or letter == "\n" else _escaped(letter) for letter in text) + "\n"


def _escaped(letter: str) -> str:
    """Return the JSON escape of a character: two escapes where UTF-16 has a surrogate pair."""
    return json.dumps(letter)[1:-1]


EXPORT = ExportFormat("json", 40, "JSON, the request itself", ".json", lambda request, _region: json_request(request))
