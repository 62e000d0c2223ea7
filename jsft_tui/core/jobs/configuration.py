"""List the configuration of a job in labeled lines."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from jsft_tui.core.common.durations import format_duration
from jsft_tui.core.common.text import clean
from jsft_tui.core.jobs.customization.customization_job import customization_job
from jsft_tui.core.jobs.customization.recipe_job import recipe_job
from jsft_tui.core.jobs.training_job import TrainingJob


@dataclass(frozen=True)
class Section:
    """A section of the configuration: its title, and (label, text) pairs."""

    title: str
    entries: tuple[tuple[str, str], ...]


def configuration(job: TrainingJob) -> list[Section]:
    """Return the configuration, section by section; empty sections are left out."""
    request = job.request
    sections = (
        Section("Hyperparameters", tuple(sorted(job.hyperparameters.items()))),
        Section("Channels", tuple(_channels(request))),
        Section("Resources", tuple(_resources(job))),
        Section("Access", tuple(_access(request))),
        Section("Environment", _texts(request.get("Environment") or {})),
        Section("Tags", _texts(job.tags)),
    )
    return [section for section in sections if section.entries]


def _channels(request: Mapping[str, Any]) -> list[tuple[str, str]]:
    found = []
    for channel in request.get("InputDataConfig") or ():
        source = channel.get("DataSource") or {}
        uri = (source.get("S3DataSource") or {}).get("S3Uri") or ", ".join(source) or "unknown"
        found.append((clean(str(channel.get("ChannelName", "?"))), clean(str(uri))))
    if output := (request.get("OutputDataConfig") or {}).get("S3OutputPath"):
        found.append(("output", clean(str(output))))
    if checkpoint := (request.get("CheckpointConfig") or {}).get("S3Uri"):
        found.append(("checkpoint", clean(str(checkpoint))))
    return found


def _resources(job: TrainingJob) -> list[tuple[str, str]]:
    resources = job.request.get("ResourceConfig") or {}
    found = []
    if job.instance_type:
        found.append(("instance", f"{job.instance_count} x {job.instance_type}{', spot' if job.spot else ''}"))
    if (customization := customization_job(job)) is not None:
        found.append(("serverless", customization.title))
    if (recipe := recipe_job(job)) is not None:
        found.append(("recipe", recipe.words))
    if volume := resources.get("VolumeSizeInGB"):
        found.append(("disk", f"{volume} GB"))
    if job.max_runtime:
        found.append(("max run", format_duration(job.max_runtime)))
    if wait := (job.request.get("StoppingCondition") or {}).get("MaxWaitTimeInSeconds"):
        found.append(("max wait", format_duration(wait)))
    if image := (job.request.get("AlgorithmSpecification") or {}).get("TrainingImage"):
        found.append(("image", clean(str(image))))
    return found


def _access(request: Mapping[str, Any]) -> list[tuple[str, str]]:
    if not request:
        return []
    network = request.get("VpcConfig") or {}
    keys = (
        ("role", request.get("RoleArn")),
        ("subnets", ", ".join(network.get("Subnets") or ())),
        ("security groups", ", ".join(network.get("SecurityGroupIds") or ())),
        ("volume key", (request.get("ResourceConfig") or {}).get("VolumeKmsKeyId")),
        ("output key", (request.get("OutputDataConfig") or {}).get("KmsKeyId")),
        ("network isolation", "on" if request.get("EnableNetworkIsolation") else "off"),
        ("traffic encryption", "on" if request.get("EnableInterContainerTrafficEncryption") else "off"),
    )
    return [(label, clean(str(text))) for label, text in keys if text]


def _texts(pairs: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((clean(str(name)), clean(str(text))) for name, text in sorted(pairs.items()))
