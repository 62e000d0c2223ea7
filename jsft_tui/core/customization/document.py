"""Convert a customization to plain values and back, for run files and drafts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jsft_tui.core.catalog.technique import Adapter, Technique
from jsft_tui.core.customization.customization import Customization

TEXTS = (
    "sequence_length",
    "model_package_group",
    "source_model_package",
    "mlflow_app",
    "mlflow_experiment",
    "mlflow_run",
    "evaluator",
    "judge_model",
)
"""Keys with a text, in the order of a run file."""
KEYS = ("technique", "adapter", *TEXTS)


def customization_document(wanted: Customization) -> dict[str, str]:
    """Return the section of a run file; what is not set is left out."""
    texts = {name: str(getattr(wanted, name)) for name in TEXTS}
    document = {"technique": wanted.technique.value, "adapter": wanted.adapter.value, **texts}
    return {name: text for name, text in document.items() if text}


def read_customization(document: Mapping[str, Any]) -> Customization:
    """Read what `customization_document` wrote.

    Raises:
        KeyError: the technique is missing.
        ValueError: an unknown technique or adapter.
    """
    texts = {name: str(document[name]) for name in TEXTS if document.get(name)}
    return Customization(
        Technique(document["technique"]), Adapter(document.get("adapter", Adapter.LORA.value)), **texts
    )
