"""A draft: a run that is being put together, so any part of it may still be missing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from enum import Enum
from typing import Any

from jsft_tui.core.catalog.spec import ModelSpec
from jsft_tui.core.common.errors import usage
from jsft_tui.core.run.run import InstanceChoice, KmsKeys, ModelChoice, Run, Vpc

TRAINING, VALIDATION = "training", "validation"
"""The input channels."""
EMPTY = Run(name="", model=ModelChoice(""), instance=InstanceChoice(""), output="")
"""A draft of nothing yet."""


class Part(Enum):
    """A part of a draft that a person has to choose."""

    MODEL = "model"
    OUTPUT = "output bucket"
    INSTANCE = "instance"


@dataclass(frozen=True)
class Gap:
    """A part that a draft still lacks."""

    part: Part

    @property
    def what(self) -> str:
        """What is missing, in words."""
        return f"{self.part.value} not chosen"


def gaps(run: Run) -> tuple[Gap, ...]:
    """What has to be chosen before the draft can be checked."""
    missing = (
        (not run.model.id, Part.MODEL),
        (not run.output, Part.OUTPUT),
        (not run.instance.type, Part.INSTANCE),
    )
    return tuple(Gap(part) for lacks, part in missing if lacks)


def with_model(run: Run, spec: ModelSpec, suggestion: Run) -> Run:
    """The draft with another model: what belongs to the old one goes, what the person set up stays.

    Args:
        run: the draft.
        spec: the model picked.
        suggestion: a first run for that model (name, instance, hyperparameters).
    """
    if run.model.id == spec.model_id:
        return replace(run, model=ModelChoice(spec.model_id, spec.version, run.model.artifact))
    keeps_instance = run.instance.type in spec.instance_types
    type_ = run.instance.type if keeps_instance else suggestion.instance.type
    return replace(
        run,
        name=suggestion.name,
        model=ModelChoice(spec.model_id, spec.version),
        # The times were chosen for the old model: a short limit would stop the new one in the middle.
        instance=replace(suggestion.instance, type=type_, count=run.instance.count, spot=run.instance.spot),
        output=run.output or suggestion.output,
        data={},
        hyperparameters=suggestion.hyperparameters,
        accept_eula=False,
    )


def taken_up(left: Run, run: Run, spec: ModelSpec, suggestion: Run) -> Run:
    """What was chosen for a model before another one was taken, as the draft again.

    Args:
        left: the draft as it was then.
        run: the draft of now; its output holds.
        spec: the model, of which there may be another version now.
        suggestion: a first run for that model, for a name that no job has.
    """
    same = left.model.version == spec.version
    return replace(
        left,
        name=suggestion.name,
        model=ModelChoice(spec.model_id, spec.version, left.model.artifact),
        output=run.output or left.output or suggestion.output,
        accept_eula=left.accept_eula and same,  # another version may have another licence
    )


def with_data(run: Run, channel: str, uri: str) -> Run:
    """The draft with data of its own for a channel.

    Raises:
        Problem: validation data beside the model's default dataset (code `NoTrainingData`).
    """
    if channel != TRAINING and TRAINING not in run.data:
        message = f"{channel} data goes with training data of one's own, and the run trains with the default dataset."
        raise usage("NoTrainingData", message, "Choose the training data first.")
    return replace(run, data={**run.data, channel: uri})


def draft_document(run: Run) -> dict[str, Any]:
    """A draft as plain values for a file."""
    return asdict(run)


def read_draft(document: Any) -> Run | None:
    """A draft from its file; None for one that this version cannot read."""
    if not isinstance(document, Mapping):
        return None
    known = {field.name for field in fields(Run)}
    values = {key: value for key, value in document.items() if key in known}
    try:
        vpc = values.get("vpc")
        return replace(
            Run(**values),
            model=ModelChoice(**values["model"]),
            instance=InstanceChoice(**values["instance"]),
            kms=KmsKeys(**(values.get("kms") or {})),
            vpc=Vpc(tuple(vpc["subnets"]), tuple(vpc["security_group_ids"])) if vpc else None,
        )
    except (TypeError, KeyError):
        return None
