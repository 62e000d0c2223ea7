"""Jobs for the screens' tests: launched in the sandbox, once for all tests of a module."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.cli.runs import run_file, unique_name
from tests.common.home import BROKEN, TINY_SHAPES, Home

MISMATCH = {"training": TINY_SHAPES, "validation": f"s3://{BROKEN}/images-loose/"}
"""Each channel is fine by itself; the training script finds that they do not go together."""


def launch(home: Home, folder: Path, stem: str, *options: str, **changes: Any) -> str:
    """Launch a small image job; its name."""
    name = unique_name(stem)
    home.jsft("launch", run_file(folder, name, **changes), "--yes", *options)
    return name


def ended(home: Home, folder: Path, stem: str, **changes: Any) -> str:
    """The name of a job that ran to its end, whatever end."""
    return launch(home, folder, stem, "--follow", **changes)


def endless(home: Home, folder: Path, stem: str) -> str:
    """The name of a job that trains until it is stopped."""
    return launch(home, folder, stem, hyperparameters={"epochs": 1000, "augmentation": True})
