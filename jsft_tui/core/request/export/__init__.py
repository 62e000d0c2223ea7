"""A CreateTrainingJob request as a program to commit: every module here that declares an `EXPORT` is a form."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from jsft_tui.core.common.discovery import discover
from jsft_tui.core.request.export.export_format import ExportFormat


@cache
def export_formats() -> Mapping[str, ExportFormat]:
    """Return the forms by name, in their order."""
    found = discover(__name__, "EXPORT", ExportFormat)
    return {each.name: each for each in sorted(found, key=lambda each: each.order)}
