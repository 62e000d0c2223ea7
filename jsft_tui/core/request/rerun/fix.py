"""Apply a fix to a run: the changed run, and one line that describes the change."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.durations import format_duration
from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.common.fixes import Fix, FixKind
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.hyperparameters.batch import batch_rule
from jsft_tui.core.hyperparameters.values import hyperparameters, with_hyperparameter
from jsft_tui.core.instances.types import DEFAULT_VOLUME_GB, MAX_VOLUME_GB, InstanceType, instance_type
from jsft_tui.core.jobs.training_job import JobStatus, TrainingJob
from jsft_tui.core.request.build import EULA_VARIABLE, accepts_eula
from jsft_tui.core.run.name import MAX_NAME, MAX_TUNING_NAME
from jsft_tui.core.run.run import AUTO, MAX_RUNTIME, SCALED, ModelChoice, Run
from jsft_tui.core.sizing.suggest import Market

LEARNING_RATE = "learning_rate"
RECIPE_BATCH = "global_batch_size"


@dataclass(frozen=True)
class FixedRun:
    """A run with a fix applied.

    Attributes:
        run: the changed run.
        fix: the fix.
        change: what is different, in one line: `batch_size 128 -> 64`.
        note: a sentence on what the run lacks compared with its job; empty when nothing.
    """

    run: Run
    fix: Fix
    change: str
    note: str = ""


def apply_fix(fix: Fix, run: Run, spec: ModelSpec, market: Market) -> FixedRun | None:
    """Apply a fix to a run; return None when it changes nothing or does not apply.

    Args:
        fix: the fix.
        run: the run that failed, or would.
        spec: the model of the run.
        market: prices, and the free quota of each type.
    """
    if not fix.kind.is_applied:
        return None
    changed = _APPLY[fix.kind](fix, run, spec, market)
    return None if changed is None else FixedRun(changed[0], fix, changed[1])


def needs_market(fix: Fix) -> bool:
    """Return whether a fix depends on prices and quotas."""
    return fix.kind in _BY_MARKET


def first_fix(fixes: Iterable[Fix], run: Run, spec: ModelSpec, market: Market) -> FixedRun | None:
    """Apply the first of several fixes that applies."""
    return next((fixed for fix in fixes if (fixed := apply_fix(fix, run, spec, market))), None)


def fixes_of(job: TrainingJob) -> tuple[Fix, ...]:
    """Return the fixes for a job that failed or was stopped.

    Raises:
        Problem: it ended well, or no fix is known (codes `NothingToFix`, `NoFix`).
    """
    if job.status not in (JobStatus.FAILED, JobStatus.STOPPED):
        raise usage("NothingToFix", f"{job.name} is {job.status.value}; there is nothing to fix.", "Clone it as it is.")
    if job.diagnosis is None or not job.diagnosis.fixes:
        raise cannot_fix(job)
    return job.diagnosis.fixes


def cannot_fix(job: TrainingJob) -> Problem:
    """Return the Problem for a job without an automatic fix."""
    remedy = job.diagnosis.remedy if job.diagnosis else Remedy("Read its log", RemedyCommand.LOGS, job.name)
    return usage("NoFix", f"no fix for {job.name} can be applied automatically.", remedy)


_Change = tuple[Run, str] | None


# -- hyperparameters


def _halve_batch(_fix: Fix, run: Run, spec: ModelSpec, _market: Market) -> _Change:
    if spec.recipe is not None:
        return _smaller_recipe_batch(run, spec)
    rule = batch_rule(spec)
    if rule is None:
        return None
    text = hyperparameters(run, spec).get(rule.parameter, "")
    # On a type that this version does not know, a size that follows the instance is the base.
    value = rule.base if text in ("", AUTO, SCALED) else _whole(text)
    return _with_value(run, spec, rule.parameter, str(value), str(max(1, value // 2))) if value else None


def _smaller_recipe_batch(run: Run, spec: ModelSpec) -> _Change:
    """Take the next smaller of the batch sizes that a recipe lists."""
    declared = spec.hyperparameter(RECIPE_BATCH)
    if declared is None:
        return None
    text = run.hyperparameters.get(RECIPE_BATCH, declared.default_text)
    now = _whole(text) or 0
    smaller = [size for option in declared.options if (size := _whole(option) or 0) < now]
    return _with_value(run, spec, RECIPE_BATCH, text, str(max(smaller))) if smaller else None


def _lower_learning_rate(_fix: Fix, run: Run, spec: ModelSpec, _market: Market) -> _Change:
    value = hyperparameters(run, spec).get(LEARNING_RATE, "")
    try:
        lower = f"{float(value) / 10:g}"
    except ValueError:
        return None
    return _with_value(run, spec, LEARNING_RATE, value, lower)


def _with_value(run: Run, spec: ModelSpec, name: str, old: str, new: str) -> _Change:
    """Change a hyperparameter, if the model accepts the value."""
    declared = spec.hyperparameter(name)
    if declared is None or new == old or declared.error(new) is not None:
        return None
    return with_hyperparameter(run, name, new), f"{name} {old} -> {new}"


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() else None


# -- instance


def _next_instance(_fix: Fix, run: Run, spec: ModelSpec, market: Market) -> _Change:
    return _other_instance(run, spec, market, lambda _found, _now: True)


def _more_gpu_memory(_fix: Fix, run: Run, spec: ModelSpec, market: Market) -> _Change:
    return _other_instance(
        run, spec, market, lambda found, now: (found.gpu_memory_gib or 0) > (now.gpu_memory_gib or 0)
    )


def _more_memory(_fix: Fix, run: Run, spec: ModelSpec, market: Market) -> _Change:
    return _other_instance(run, spec, market, lambda found, now: found.memory_gib > now.memory_gib)


def _other_instance(
    run: Run, spec: ModelSpec, market: Market, is_better: Callable[[InstanceType, InstanceType], bool]
) -> _Change:
    """Choose the supported type with quota that is most similar to the current one, then the cheapest."""
    now = instance_type(run.instance.type)
    if now is None:
        return None
    known = [found for name in spec.instance_types if (found := instance_type(name))]
    fit = [
        found
        for found in known
        if found.name != now.name
        and not found.is_legacy
        and _has_quota(found.name, run.instance.count, market)
        and _has_weights(found.name, spec)
        and _is_at_least(found, now)
        and is_better(found, now)
    ]
    if not fit:
        return None
    best = min(fit, key=lambda found: (abs(found.devices - now.devices), _price(found, market), found.vcpus))
    changed = replace(run, instance=replace(run.instance, type=best.name))
    return changed, f"instance {now.name} -> {best.name} ({_usage(best.name, market)})"


def _is_at_least(found: InstanceType, now: InstanceType) -> bool:
    """Return whether a type has at least another's memory: per GPU, in total, and on the host."""
    if (found.gpus > 0, found.neuron_devices > 0) != (now.gpus > 0, now.neuron_devices > 0):
        return False
    if not now.gpus:
        return found.neuron_devices >= now.neuron_devices and found.memory_gib >= now.memory_gib
    if found.gpu_memory_gib is None or now.gpu_memory_gib is None:
        return False
    each, all_ = found.gpu_memory_gib >= now.gpu_memory_gib, found.gpu_memory_gib * found.gpus
    return each and all_ >= now.gpu_memory_gib * now.gpus


