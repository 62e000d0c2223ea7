"""Changes to a draft's instance: type, count, spot, times, disk, warm pool; and their effects."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.core.account.limits import MAX_KEEP_ALIVE
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.catalog.task import BatchMeaning
from jsft_tui.core.common.durations import format_duration, parse_duration
from jsft_tui.core.hyperparameters.values import batch_plan
from jsft_tui.core.instances.types import DEFAULT_VOLUME_GB, MAX_VOLUME_GB, instance_type
from jsft_tui.core.run.run import MAX_RUNTIME, Run


def with_type(run: Run, type_: str) -> Run:
    """Change the instance type; an automatic batch size is derived when the request is built."""
    return replace(run, instance=replace(run.instance, type=type_))


def with_count(run: Run, count: int) -> Run:
    """Change the number of instances."""
    return replace(run, instance=replace(run.instance, count=count))


def with_spot(run: Run) -> Run:
    """Enable managed spot training; without a longer one, the maximum wait is the maximum runtime.

    Spot instances cannot be kept warm (developer guide, train-warm-pools, "Considerations").
    """
    wait = max(run.instance.max_wait or 0, run.instance.max_runtime)
    return replace(run, instance=replace(run.instance, spot=True, max_wait=wait, keep_alive=None))


def on_demand(run: Run) -> Run:
    """Disable spot training, and drop the maximum wait that only spot training has."""
    return replace(run, instance=replace(run.instance, spot=False, max_wait=None))


def with_max_runtime(run: Run, seconds: int) -> Run:
    """Change the maximum runtime; a spot run's maximum wait includes it and grows with it."""
    choice = replace(run.instance, max_runtime=seconds)
    if choice.spot and choice.max_wait is not None:
        choice = replace(choice, max_wait=max(choice.max_wait, seconds))
    return replace(run, instance=choice)


def with_max_wait(run: Run, seconds: int) -> Run:
    """Change the maximum wait, runtime included."""
    return replace(run, instance=replace(run.instance, max_wait=seconds))


def with_keep_alive(run: Run, seconds: int | None) -> Run:
    """Change how long the instances are kept for the next job; None for not at all."""
    return replace(run, instance=replace(run.instance, keep_alive=seconds))


def with_volume(run: Run, size_gb: int | None) -> Run:
    """Change the volume size; None for the model's default."""
    return replace(run, volume_gb=size_gb)


def parse_count(text: str) -> int:
    """Parse a number of instances.

    Raises:
        ValueError: it is not one.
    """
    return _positive(text, "a number of instances")


def parse_volume_gb(text: str) -> int | None:
    """Parse a volume size in GB; return None for an empty text: the model's default.

    Raises:
        ValueError: it is not one, or larger than a volume can be.
    """
    if not text.strip():
        return None
    size = _positive(text.lower().removesuffix("gb"), "a size in GB")
    if size > MAX_VOLUME_GB:
        raise ValueError(f"{size:,} GB is more than the maximum volume size, {MAX_VOLUME_GB:,} GB")
    return size


def parse_max_runtime(text: str) -> int:
    """Parse a maximum runtime; return seconds.

    Raises:
        ValueError: it is not one, or longer than the service allows.
    """
    seconds = parse_duration(text)
    if seconds > MAX_RUNTIME:
        raise ValueError(f"{format_duration(seconds)} is more than the maximum, {format_duration(MAX_RUNTIME)}")
    return seconds


def parse_max_wait(text: str, run: Run) -> int:
    """Parse a spot run's maximum wait, runtime included; return seconds.

    Raises:
        ValueError: it is not one, or shorter than the maximum runtime.
    """
    seconds = parse_duration(text)
    if seconds < run.instance.max_runtime:
        longest = format_duration(run.instance.max_runtime)
        raise ValueError(f"it includes the runtime, so it cannot be shorter than max run, {longest}")
    return seconds


def parse_keep_alive(text: str) -> int | None:
    """Parse how long instances are kept after a job; return seconds, or None for an empty text or `off`.

    Raises:
        ValueError: it is not a duration, or longer than the service allows.
    """
    if text.strip().lower() in ("", "off"):
        return None
    seconds = parse_duration(text)
    if seconds > MAX_KEEP_ALIVE:
        raise ValueError(f"{format_duration(seconds)} is more than the maximum, {format_duration(MAX_KEEP_ALIVE)}")
    return seconds


def _positive(text: str, what: str) -> int:
    word = text.strip().replace(",", "")
    if not (word.isascii() and word.isdigit()) or len(word) > 9 or int(word) < 1:
        raise ValueError(f"{text.strip()[:20]!r} is not {what}; enter a whole number of at least 1")
    return int(word)


def instance_text(run: Run) -> str:
    """Format the instances: type, GPUs, count, spot."""
    choice = run.instance
    if not choice.type:
        return "not chosen"
    known = instance_type(choice.type)
    count = f"{choice.count} x " if choice.count > 1 else ""
    gpus = f", {known.gpus} GPU" if known and known.gpus else ""
    return f"{count}{choice.type}{gpus}" + (", spot" if choice.spot else "")


def fixed_disk(type_: str) -> str:
    """Describe the local disk of a type whose disk is fixed; return an empty text for others."""
    hardware = instance_type(type_)
    if hardware is None or not hardware.has_nvme:
        return ""
    return f"{hardware.nvme_gb:,} GB of local NVMe" if hardware.nvme_gb else "local NVMe"


def disk_text(run: Run, spec: ModelSpec | None) -> str:
    """Describe the disk of each instance: the type's own, the run's, or the model's."""
    hardware = instance_type(run.instance.type)
    if hardware is not None and hardware.has_nvme:
        return f"{hardware.nvme_gb:,} GB NVMe" if hardware.nvme_gb else "NVMe"
    size = run.volume_gb or (spec.training_volume_gb if spec else None) or DEFAULT_VOLUME_GB
    return f"{size:,} GB"


def batch_change(before: Run, after: Run, spec: ModelSpec | None) -> str:
    """Describe how an instance change affected the batch: `batch 128 -> 256`; empty without a batch."""
    then, now = batch_plan(before, spec), batch_plan(after, spec)
    if now is None:
        return ""
    if now.held:
        why = "as you typed it" if now.rule.parameter in after.hyperparameters else "the model's default"
        return f"batch stays {now.value}, {why}"
    if now.rule.meaning is BatchMeaning.PER_DEVICE:
        effective = "" if then is None or then.effective == now.effective else f"{then.effective} -> "
        return f"batch {now.value} per device, effective {effective}{now.effective}"
    if then is None or then.value == now.value:
        return f"batch {now.value}"
    return f"batch {then.value} -> {now.value}"
