"""The tags and channels that identify a training job's JumpStart model (SDK v2, `jumpstart/constants.py`)."""

from __future__ import annotations

from collections.abc import Mapping

MODEL_ID_TAG = "sagemaker-sdk:jumpstart-model-id"


MODEL_VERSION_TAG = "sagemaker-sdk:jumpstart-model-version"
"""Tags that identify the JumpStart model of a job (SDK, `jumpstart/enums.py`, JumpStartTag)."""


HUB_NAME_TAG = "sagemaker-sdk:jumpstart-hub-name"
"""Tag of customizations, which carry no version (sagemaker-train 1.27, `_get_jumpstart_tags`)."""


CUSTOMIZATION_TAG = "jsft:customization"
"""Tag with technique, adapter and length of a recipe job on instances, which the service does not know of it."""


RECIPE_CHANNEL = "recipe"
RECIPE_HYPERPARAMETER = "sagemaker_recipe_local_path"
"""The channel with the recipe of such a job, and the only hyperparameter that the SDK gives it."""


JUMPSTART_CHANNELS = ("model", "code")
"""Channels that JumpStart adds: weights and training code."""


def model_of(tags: Mapping[str, str]) -> tuple[str, str] | None:
    """Return the model id and version in a job's tags; None for a job that is not JumpStart's."""
    model_id = tags.get(MODEL_ID_TAG)
    return (model_id, tags.get(MODEL_VERSION_TAG, "*")) if model_id else None
