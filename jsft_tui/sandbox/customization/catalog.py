"""Read models and their recipes from the catalog in the content bucket, as the hub and serverless jobs know them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jsft_tui.sandbox.seed.base.locations import MANIFEST_KEY, content_bucket

if TYPE_CHECKING:
    from jsft_tui.sandbox.s3.storage.store import ObjectStore

_BASE_MODEL = re.compile(r".*:hub-content/(?P<hub>[^/]+)/Model/(?P<model>[^/]+)(/(?P<version>[\d.]+))?")


@dataclass(frozen=True)
class BaseModel:
    """A model of the catalog.

    Attributes:
        spec: its spec, as the content bucket has it.
        region: the region of that bucket.
    """

    spec: Mapping[str, Any]
    region: str

    @property
    def model_id(self) -> str:
        """The JumpStart model ID."""
        return str(self.spec["model_id"])

    @property
    def version(self) -> str:
        """The newest version, which serverless jobs always train."""
        return str(self.spec["version"])

    @property
    def is_gated(self) -> bool:
        """Whether a license must be accepted."""
        return bool(self.spec.get("gated_bucket"))

    @property
    def entries(self) -> list[Mapping[str, Any]]:
        """The recipes, as the spec has them."""
        return list(self.spec.get("recipe_collection") or ())

    def recipe(self, technique: str, peft: str, length: str) -> Mapping[str, Any] | None:
        """Return the recipe that a serverless job asks for; None if the region does not offer it."""
        for entry in self.entries:
            offer = ((entry.get("regional_parameters") or {}).get("prod") or {}).get(self.region) or {}
            if (
                entry.get("type") == "FineTuning"
                and entry.get("customization_technique") == technique
                and (entry.get("peft") or "") == peft
                and length in ("", entry.get("sequence_length"))
                and offer.get("serverless_sku")
            ):
                return entry
        return None


class ModelCatalog:
    """The models of the sandbox's content buckets."""

    def __init__(self, store: ObjectStore) -> None:
        self._store = store

    def newest(self, model_id: str, region: str) -> BaseModel | None:
        """Return the newest version of a model; None if there is no such model in the region."""
        rows = [row for row in self._document(region, MANIFEST_KEY) or () if row.get("model_id") == model_id]
        if not rows:
            return None
        row = max(rows, key=lambda row: [int(part) for part in re.findall(r"\d+", str(row["version"]))])
        spec = self._document(region, str(row["spec_key"]))
        return BaseModel(spec, region) if isinstance(spec, dict) else None

    def of_arn(self, arn: str, region: str) -> BaseModel | None:
        """Return the model that the ARN of a hub content names."""
        found = _BASE_MODEL.fullmatch(arn)
        return self.newest(found["model"], region) if found else None

    def parameters(self, entry: Mapping[str, Any], region: str) -> Mapping[str, Any]:
        """Return the override parameters of a recipe; empty if they cannot be read."""
        document = self._document(region, str(entry.get("smtj_override_params_s3_key") or ""))
        return document if isinstance(document, dict) else {}

    def _document(self, region: str, key: str) -> Any:
        bucket = content_bucket(region)
        try:
            with self._store.read(bucket, key) as source:
                return json.load(source)
        except (KeyError, ValueError):
            return None
