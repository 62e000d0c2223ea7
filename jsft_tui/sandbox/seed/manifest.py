"""The catalogue as objects of the content bucket: two manifests, specs and licence texts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from jsft_tui.sandbox.seed.base import places
from jsft_tui.sandbox.seed.models import MODELS
from jsft_tui.sandbox.seed.served import UNTRAINABLE
from jsft_tui.sandbox.seed.specs import served_spec, spec

_LICENCE = """\
SANDBOX STAND-IN FOR A LICENCE

This is not the licence of any model. In AWS, the licence agreement of the model's provider lies here,
and you must read and accept it before you train the model.

The sandbox holds no weights of gated models and cannot train them. Accepting this text accepts nothing
and has no legal effect; it only lets you practise how jsft asks.
"""


def catalog_objects(region: str) -> Iterator[tuple[str, bytes]]:
    """Every object of the catalogue in `region`, as (key, body)."""
    yield places.MANIFEST_KEY, _document(manifest())
    # No marketplace models here. Not checked against AWS: that the file may be an empty list.
    yield places.PROPRIETARY_MANIFEST_KEY, _document([])
    for model in MODELS:
        for release in model.releases:
            yield places.spec_key(model.model_id, release.version), _document(spec(model, release, region))
    for served in UNTRAINABLE:
        yield places.spec_key(served.model_id, served.version), _document(served_spec(served))
    licences = {*(model.eula_key for model in MODELS), *(served.eula_key for served in UNTRAINABLE)}
    for key in sorted(key for key in licences if key):
        yield key, _LICENCE.encode()


def manifest() -> list[dict[str, Any]]:
    """The entries of `models_manifest.json`: one for each version of each model."""
    trainable = [
        _entry(model.model_id, release.version, release.min_sdk, model.deprecated, release.family.task)
        for model in MODELS
        for release in model.releases
    ]
    return trainable + [
        _entry(served.model_id, served.version, served.min_sdk, served.deprecated, served.task)
        for served in UNTRAINABLE
    ]


def _entry(model_id: str, version: str, min_sdk: str, deprecated: bool, task: str) -> dict[str, Any]:
    return {
        "model_id": model_id,
        "version": version,
        "min_version": min_sdk,
        "spec_key": places.spec_key(model_id, version),
        "deprecated": deprecated,
        # Stand-in: no public source for the keywords of real entries.
        "search_keywords": [task],
    }


def _document(value: object) -> bytes:
    return json.dumps(value, indent=1).encode() + b"\n"
