"""Tell the sandbox how far a job is: `output/progress.json`, which becomes DescribeTrainingJob's ProgressInfo."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jsft_tui.sandbox.trainers.common.container import Container, write_json

FILE = "output/progress.json"


@dataclass(frozen=True)
class Length:
    """The length of a job: epochs, and steps of an epoch."""

    epochs: int
    steps: int

    @classmethod
    def of(cls, epochs: int, examples: int, batch_size: int) -> Length:
        """Return the length for a number of examples."""
        return cls(epochs, max(1, -(-examples // batch_size)))

    @property
    def total(self) -> int:
        """All steps."""
        return self.epochs * self.steps


def write_progress(container: Container, length: Length, done: int, tokens: int) -> None:
    """Write the file.

    Args:
        container: the job.
        length: epochs and steps.
        done: steps so far, of all epochs.
        tokens: tokens of the steps so far.
    """
    epoch = min(length.epochs, max(0, done - 1) // length.steps + 1)
    document = {
        "TotalStepCountPerEpoch": length.steps,
        "CurrentStep": done - (epoch - 1) * length.steps,
        "CurrentEpoch": epoch,
        "MaxEpoch": length.epochs,
        "Tokens": tokens,
    }
    write_json(Path(container.base) / FILE, document)
