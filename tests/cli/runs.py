"""Run files for tests."""

from __future__ import annotations

import itertools
import time
from pathlib import Path
from typing import Any

import yaml

from tests.common.home import IMAGE_MODEL, TINY_SHAPES, Home

_numbers = itertools.count()


def unique_name(stem: str) -> str:
    """A training job name that no other test uses."""
    return f"{stem}-{next(_numbers)}-{time.time_ns() % 10**9}"


def run_document(name: str, **changes: Any) -> dict[str, Any]:
    """A small image run that passes preflight; `changes` replace top-level keys, None removes one."""
    document: dict[str, Any] = {
        "version": 1,
        "name": name,
        "model": {"id": IMAGE_MODEL},
        "data": {"training": TINY_SHAPES},
        "output": "s3://jsft-sandbox-us-west-2",
        "instance": {"type": "ml.g4dn.xlarge", "max_runtime": "30m"},
        "hyperparameters": {"epochs": 2, "batch_size": "auto"},
        **changes,
    }
    return {key: value for key, value in document.items() if value is not None}


def run_file(folder: Path, name: str, **changes: Any) -> Path:
    """The same, written to a file."""
    path = folder / f"{name}.yaml"
    path.write_text(yaml.safe_dump(run_document(name, **changes)))
    return path


def created_jobs(home: Home) -> int:
    """How many CreateTrainingJob calls arrived since the calls were forgotten."""
    return sum(operation == "CreateTrainingJob" for _, operation in home.sandbox.calls())