def _has_weights(name: str, spec: ModelSpec) -> bool:
    """Return whether a gated model has weights for a type, where they differ by type."""
    gated = any(spec.variants.gated_artifact(other) for other in spec.instance_types)
    return not gated or spec.variants.gated_artifact(name) is not None


def _has_quota(name: str, count: int, market: Market) -> bool:
    """Return whether quota allows so many instances; any type may have quota when none could be read."""
    return not market.free or market.free.get(name, 0.0) >= count


def _usage(name: str, market: Market) -> str:
    free, used = market.free.get(name), market.in_use.get(name)
    if free is None:
        return "quota not known"
    return f"quota {free:g}" if used is None else f"{used:g} of {free + used:g} in use"


def _price(found: InstanceType, market: Market) -> float:
    price = market.prices.get(found.name)
    return price.usd_per_hour if price else float("inf")


# -- disk, key, license


def _raise_disk(fix: Fix, run: Run, spec: ModelSpec, market: Market) -> _Change:
    hardware = instance_type(run.instance.type)
    if hardware is not None and hardware.has_nvme:
        if hardware.nvme_gb is None:
            return None
        least = max(fix.disk_gb, hardware.nvme_gb + 1)
        return _other_instance(run, spec, market, lambda found, _now: (found.nvme_gb or 0) >= least)
    size = run.volume_gb or spec.training_volume_gb or DEFAULT_VOLUME_GB
    larger = fix.disk_gb if fix.disk_gb > size else min(2 * size, MAX_VOLUME_GB)
    if not size < larger <= MAX_VOLUME_GB:
        return None
    return replace(run, volume_gb=larger), f"volume {size} GB -> {larger} GB"


