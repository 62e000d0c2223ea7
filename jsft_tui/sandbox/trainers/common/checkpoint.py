"""Save and restore a training run: everything that the next epoch depends on, in one file."""

from __future__ import annotations

import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.arrays import read_arrays, write_arrays
from jsft_tui.sandbox.trainers.common.optimizers import Optimizer

Arrays = Mapping[str, NDArray[Any]]
Scores = dict[str, float]
"""The metrics of one epoch, by name."""
_DESCRIBED = "described"
_STEPS = "steps"
_DAMAGED = (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error)


class UnusableCheckpoint(Exception):
    """The checkpoint cannot be resumed; the message gives the reason."""


@dataclass(frozen=True)
class Checkpoint:
    """A run after its last complete epoch. It needs no random state, because every epoch seeds its own generator.

    Attributes:
        fingerprint: of the data and the hyperparameters; a run resumes only from a checkpoint with the same one.
        history: the metrics of all epochs so far.
    """

    fingerprint: str
    history: list[Scores]


def write_checkpoint(path: Path, checkpoint: Checkpoint, arrays: Arrays) -> None:
    """Write a run's arrays and history atomically."""
    described = {"fingerprint": checkpoint.fingerprint, "history": checkpoint.history}
    write_arrays(path, {_DESCRIBED: np.array(json.dumps(described)), **arrays})


def read_checkpoint(path: Path, fingerprint: str) -> tuple[list[Scores], Arrays]:
    """Return the history and the arrays of a run.

    Raises:
        UnusableCheckpoint: the checkpoint belongs to another run or is damaged.
    """
    try:
        stored = read_arrays(path.read_bytes())
        described = json.loads(str(stored.pop(_DESCRIBED)))
        if described["fingerprint"] != fingerprint:
            raise UnusableCheckpoint("it belongs to other data, another model or other hyperparameters")
        return list(described["history"]), stored
    except _DAMAGED as error:
        raise UnusableCheckpoint(f"it cannot be read ({type(error).__name__}: {error})") from error


def optimizer_arrays(optimizer: Optimizer) -> Arrays:
    """Return parameters, optimizer state and number of steps, for the checkpoint."""
    return {**_named_arrays(optimizer), _STEPS: np.array(optimizer.steps)}


def restore_optimizer(arrays: Arrays, optimizer: Optimizer) -> None:
    """Restore parameters, optimizer state and number of steps in place.

    Raises:
        UnusableCheckpoint: the arrays are those of another network; nothing is changed.
    """
    targets = _named_arrays(optimizer)
    try:
        if any(arrays[name].shape != target.shape for name, target in targets.items()):
            raise UnusableCheckpoint("it belongs to a network of another shape")
        steps = int(arrays[_STEPS])
    except (KeyError, TypeError, ValueError) as error:
        raise UnusableCheckpoint(f"it cannot be read ({type(error).__name__}: {error})") from error
    for name, target in targets.items():
        target[...] = arrays[name]
    optimizer.steps = steps


def _named_arrays(optimizer: Optimizer) -> dict[str, NDArray[Any]]:
    """Map each array's name in the file to the array."""
    arrays = {f"parameter.{name}": value for name, value in optimizer.parameters.items()}
    for slot, values in optimizer.state.items():
        arrays |= {f"{slot}.{name}": value for name, value in values.items()}
    return arrays
