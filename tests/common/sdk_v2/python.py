"""Find or install the SDK, and ask it what it would send."""

from __future__ import annotations

import json
import os
import subprocess
import venv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.common.shared_data import SHARED

ROOT = Path(__file__).resolve().parents[3]
VERSION = "2.257.7"


def python_with_sdk(folder: Path) -> str:
    """The Python that JSFT_SDK_V2_PYTHON names, or one that is made in the folder; the test is skipped without."""
    if named := os.environ.get("JSFT_SDK_V2_PYTHON"):
        return named
    venv.create(folder, with_pip=True)
    found = str(folder / "bin/python")
    command = [found, "-m", "pip", "install", "-q", f"sagemaker=={VERSION}"]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("the SageMaker SDK v2 cannot be installed here")
    return found


def sent_by_sdk(python: str, module: str, programs: Mapping[str, object]) -> dict[str, Any]:
    """What a module of `offline.write_answers` writes for each program, by the same names."""
    done = subprocess.run(
        [python, "-m", module, str(SHARED / "catalogue")],
        input=json.dumps(list(programs.values())),
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return dict(zip(programs, json.loads(done.stdout.splitlines()[-1]), strict=True))
