"""The builder against what the SageMaker SDK really sent for real specs."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.core.clone import run_from_request, tags_of
from jsft_tui.core.request import MODEL_ID_TAG, MODEL_VERSION_TAG, build_request
from jsft_tui.core.runfile import dump_run, parse_run
from tests.shared_data import PLACE, golden_files, needs_shared_data, spec

REFUSED = {"badhp", "badinstance", "llama31_70b_noeula", "hpo"}
BUILDABLE = [path for path in golden_files() if path.stem.removeprefix("v2_") not in REFUSED]


def without_debugger(request: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in request.items() if key not in ("DebugHookConfig", "ProfilerConfig")}


@needs_shared_data
@pytest.mark.parametrize("path", BUILDABLE, ids=lambda path: path.stem)
def test_the_request_equals_the_recorded_one(path: Path) -> None:
    recorded = json.loads(path.read_text())
    tags = tags_of(recorded)
    model = spec(tags[MODEL_ID_TAG], tags[MODEL_VERSION_TAG])
    run = run_from_request(recorded, model, PLACE.buckets)

    built = build_request(run, model, PLACE)

    assert built == without_debugger(recorded)


@needs_shared_data
@pytest.mark.parametrize("path", BUILDABLE, ids=lambda path: path.stem)
def test_a_minimal_run_gets_the_recorded_defaults(path: Path) -> None:
    """Only what the user must choose is given; hyperparameters, disk, encryption, isolation come from the spec."""
    recorded = json.loads(path.read_text())
    tags = tags_of(recorded)
    model = spec(tags[MODEL_ID_TAG], tags[MODEL_VERSION_TAG])
    full = run_from_request(recorded, model, PLACE.buckets)
    changed = {"epoch": "2", "instruction_tuned": "True"} if path.stem.endswith("llama31_70b") else {}
    text = dump_run(full)
    minimal = parse_run(text)
    minimal = type(minimal)(
        name=full.name,
        model=full.model,
        instance=full.instance,
        output=full.output.rstrip("/") if full.output.count("/") == 3 else full.output,
        data=full.data,
        role=full.role,
        hyperparameters=changed,
        accept_eula=full.accept_eula,
        checkpoint=full.checkpoint,
        volume_gb=full.volume_gb if path.stem.endswith("spot") else None,
    )

    assert build_request(minimal, model, PLACE) == without_debugger(recorded)
