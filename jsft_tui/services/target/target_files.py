"""What names a target outside of the program: its files, readable and unique, and its options."""

from __future__ import annotations

import hashlib
import re
import shlex
from contextlib import suppress
from pathlib import Path

from jsft_tui import __version__
from jsft_tui.core.account.target import Target

DIGITS = 8
"""Digits of the hash that distinguishes targets with the same readable name."""


def own_file(folder: Path, target: Target) -> Path:
    """Return the file of a target in a folder, whether it exists or not.

    Earlier versions had no hash in the name, so that targets could share a file: the first target opened takes it over.
    """
    if target.sandbox:
        return folder / "sandbox.json"
    name = _slug(f"{target.owner or 'aws'} {target.region}")
    place = (target.owner, target.region, *target.endpoints)
    digest = hashlib.sha256(repr(place).encode()).hexdigest()[:DIGITS]
    file, old_file = folder / f"{name}-{digest}.json", folder / f"{name}.json"
    if not file.exists():
        with suppress(OSError):  # there is none, or it cannot be renamed: leave it
            old_file.rename(file)
    return file


def scope_of(target: Target) -> str:
    """Return the name of the cache folder of a target's region, apart for each endpoint."""
    if not target.endpoint and not target.endpoints:
        return f"aws-{target.region}"
    key = target.credentials.access_key_id if target.credentials else target.endpoint or repr(target.endpoints)
    digest = hashlib.sha256(f"{key} {__version__}".encode()).hexdigest()[:12]
    return f"endpoint-{digest}-{target.region}"


def flags_of(target: Target) -> str:
    """Return the options of the command line that lead to a target; empty where environment or settings do."""
    if target.sandbox:
        return "--sandbox"
    if target.owner is None or target.profile_origin:
        return ""
    return f"--profile {shlex.quote(target.owner)} --region {target.region}"


def _slug(text: str) -> str:
    return re.sub(r"[^a-z0-9-]+", "-", text.lower()).strip("-")
