"""Name the remedies that the program can apply to a run; `core.request.rerun` applies them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class FixKind(Enum):
    """What a fix changes; the value is its name in JSON."""

    HALVE_BATCH = "halve_batch"
    """Half the batch size."""
    NEXT_INSTANCE = "next_instance"
    """Another supported type with quota, with at least as much GPU memory."""
    MORE_GPU_MEMORY = "more_gpu_memory"
    """The same, with more memory per GPU."""
    MORE_MEMORY = "more_memory"
    """The same, with more host memory."""
    RAISE_DISK = "raise_disk"
    """Twice the disk, or a type with a larger one where the disk belongs to the type."""
    DROP_VOLUME_KEY = "drop_volume_key"
    """No key for a disk that does not accept one."""
    ACCEPT_EULA = "accept_eula"
    """Acceptance of a gated model's EULA. Only the user may accept it, so it is always shown first."""
    LONGER_RUN = "longer_run"
    """Twice the maximum runtime."""
    LONGER_WAIT = "longer_wait"
    """Twice the maximum wait time of a spot job."""
    LOWER_LEARNING_RATE = "lower_learning_rate"
    """A tenth of the learning rate."""
    NEW_NAME = "new_name"
    """The name with the next number at its end."""
    CREATE_GROUP = "create_group"
    """A model package group in the account. It changes no run: services create it once the user has confirmed."""
    CHOOSE_GROUP = "choose_group"
    """A model package group for the run, which only the user can choose."""
    SWITCH_MODEL = "switch_model"
    """Another model, which the sandbox can train."""

    @property
    def label(self) -> str:
        """Return what it does, for a key hint."""
        return _LABELS[self]

    @property
    def effect(self) -> str:
        """Return what it costs: time, quality, or nothing."""
        return _EFFECTS.get(self, "")

    @property
    def changes_account(self) -> bool:
        """Return whether it creates something in the account instead of changing the run."""
        return self is FixKind.CREATE_GROUP

    @property
    def is_applied(self) -> bool:
        """Return whether it can be applied to a run without anything that only the user can say or allow."""
        return self not in (FixKind.CREATE_GROUP, FixKind.CHOOSE_GROUP)


_LABELS = {
    FixKind.HALVE_BATCH: "halve the batch size",
    FixKind.NEXT_INSTANCE: "next instance type with quota",
    FixKind.MORE_GPU_MEMORY: "instance type with more GPU memory",
    FixKind.MORE_MEMORY: "instance type with more memory",
    FixKind.RAISE_DISK: "more disk",
    FixKind.DROP_VOLUME_KEY: "drop the volume key",
    FixKind.ACCEPT_EULA: "accept the EULA",
    FixKind.LONGER_RUN: "double max_runtime",
    FixKind.LONGER_WAIT: "double max_wait",
    FixKind.LOWER_LEARNING_RATE: "lower the learning rate",
    FixKind.NEW_NAME: "next number in the name",
    FixKind.SWITCH_MODEL: "a model that trains here",
    FixKind.CREATE_GROUP: "create the model package group",
    FixKind.CHOOSE_GROUP: "choose or create a model package group",
}
_EFFECTS = {
    FixKind.HALVE_BATCH: "slower",
    FixKind.RAISE_DISK: "a little dearer",
    FixKind.DROP_VOLUME_KEY: "the disk has a key of its own",
    FixKind.ACCEPT_EULA: "read the license first",
    FixKind.LONGER_RUN: "may cost twice as much",
    FixKind.LONGER_WAIT: "may wait twice as long",
    FixKind.LOWER_LEARNING_RATE: "learns slower",
}


@dataclass(frozen=True)
class Fix:
    """One fix.

    Attributes:
        kind: what it changes.
        disk_gb: required space in GB, for RAISE_DISK; 0 if unknown.
        model_id: the other model, for SWITCH_MODEL.
        name: of what is created, for CREATE_GROUP.
    """

    kind: FixKind
    disk_gb: int = 0
    model_id: str = ""
    name: str = ""
