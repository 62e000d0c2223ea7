"""Short names of models: their ids without what a list says anyway."""

from __future__ import annotations

import re

_FAMILY = re.compile(
    r"(?:tensorflow|pytorch|huggingface|mxnet|sklearn|lightgbm|catboost|xgboost|autogluon|meta|model)"
    # Tabular models differ in framework and task only.
    r"-(?!classification-|regression-)[a-z0-9]+-(?=.)"
)


_GENERIC = "model"
"""A name that says nothing without the task before it (`pytorch-tabtransformerclassification-model`)."""


def short_model_id(model_id: str) -> str:
    """Shorten a model id for narrow columns: without framework and task."""
    short = _FAMILY.sub("", model_id, count=1) if _FAMILY.match(model_id) else model_id
    return model_id.partition("-")[2] if short == _GENERIC else short


_VERSION_OF_TASK = re.compile(r"-(?:classification|regression)-\d+$")


def shortest_model_id(model_id: str) -> str:
    """Return a model id without framework, task and the number of its task's algorithm: `efficientnet-lite0`."""
    return _VERSION_OF_TASK.sub("", short_model_id(model_id))
