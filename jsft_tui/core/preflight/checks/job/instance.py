"""The instance type: one that the model supports."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from jsft_tui.core.catalog.containers import knows_gpu
from jsft_tui.core.customization.method import ON_INSTANCES
from jsft_tui.core.instances.types import InstanceType, family_of, instance_type
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, passed, warn
from jsft_tui.core.preflight.base.inputs import Inputs
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.sizing.names import meant_type


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block types that the model's spec does not list, unless they are likely to work."""
    choice, supported = plan.run.instance, plan.spec.instance_types
    hardware = instance_type(choice.type)
    if supported and choice.type not in supported:
        remedy = f"{meant_type(choice.type, plan.spec)} It supports: {', '.join(supported)}.".strip()
        why_not = _why_not(plan, hardware)
        if why_not:
            yield block(f"{plan.spec.model_id} does not support {choice.type}: {why_not}.", remedy)
            return
        yield warn(f"{plan.spec.model_id} does not list {choice.type}; {_image_or_less(plan, hardware)}.", remedy)
    if hardware is None:
        yield warn(f"{choice.type} is unknown to this version; so are its GPUs and disk.")
        return
    if hardware.is_legacy:
        yield warn(f"{choice.type} is a legacy type that few regions still offer.", _newer(plan))
    if choice.count > 1 and plan.spec.framework in plan.spec.task.info.single_instance_frameworks:
        yield warn(
            f"{choice.count} instances: this algorithm trains on one only, and the others are paid for nothing.",
            "Set count: 1.",
        )
    gpus = f"{hardware.gpus} x {hardware.gpu_model}" if hardware.gpus else "no GPU"
    yield passed(f"{choice.count} x {choice.type} ({gpus}).", headline=f"{choice.count} × {choice.type}")


def _image_or_less(plan: Plan, hardware: InstanceType | None) -> str:
    listed = [found for name in plan.spec.instance_types if (found := instance_type(name))]
    less = _smaller(hardware, listed) if hardware else ""
    return f"it has an image for it, but {less}" if less else "but it has an image for it"


def _why_not(plan: Plan, hardware: InstanceType | None) -> str:
    """Return why an unlisted type will not work; empty when its image and hardware suggest it does."""
    if plan.spec.recipe is not None:
        return "its recipe is not made for this type"  # the SDK refuses it as well (`_validate_instance_type`)
    if hardware is None:
        return "there is no such type" if not family_of(plan.run.instance.type) else "it is unknown to this version"
    image = plan.spec.variants.image_uri(hardware.name, plan.place.region)
    if image is None:
        return "it has no image for this family"
    if hardware.gpu_model and knows_gpu(image, hardware.gpu_model) is False:
        return f"its image {image.rpartition('/')[2]} is older than the {hardware.gpu_model}"
    listed = [found for name in plan.spec.instance_types if (found := instance_type(name))]
    return _stranger(plan, hardware, listed)


def _stranger(plan: Plan, hardware: InstanceType, listed: Sequence[InstanceType]) -> str:
    """Return how a type's hardware differs from the types in the spec, so that it cannot train there."""
    if hardware.neuron_devices and not any(found.neuron_devices for found in listed):
        return "its training script does not support Trainium"
    if plan.spec.task.info.is_sharded:
        return _less_gpu_memory(hardware, listed)
    if hardware.gpus > max([1, *(found.gpus for found in listed)]):
        return f"its training script is not known to use {hardware.gpus} GPUs"
    if not any(found.gpus == 0 for found in listed) and not hardware.gpus:
        return "every type that it lists has GPUs"
    return ""


def _smaller(hardware: InstanceType, listed: Sequence[InstanceType]) -> str:
    """Return which memory falls short of that of all listed types: small data or batches may do with less."""
    gpu_memory = [found.gpu_memory_gib for found in listed if found.gpu_memory_gib]
    if gpu_memory and hardware.gpus and (hardware.gpu_memory_gib or 0) < min(gpu_memory):
        return f"the GPUs that it lists have at least {min(gpu_memory):g} GiB"
    memory = [found.memory_gib for found in listed]
    if memory and hardware.memory_gib < min(memory):
        return f"every type that it lists has at least {min(memory):g} GiB of memory"
    return ""


def _less_gpu_memory(hardware: InstanceType, listed: Sequence[InstanceType]) -> str:
    """Return how the GPU memory of a type falls short of that of the types that an LLM's spec lists."""
    totals = [found.gpus * found.gpu_memory_gib for found in listed if found.gpu_memory_gib]
    total = hardware.gpus * (hardware.gpu_memory_gib or 0)
    if totals and total < min(totals):
        return f"it has {total:g} GiB of GPU memory in all, and every type that it lists has at least {min(totals):g}"
    single = [found.gpu_memory_gib for found in listed if found.gpu_memory_gib]
    if single and (hardware.gpu_memory_gib or 0) < min(single):
        return f"the GPUs that it lists have at least {min(single):g} GiB each"
    return "" if totals or not hardware.gpus else "the memory of the types that it lists is unknown"


def _newer(plan: Plan) -> str:
    types = [found for name in plan.spec.instance_types if (found := instance_type(name)) and not found.is_legacy]
    return f"Newer types: {', '.join(found.name for found in types[:6])}." if types else ""


CHECK = Check("instance", Subject.INSTANCE, 100, evaluate, methods=ON_INSTANCES)
