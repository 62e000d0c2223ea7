"""The remedies that the program can apply to a run by itself, named; `core.apply_fix` applies them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class FixKind(Enum):
    """What is changed; the value is its name in JSON."""

    HALVE_BATCH = "halve_batch"
    """Half the batch size."""
    NEXT_INSTANCE = "next_instance"
    """Another supported type with quota, with at least as much GPU memory."""
    MORE_GPU_MEMORY = "more_gpu_memory"
    """Such a type whose GPUs have more memory each."""
    MORE_MEMORY = "more_memory"
    """Such a type with more host memory."""
    RAISE_DISK = "raise_disk"
    """Twice the disk, or a type with a larger one where the disk is the type's own."""
    DROP_VOLUME_KEY = "drop_volume_key"
    """No key for a disk that takes none."""
    ACCEPT_EULA = "accept_eula"
    """The licence of a gated model accepted, which only the person may do: it is always shown first."""
    LONGER_RUN = "longer_run"
    """Twice the longest run time."""
    LONGER_WAIT = "longer_wait"
    """Twice the time that a spot job waits and runs."""
    LOWER_LEARNING_RATE = "lower_learning_rate"
    """A tenth of the learning rate."""
    NEW_NAME = "new_name"
    """The name with the next number at its end."""

    @property
    def label(self) -> str:
        """What it does, for a key hint."""
        return _LABELS[self]


_LABELS = {
    FixKind.HALVE_BATCH: "halve the batch size",
    FixKind.NEXT_INSTANCE: "next instance type with quota",
    FixKind.MORE_GPU_MEMORY: "instance type with more GPU memory",
    FixKind.MORE_MEMORY: "instance type with more memory",
    FixKind.RAISE_DISK: "more disk",
    FixKind.DROP_VOLUME_KEY: "drop the volume key",
    FixKind.ACCEPT_EULA: "accept the licence",
    FixKind.LONGER_RUN: "double max_runtime",
    FixKind.LONGER_WAIT: "double max_wait",
    FixKind.LOWER_LEARNING_RATE: "lower the learning rate",
    FixKind.NEW_NAME: "next number in the name",
}


@dataclass(frozen=True)
class Fix:
    """One remedy.

    Attributes:
        kind: what is changed.
        disk_gb: for RAISE_DISK what has to fit, in GB; 0 when it is not known.
    """

    kind: FixKind
    disk_gb: int = 0
