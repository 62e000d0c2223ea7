"""The demo's draft: a model with really pretrained weights on four pretended GPUs, ready to launch in the sandbox."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.hyperparameters.batch import batch_rule
from jsft_tui.core.instances.types import InstanceType, instance_type
from jsft_tui.core.run.run import AUTO, Run
from jsft_tui.services.session.services import Services

MODEL = "tensorflow-ic-efficientnet-lite0-classification-2"
EPOCHS = 10
GPUS = 4
MAX_RUNTIME = 1800
"""Seconds."""


def demo_run(services: Services) -> tuple[Run, ModelSpec]:
    """Return the demo's run and the spec of its model.

    Raises:
        Problem: the sandbox's quotas are used up.
    """
    run, spec = services.planning.first_run(MODEL)
    rule = batch_rule(spec)
    if rule is None:
        raise AssertionError("the demo's model has a batch size")
    chosen = _instance_with_gpus(services, spec.instance_types)
    instance = replace(run.instance, type=chosen.name, max_runtime=MAX_RUNTIME)
    return replace(run, instance=instance, hyperparameters={"epochs": str(EPOCHS), rule.parameter: AUTO}), spec


def _instance_with_gpus(services: Services, names: tuple[str, ...]) -> InstanceType:
    quotas = services.quotas.applied_for(names)
    known = [found for name in names if (found := instance_type(name))]
    fitting = [found for found in known if found.gpus == GPUS and quotas.get(found.name, 0) >= 1]
    if not fitting:
        raise Problem("NoInstance", f"no instance type with {GPUS} GPUs has quota.", "Run: jsft sandbox reset --yes")
    prices = services.prices.table()
    return min(fitting, key=lambda found: prices[found.name].usd_per_hour if found.name in prices else float("inf"))
