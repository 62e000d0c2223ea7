"""The byte order mark before a JSON file that a script reads with Python's `json`."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.datasets.base.reader import LintFinding, warn

MARK = b"\xef\xbb\xbf"


def mark_findings(name: str, body: bytes) -> Iterator[LintFinding]:
    """Yield that a file starts with the mark, which `json.load` refuses (tried); Notepad and PowerShell write it.

    It is a warning: that the scripts read with `json.load`, and not as "utf-8-sig", is likely and was not seen.
    """
    if body.startswith(MARK):
        why = "starts with a byte order mark (BOM), which Python's json.load refuses; save it as UTF-8 without one."
        yield warn(name, why)