def _drop_volume_key(_fix: Fix, run: Run, _spec: ModelSpec, _market: Market) -> _Change:
    hardware = instance_type(run.instance.type)
    if not run.kms.volume or (hardware is not None and not hardware.has_nvme):
        return None
    return replace(run, kms=replace(run.kms, volume=None)), "volume key dropped (NVMe)"


def _accept_eula(_fix: Fix, run: Run, spec: ModelSpec, _market: Market) -> _Change:
    contradicts = run.environment.get(EULA_VARIABLE, "true") != "true"
    if not spec.gated or (accepts_eula(run, spec) and not contradicts):
        return None
    variables = {name: text for name, text in run.environment.items() if name != EULA_VARIABLE or not contradicts}
    return replace(run, accept_eula=True, environment=variables), "accept_eula: true (read the license first)"


# -- times, name


def _longer_run(_fix: Fix, run: Run, _spec: ModelSpec, _market: Market) -> _Change:
    choice = run.instance
    longer = min(2 * choice.max_runtime, MAX_RUNTIME)
    if longer <= choice.max_runtime:
        return None
    wait = max(choice.max_wait, longer) if choice.max_wait else None
    changed = replace(run, instance=replace(choice, max_runtime=longer, max_wait=wait))
    return changed, f"max_runtime {format_duration(choice.max_runtime)} -> {format_duration(longer)}"


def _longer_wait(_fix: Fix, run: Run, _spec: ModelSpec, _market: Market) -> _Change:
    if not run.instance.spot:
        return None
    wait = run.instance.max_wait or run.instance.max_runtime
    longer = min(2 * wait, MAX_RUNTIME)
    if longer <= wait:
        return None
    changed = replace(run, instance=replace(run.instance, max_wait=longer))
    return changed, f"max_wait {format_duration(wait)} -> {format_duration(longer)}"


def _new_name(_fix: Fix, run: Run, _spec: ModelSpec, _market: Market) -> _Change:
    # A number of four digits and more is a date or a time, not a count of tries.
    counted = re.fullmatch(r"(.*)-([1-9]\d{0,2})", run.name)
    stem, number = (counted[1], int(counted[2]) + 1) if counted else (run.name, 2)
    longest = MAX_NAME if run.tuning is None else MAX_TUNING_NAME
    name = f"{stem[: longest - len(f'-{number}')].rstrip('-')}-{number}"
    return (replace(run, name=name), f"name {run.name} -> {name}") if stem else None


def _switch_model(fix: Fix, run: Run, _spec: ModelSpec, _market: Market) -> _Change:
    """Keep what belongs to no model; the other one's own suggestions are `Planning.first_run`'s."""
    if fix.model_id in ("", run.model.id):
        return None
    changed = replace(run, model=ModelChoice(fix.model_id), data={}, hyperparameters={}, accept_eula=False)
    return changed, f"model {run.model.id} -> {fix.model_id}"


_BY_MARKET = frozenset({FixKind.NEXT_INSTANCE, FixKind.MORE_GPU_MEMORY, FixKind.MORE_MEMORY, FixKind.RAISE_DISK})

_APPLY: Mapping[FixKind, Callable[[Fix, Run, ModelSpec, Market], _Change]] = {
    FixKind.HALVE_BATCH: _halve_batch,
    FixKind.NEXT_INSTANCE: _next_instance,
    FixKind.MORE_GPU_MEMORY: _more_gpu_memory,
    FixKind.MORE_MEMORY: _more_memory,
    FixKind.RAISE_DISK: _raise_disk,
    FixKind.DROP_VOLUME_KEY: _drop_volume_key,
    FixKind.ACCEPT_EULA: _accept_eula,
    FixKind.LONGER_RUN: _longer_run,
    FixKind.LONGER_WAIT: _longer_wait,
    FixKind.LOWER_LEARNING_RATE: _lower_learning_rate,
    FixKind.NEW_NAME: _new_name,
    FixKind.SWITCH_MODEL: _switch_model,
}
