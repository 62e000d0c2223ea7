"""Save and restore a training run: everything that the next epoch depends on, in one file."""

from __future__ import annotations

import json
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from jsft_tui.sandbox.trainers.common.arrays import read_arrays, write_arrays
from jsft_tui.sandbox.trainers.common.optimizers import Optimizer

Scores = dict[str, float]
"""The metrics of one epoch, by name."""


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


def write_checkpoint(path: Path, checkpoint: Checkpoint, optimizer: Optimizer) -> None:
    """Write parameters, optimizer state and history atomically."""
    described = {
        "fingerprint": checkpoint.fingerprint,
        "history": checkpoint.history,
        "steps": optimizer.steps,
    }
    write_arrays(path, {"described": np.array(json.dumps(described))} | _named_arrays(optimizer))


def restore_checkpoint(path: Path, fingerprint: str, optimizer: Optimizer) -> list[Scores]:
    """Restore parameters and optimizer state in place, and return the history.

    Raises:
        UnusableCheckpoint: the checkpoint belongs to another run or is damaged; nothing is changed.
    """
    try:
        stored = read_arrays(path.read_bytes())
        described = json.loads(str(stored["described"]))
        if described["fingerprint"] != fingerprint:
            raise UnusableCheckpoint("it belongs to other data, another model or other hyperparameters")
        targets = _named_arrays(optimizer)
        if any(stored[name].shape != target.shape for name, target in targets.items()):
            raise UnusableCheckpoint("it belongs to a network of another shape")
        history: list[Scores] = list(described["history"])
        steps = int(described["steps"])
    except (OSError, ValueError, KeyError, TypeError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise UnusableCheckpoint(f"it cannot be read ({type(error).__name__}: {error})") from error
    for name, target in targets.items():
        target[...] = stored[name]
    optimizer.steps = steps
    return history


def _named_arrays(optimizer: Optimizer) -> dict[str, NDArray[Any]]:
    """Map each array's name in the file to the array."""
    arrays = {f"parameter.{name}": value for name, value in optimizer.parameters.items()}
    for slot, values in optimizer.state.items():
        arrays |= {f"{slot}.{name}": value for name, value in values.items()}
    return arrays
