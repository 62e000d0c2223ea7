"""Build the catalog's objects in the content bucket: two manifests, specs and license texts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from jsft_tui.sandbox.seed.base import locations
from jsft_tui.sandbox.seed.deploy_only_models import DEPLOY_ONLY_MODELS
from jsft_tui.sandbox.seed.models import MODELS
from jsft_tui.sandbox.seed.recipes.models import RECIPE_MODELS, RecipeModel
from jsft_tui.sandbox.seed.specs import deploy_only_spec, recipe_spec, spec

_LICENSE = """\
SANDBOX PLACEHOLDER FOR A LICENSE

This is not the license of any model. In AWS, this object is the license agreement of the model's provider,
and you must read and accept it before you train the model.

The sandbox has no weights of gated models; the one that it can train starts from random numbers. Accepting this text
accepts nothing and has no legal effect; it only lets you try how jsft asks for acceptance.
"""


def catalog_objects(region: str) -> Iterator[tuple[str, bytes]]:
    """Yield every object of the catalog in `region`, as (key, body)."""
    yield locations.MANIFEST_KEY, _document(manifest())
    # There are no marketplace models. Not checked against AWS: that the file may be an empty list.
    yield locations.PROPRIETARY_MANIFEST_KEY, _document([])
    for model in MODELS:
        for release in model.releases:
            yield locations.spec_key(model.model_id, release.version), _document(spec(model, release, region))
    for by_recipe in _recipe_only():
        yield locations.spec_key(by_recipe.model_id, by_recipe.version), _document(recipe_spec(by_recipe, region))
    for other in DEPLOY_ONLY_MODELS:
        yield locations.spec_key(other.model_id, other.version), _document(deploy_only_spec(other))
    licenses = {*(model.eula_key for model in MODELS), *(model.eula_key for model in DEPLOY_ONLY_MODELS)}
    for key in sorted(key for key in licenses if key):
        yield key, _LICENSE.encode()


def manifest() -> list[dict[str, Any]]:
    """Return the entries of `models_manifest.json`: one for each version of each model."""
    trainable = [
        _entry(model.model_id, release.version, release.min_sdk, model.deprecated, release.family.task)
        for model in MODELS
        for release in model.releases
    ]
    others = [
        _entry(model.model_id, model.version, model.min_sdk, model.deprecated, model.task)
        for model in DEPLOY_ONLY_MODELS
    ]
    by_recipe = [_entry(each.model_id, each.version, "2.244.2", False, "Text Generation") for each in _recipe_only()]
    return trainable + by_recipe + others


def _recipe_only() -> list[RecipeModel]:
    return [model for model in RECIPE_MODELS if not model.has_script]


def _entry(model_id: str, version: str, min_sdk: str, deprecated: bool, task: str) -> dict[str, Any]:
    return {
        "model_id": model_id,
        "version": version,
        "min_version": min_sdk,
        "spec_key": locations.spec_key(model_id, version),
        "deprecated": deprecated,
        # Stand-in: no public source for the keywords of real entries.
        "search_keywords": [task],
    }


def _document(value: object) -> bytes:
    return json.dumps(value, indent=1).encode() + b"\n"
