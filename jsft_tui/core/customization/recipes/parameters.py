"""Read a recipe's override parameters as hyperparameters: the same declarations, forms and errors as classical ones.

Format: `{name: {type, required, default, min, max, enum, category, description}}`; readers in the SDK are
`sagemaker.train.common.FineTuningOptions` and `common_utils.finetune_utils` (sagemaker-train 1.27).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from jsft_tui.core.catalog.spec.hyperparameter import HyperparameterSpec, HyperparameterType, Scope
from jsft_tui.core.catalog.technique import Technique
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.text import clean

_TYPES = {
    "integer": HyperparameterType.INT,
    "float": HyperparameterType.FLOAT,
    "string": HyperparameterType.TEXT,
    "boolean": HyperparameterType.BOOL,
}
_TRAINER_KEYS = ("data_path", "validation_data_path", "output_path")
_SFT_KEYS = (
    *_TRAINER_KEYS,
    "data_s3_path",
    "output_s3_path",
    "training_data_name",
    "validation_data_name",
)
DROPPED: Mapping[Technique, tuple[str, ...]] = {
    Technique.SFT: _SFT_KEYS,
    Technique.DPO: _SFT_KEYS,
    Technique.RLVR: (*_TRAINER_KEYS, "data_s3_path", "reward_lambda_arn"),
    Technique.RLAIF: _TRAINER_KEYS,
}
"""Entries that are never sent: channels, outputs and evaluators of the job take their place
(SDK, `_process_hyperparameters` of the four trainers).
"""

INFRASTRUCTURE = frozenset(
    {"name", "results_directory", "model_name_or_path", "resume_from_path", "namespace", "mlflow_run_id"}
    | {"mlflow_tracking_uri", "mlflow_experiment_name", "mlflow_run_name", "instance_type", "replicas"}
)
"""Entries that the platform sets itself; they are sent as they are and not shown (jumpstart-2026 §2.3)."""

_HYPERPARAMETER = "hyperparameter"


def parse_parameters(document: Any, technique: Technique) -> tuple[HyperparameterSpec, ...]:
    """Return the hyperparameters that an override-parameter file declares for a technique.

    Raises:
        Problem: the file is not a mapping of names to declarations (code `BadRecipe`).
    """
    if not isinstance(document, Mapping) or not all(isinstance(entry, Mapping) for entry in document.values()):
        raise Problem("BadRecipe", "the recipe's override parameters are not declarations.", "Choose another recipe.")
    return tuple(_declared(document, DROPPED[technique]))


def _declared(document: Mapping[str, Any], dropped: tuple[str, ...]) -> Iterator[HyperparameterSpec]:
    categorized = any(entry.get("category") for entry in document.values())
    for name, entry in document.items():
        if name in dropped:
            continue
        kind = _TYPES.get(str(entry.get("type")), HyperparameterType.TEXT)
        is_number = kind in (HyperparameterType.INT, HyperparameterType.FLOAT)
        yield HyperparameterSpec(
            name=str(name),
            type=kind,
            default=entry.get("default"),
            scope=_scope(str(name), entry, categorized=categorized),
            options=tuple(str(option) for option in entry.get("enum") or ()),
            minimum=_bound(entry.get("min")) if is_number else None,
            maximum=_bound(entry.get("max")) if is_number else None,
            options_bind_numbers=True,
            description=clean(str(entry.get("description") or "")),
        )


def _scope(name: str, entry: Mapping[str, Any], *, categorized: bool) -> Scope:
    """Return who sets an entry; in a file without categories, users set all but the known others."""
    own = entry.get("category") == _HYPERPARAMETER if categorized else name not in INFRASTRUCTURE
    return Scope.ALGORITHM if own else Scope.CONTAINER


def _bound(value: Any) -> float | None:
    return value if isinstance(value, (int, float)) and not isinstance(value, bool) else None
