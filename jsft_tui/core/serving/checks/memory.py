"""The memory: the model fits into that of the instance's GPUs."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.instances.types import InstanceType, instance_type
from jsft_tui.core.preflight.base.check import CheckResult, block, nothing_to_tell, passed, unknown, warn
from jsft_tui.core.preflight.base.inputs import Inputs
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.serving.checks.artifact import MODEL_SIZE
from jsft_tui.core.serving.deploy.mode import Serverless
from jsft_tui.core.serving.deploy.plan import DeployCheck, DeployPlan
from jsft_tui.core.serving.deploy.types import has_accelerator

GIB = 1024**3

HEADROOM = 1.2
"""Memory beside the weights: activations and the cache of a short context. A rule of thumb, so it only warns."""


def evaluate(plan: DeployPlan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block weights that are larger than the memory; warn when little is left."""
    mode = plan.deployment.mode
    if isinstance(mode, Serverless):
        yield from _in_serverless(mode, inputs[MODEL_SIZE].bytes / GIB)
        return
    name = plan.deployment.instance_type
    hardware, needed = instance_type(name), plan.spec.hosting.accelerators
    if needed and not has_accelerator(name):
        yield block(f"{plan.spec.model_id} needs {needed} GPUs; {name} has none.", "Choose a type with GPUs.")
        return
    if hardware is None:
        yield unknown(f"the hardware of {name} is not known to this version.")
        return
    if needed and hardware.devices < needed:
        yield warn(f"the spec asks for {needed} GPUs; {name} has {hardware.devices}.", "Choose a larger type.")
    room = _room(hardware)
    if room is None:
        yield unknown(f"the memory of {name} is not known to this version.")
        return
    size = inputs[MODEL_SIZE].bytes / GIB
    what = f"the model has {size:.1f} GiB{'' if plan.trained.is_uncompressed else ' compressed'}, {name} {room:.0f} GiB"
    if size > room:
        yield block(f"{what}.", "Choose a type with more memory.")
    elif size * HEADROOM > room:
        yield warn(f"{what}: little is left for requests.", "Choose a type with more memory.")
    elif not hardware.gpus:
        yield nothing_to_tell(f"{what}.")
    else:
        yield passed(f"{what}.")


def _in_serverless(mode: Serverless, size: float) -> Iterator[CheckResult]:
    what = f"the model has {size:.1f} GiB compressed, the endpoint {mode.memory_mb / 1024:g} GiB"
    if size * 1024 > mode.memory_mb:
        yield block(f"{what}.", "Choose more memory, or an endpoint with instances.")
    else:
        yield nothing_to_tell(f"{what}.")


def _room(hardware: InstanceType) -> float | None:
    """Return the memory for a model in GiB: of all GPUs, or of the host; None where it is unknown."""
    if hardware.gpus:
        return None if hardware.gpu_memory_gib is None else hardware.gpu_memory_gib * hardware.gpus
    return None if hardware.neuron_devices else hardware.memory_gib


CHECK = DeployCheck("memory", Subject.INSTANCE, 70, evaluate, (MODEL_SIZE,))
