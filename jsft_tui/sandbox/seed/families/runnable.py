"""Convert the declarations of the sandbox's trainers to spec entries of the runnable models."""

from __future__ import annotations

from jsft_tui.sandbox.seed.base.family import Metric, Scripts, ml
from jsft_tui.sandbox.seed.base.parameters import Parameter
from jsft_tui.sandbox.trainers.common import hyperparameters

RUNNABLE_GPU_TYPES = ml(
    "g4dn.xlarge 2xlarge 12xlarge",
    "g5.xlarge 2xlarge 12xlarge 48xlarge",
    "p3.2xlarge 8xlarge 16xlarge",
)
"""Stand-in: instance types of the runnable Hugging Face models, chosen so that 1, 4 and 8 GPUs can be tried."""
RUNNABLE_TYPES = (*RUNNABLE_GPU_TYPES, *ml("m5.xlarge 2xlarge 4xlarge 12xlarge", "c5.2xlarge"))
"""Stand-in: instance types of the runnable models whose container also has an image for CPUs."""


def as_parameters(declarations: tuple[hyperparameters.Hyperparameter, ...]) -> tuple[Parameter, ...]:
    """Convert a trainer's own declarations to spec entries, so that spec and trainer always agree."""
    return tuple(
        Parameter(one.name, one.type, one.default, one.min, one.max, tuple(one.options)) for one in declarations
    )


def trainer_metrics(prefix: str) -> tuple[Metric, ...]:
    """Return the metrics that the trainers print every epoch; the real specs have at most val_accuracy."""
    return tuple(
        Metric(f"{prefix}:{name.replace('_', '-')}", regex) for name, regex in hyperparameters.METRIC_REGEXES.items()
    )


def sandbox_scripts(trainer: str) -> Scripts:
    """Return script keys of a trainer's own: with the real family's keys, every model that shares them would run as it.

    Args:
        trainer: its name in `sandbox.trainers.program`.
    """
    folder = f"source-directory-tarballs/sandbox/transfer_learning/{trainer}"
    return Scripts(f"{folder}/v1.0.0/sourcedir.tar.gz", f"{folder}/prepack/v1.0.0/sourcedir.tar.gz", "1.0.0")
