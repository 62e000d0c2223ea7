"""The files that belong to one target: a name that tells whose they are, and that no two targets share."""

from __future__ import annotations

import hashlib
import re
from contextlib import suppress
from pathlib import Path

from jsft_tui.core.account.target import Target

DIGITS = 8
"""Of the hash that tells targets apart whose names read alike."""


def own_file(folder: Path, target: Target) -> Path:
    """The file of a target in a folder, whether it is there or not.

    What an earlier version left under a name without a hash is taken over by the target that is opened first: it was
    shared by all whose names read alike.
    """
    if target.sandbox:
        return folder / "sandbox.json"
    name = _slug(f"{target.profile or 'aws'} {target.region}")
    digest = hashlib.sha256(repr((target.profile, target.region)).encode()).hexdigest()[:DIGITS]
    file, former = folder / f"{name}-{digest}.json", folder / f"{name}.json"
    if not file.exists():
        with suppress(OSError):  # there is none, or the disk refuses: it is left where it is
            former.rename(file)
    return file


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9-]+", "-", text.lower()).strip("-")
