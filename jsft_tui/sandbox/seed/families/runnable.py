"""What the models that the sandbox runs have in common: their trainers' own declarations, as spec entries."""

from __future__ import annotations

from jsft_tui.sandbox.seed.base.family import Metric, ml
from jsft_tui.sandbox.seed.base.parameters import Parameter
from jsft_tui.sandbox.trainers.common import hyperparameters

RUNNABLE_TYPES = ml(
    "g4dn.xlarge 2xlarge 12xlarge",
    "g5.xlarge 2xlarge 12xlarge 48xlarge",
    "p3.2xlarge 8xlarge 16xlarge",
    "m5.xlarge 2xlarge 4xlarge 12xlarge",
    "c5.2xlarge",
)
"""Stand-in: types of the models that the sandbox runs, chosen so that 1, 4 and 8 GPUs can be tried."""


def as_parameters(declarations: tuple[hyperparameters.Hyperparameter, ...]) -> tuple[Parameter, ...]:
    """A trainer's own declarations as spec entries, so that spec and trainer cannot disagree."""
    return tuple(
        Parameter(one.name, one.type, one.default, one.min, one.max, tuple(one.options)) for one in declarations
    )


def trainer_metrics(prefix: str) -> tuple[Metric, ...]:
    """What the sandbox's trainers print every epoch; the real specs of these models name val_accuracy at most."""
    return tuple(
        Metric(f"{prefix}:{name.replace('_', '-')}", regex) for name, regex in hyperparameters.METRIC_REGEXES.items()
    )
