"""Real specs and recorded requests that lie beside the checkout; tests that need them skip where they are absent."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from jsft_tui.core.catalog.content import ContentBuckets
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.request.place import Place

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"

needs_shared_data = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the shared test data (../shared/data) is not beside this checkout"
)

REGION = "us-west-2"
PLACE = Place(REGION, ContentBuckets(f"jumpstart-cache-prod-{REGION}", f"jumpstart-private-cache-prod-{REGION}"))


def load(name: str) -> Any:
    """A JSON file of the shared data."""
    return json.loads((SHARED / name).read_text(encoding="utf-8"))


def spec_files() -> list[Path]:
    """The real specs."""
    return sorted((SHARED / "catalogue/community_models").glob("*/specs_v*.json")) if SHARED.is_dir() else []


def spec(model_id: str, version: str | None = None) -> ModelSpec:
    """One real spec; the only version there is unless one is named."""
    pattern = f"catalogue/community_models/{model_id}/specs_v{version or '*'}.json"
    return ModelSpec.parse(json.loads(sorted(SHARED.glob(pattern))[-1].read_text(encoding="utf-8")))


def golden_files() -> list[Path]:
    """The recorded CreateTrainingJob requests, tuning jobs' and deploys' left out."""
    if not SHARED.is_dir():
        return []
    return [
        path for path in sorted((SHARED / "golden").glob("*.json")) if "TrainingJobName" in load(f"golden/{path.name}")
    ]
