"""Seed a state folder once per test process: each sandbox of a test starts with a copy of it."""

from __future__ import annotations

import atexit
import functools
import shutil
import tempfile
from pathlib import Path

from jsft_tui.sandbox.s3.storage.store import ObjectStore
from jsft_tui.sandbox.server import _plant_once

REGION = "us-west-2"
"""The default region of a sandbox; one in another region seeds itself."""


def seed_state_folder(state_dir: Path) -> None:
    """Copy the seeded content into a state folder that has none yet."""
    if not (state_dir / "content").exists():
        shutil.copytree(_template(), state_dir / "content")


@functools.cache
def _template() -> Path:
    folder = Path(tempfile.mkdtemp(prefix="jsft-seeded-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    store = ObjectStore(folder / "s3")
    _plant_once(folder / "planted", store, REGION)
    store.close()
    return folder
