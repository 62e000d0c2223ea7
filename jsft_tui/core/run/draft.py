"""A draft: a run that is being edited, so parts of it may still be missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import Enum
from typing import Any

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import usage
from jsft_tui.core.customization.document import customization_document, read_customization
from jsft_tui.core.run.run import InstanceChoice, KmsKeys, ModelChoice, Run, Vpc

TRAINING, VALIDATION = "training", "validation"
"""The input channels."""
EMPTY = Run(name="", model=ModelChoice(""), instance=InstanceChoice(""), output="")
"""An empty draft."""


class Part(Enum):
    """A part of a draft that the user has to choose."""

    MODEL = "model"
    DATA = "training data"
    OUTPUT = "output bucket"
    INSTANCE = "instance"


@dataclass(frozen=True)
class Gap:
    """A missing part of a draft."""

    part: Part

    @property
    def what(self) -> str:
        """Return what is missing, in words."""
        return f"{self.part.value} not chosen"


def gaps(run: Run) -> tuple[Gap, ...]:
    """Return what must be chosen before the draft can be checked."""
    missing = (
        (not run.model.id, Part.MODEL),
        (run.customization is not None and not run.data, Part.DATA),  # recipes have no default dataset
        (not run.output, Part.OUTPUT),
        (not run.instance.type, Part.INSTANCE),
    )
    return tuple(Gap(part) for lacks, part in missing if lacks)


def with_model(run: Run, spec: ModelSpec, suggestion: Run) -> Run:
    """Change the model of a draft: what belongs to the old one is dropped, what the user set up is kept.

    Args:
        run: the draft.
        spec: the chosen model.
        suggestion: a first run for that model (name, instance, hyperparameters).
    """
    if run.model.id == spec.model_id:
        return replace(run, model=ModelChoice(spec.model_id, spec.version, run.model.artifact))
    if run.customization or suggestion.customization:
        return with_method(replace(run, customization=None), suggestion)
    keeps_instance = run.instance.type in spec.instance_types
    type_ = run.instance.type if keeps_instance else suggestion.instance.type
    return replace(
        run,
        name=suggestion.name,
        model=ModelChoice(spec.model_id, spec.version),
        # The time limits were chosen for the old model; a short one would stop the new one halfway.
        instance=replace(suggestion.instance, type=type_, count=run.instance.count, spot=run.instance.spot),
        output=run.output or suggestion.output,
        data={},
        hyperparameters=suggestion.hyperparameters,
        accept_eula=False,
        tuning=None,  # its ranges and its objective are the old model's
    )


def with_method(run: Run, suggestion: Run) -> Run:
    """Change how a draft trains: by script or by a recipe, or by another recipe.

    What the user set up for any run is kept. Data and the choices of a customization are kept between recipes of the
    same technique, whose data has the same format.

    Args:
        run: the draft.
        suggestion: a first run of the new way (name, instance, hyperparameters, customization).
    """
    old, new = run.customization, suggestion.customization
    is_alike = old is not None and new is not None and old.technique is new.technique
    choices = replace(old, adapter=new.adapter, sequence_length=new.sequence_length) if old and new else new
    return replace(
        suggestion,
        output=run.output or suggestion.output,
        role=run.role or suggestion.role,
        vpc=run.vpc,
        kms=run.kms,
        tags=run.tags,
        max_cost_usd=run.max_cost_usd,
        data=run.data if is_alike else {},
        customization=choices if is_alike else new,
        accept_eula=run.accept_eula and run.model == suggestion.model,
    )


def with_customization(run: Run, **choices: str) -> Run:
    """Change choices of a draft's customization; a draft by a training script has none and stays as it is."""
    changes: dict[str, Any] = dict(choices)
    return replace(run, customization=replace(run.customization, **changes)) if run.customization else run


def restored(left: Run, run: Run, spec: ModelSpec, suggestion: Run) -> Run:
    """Restore a draft that was left for another model.

    Args:
        left: the draft as it was left.
        run: the current draft, whose output is kept.
        spec: the model, which may have a newer version.
        suggestion: a first run for that model, with an unused job name.
    """
    same = left.model.version == spec.version
    return replace(
        left,
        name=suggestion.name,
        model=ModelChoice(spec.model_id, spec.version, left.model.artifact),
        output=run.output or left.output or suggestion.output,
        accept_eula=left.accept_eula and same,  # a new version may have a new EULA
    )


def with_data(run: Run, channel: str, uri: str) -> Run:
    """Set the data of a channel.

    Raises:
        Problem: validation data beside the model's default dataset (code `NoTrainingData`).
    """
    if channel != TRAINING and TRAINING not in run.data:
        message = f"{channel} data requires training data of your own, but the run uses the default dataset."
        raise usage("NoTrainingData", message, "Choose the training data first.")
    return replace(run, data={**run.data, channel: uri})


def draft_document(run: Run) -> dict[str, Any]:
    """Convert a draft to plain values for a file."""
    from jsft_tui.core.run.file.tuning_section import tuning_document  # YAML: not before the first frame

    customization, tuning = run.customization, run.tuning
    return {
        **asdict(replace(run, customization=None, tuning=None)),
        "customization": customization and customization_document(customization),
        "tuning": tuning and tuning_document(tuning),
    }


def read_draft(document: Any) -> Run | None:
    """Read a draft from its file; None if this version cannot read it."""
    if not isinstance(document, Mapping):
        return None
    from jsft_tui.core.run.file.tuning_section import TuningReader

    known = {field.name for field in fields(Run)}
    values = {key: value for key, value in document.items() if key in known}
    try:
        vpc, wanted = values.get("vpc"), values.get("customization")
        return replace(
            Run(**values),
            model=ModelChoice(**values["model"]),
            instance=InstanceChoice(**values["instance"]),
            kms=KmsKeys(**(values.get("kms") or {})),
            vpc=Vpc(tuple(vpc["subnets"]), tuple(vpc["security_group_ids"])) if vpc else None,
            customization=read_customization(wanted) if wanted else None,
            tuning=TuningReader().tuning(values["tuning"], "tuning") if values.get("tuning") else None,
        )
    except (TypeError, KeyError, ValueError):
        return None
