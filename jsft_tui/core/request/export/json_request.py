"""A request as JSON, which every AWS client accepts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsft_tui.core.common.escapes import json_escape, json_text
from jsft_tui.core.request.export.export_format import NO_FILES, ExportFormat


def json_request(request: Mapping[str, Any]) -> str:
    """Write the request as an indented JSON document.

    Line ends inside values are escaped, so that no line can be
    injected by a value.
    """
    return json_text(request) + "\n"


EXPORT = ExportFormat(
    "json",
    40,
    "JSON, the request itself",
    ".json",
    lambda request, _region, _files=NO_FILES: json_request(request),
    json_escape,
)
