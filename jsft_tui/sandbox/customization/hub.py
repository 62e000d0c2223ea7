"""Serve DescribeHubContent for the models of JumpStart's public hub, from the specs in the content bucket.

ListHubContents is answered for hubs of the account: there is none.
"""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from jsft_tui.sandbox.customization.catalog import BaseModel, ModelCatalog
from jsft_tui.sandbox.http.sagemaker_api import SageMakerService
from jsft_tui.sandbox.http.service import ApiError, Call
from jsft_tui.sandbox.seed.base.locations import content_bucket

PUBLIC_HUB = "SageMakerPublicHub"
_URIS = {
    "smtj_override_params_s3_key": "SmtjOverrideParamsS3Uri",
    "smtj_recipe_template_s3_key": "SmtjRecipeTemplateS3Uri",
}
"""Keys of a recipe in the spec, and the members with whole URIs in the hub document (sagemaker-train 1.27)."""
_LEFT_OUT = frozenset({"regional_parameters", "sandbox_runnable", *_URIS})


class HubService(SageMakerService):
    """The hub operations that the SDK's trainers and jsft call."""

    def __init__(self, catalog: ModelCatalog) -> None:
        self._catalog = catalog
        self._created = time.time()
        super().__init__({"DescribeHubContent": self._describe, "ListHubContents": self._list})

    def _describe(self, call: Call) -> dict[str, Any]:
        wanted = call.parameters
        hub, name = str(wanted["HubName"]).rpartition("/")[2], wanted["HubContentName"]
        is_model = hub == PUBLIC_HUB and wanted["HubContentType"] == "Model"
        model = self._catalog.newest(name, call.region) if is_model else None
        version = wanted.get("HubContentVersion")
        if model is None or version not in (None, model.version):
            # Not checked against AWS: the wording.
            raise ApiError("ResourceNotFound", f"Hub content {name} of hub {hub} does not exist.")
        return self._description(model)

    def _list(self, call: Call) -> dict[str, Any]:
        """Answer for the hub of an account's own evaluators, which nobody has made here."""
        hub = str(call.parameters["HubName"]).rpartition("/")[2]
        if hub != PUBLIC_HUB:
            # Not checked against AWS: the wording.
            raise ApiError("ResourceNotFound", f"Hub with name {hub} does not exist.")
        raise ApiError("ValidationException", "The sandbox does not list the public hub: its models are in S3.")

    def _description(self, model: BaseModel) -> dict[str, Any]:
        prefix = f"arn:aws:sagemaker:{model.region}:aws"
        return {
            "HubContentName": model.model_id,
            "HubContentArn": f"{prefix}:hub-content/{PUBLIC_HUB}/Model/{model.model_id}/{model.version}",
            "HubContentVersion": model.version,
            "HubContentType": "Model",
            "DocumentSchemaVersion": "2.3.0",
            "HubName": PUBLIC_HUB,
            "HubArn": f"{prefix}:hub/{PUBLIC_HUB}",
            "HubContentDisplayName": model.model_id,
            "HubContentDocument": json.dumps(hub_document(model)),
            "HubContentStatus": "Available",
            "SupportStatus": "Supported",
            "CreationTime": self._created,
        }


def hub_document(model: BaseModel) -> dict[str, Any]:
    """Return a hub document: the members that the SDK's trainers read, not all of AWS's."""
    bucket = f"s3://{content_bucket(model.region)}"
    spec = model.spec
    document: dict[str, Any] = {
        "Url": spec.get("url", ""),
        "MinSdkVersion": spec.get("min_sdk_version", ""),
        "GatedBucket": model.is_gated,
        "TrainingSupported": bool(spec.get("training_supported")),
        "RecipeCollection": [_recipe(entry, bucket, model.region) for entry in model.entries],
    }
    for key, member in (("training_artifact_key", "TrainingArtifactUri"), ("hosting_eula_key", "HostingEulaUri")):
        if spec.get(key):
            document[member] = f"{bucket}/{spec[key]}"
    return document


def _recipe(entry: Mapping[str, Any], bucket: str, region: str) -> dict[str, Any]:
    offer = ((entry.get("regional_parameters") or {}).get("prod") or {}).get(region) or {}
    image = {"SmtjImageUri": offer["smtj_regional_ecr_uri"]} if offer.get("smtj_regional_ecr_uri") else {}
    return {
        **{_pascal(name): value for name, value in entry.items() if name not in _LEFT_OUT},
        **{member: f"{bucket}/{entry[key]}" for key, member in _URIS.items() if entry.get(key)},
        **image,
    }


def _pascal(name: str) -> str:
    return "".join(part.capitalize() for part in name.split("_"))
