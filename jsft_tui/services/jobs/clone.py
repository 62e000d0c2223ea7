"""Make a run of a job, whatever created it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import replace

from jsft_tui.core.catalog.content import ContentBuckets
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.hyperparameters.batch import batch_given, batch_rule
from jsft_tui.core.hyperparameters.values import changed_values, hyperparameters
from jsft_tui.core.instances.types import instance_type
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.request.rerun.clone import ClonedRun, cloned_run
from jsft_tui.core.request.rerun.customization import cloned_customization, customization_of
from jsft_tui.core.request.rerun.recipe_job import cloned_recipe_job, recipe_customization, recipe_uri_of
from jsft_tui.core.run.name import job_name
from jsft_tui.services.catalog import Catalog


def clone_job(
    job: TrainingJob, catalog: Catalog, buckets: ContentBuckets, read: Callable[[str], str]
) -> tuple[ClonedRun, ModelSpec]:
    """Return a job as a run under a new name, and the spec of its model.

    Args:
        job: the job.
        catalog: the models of the region.
        buckets: JumpStart's content there.
        read: returns the text of an object in S3, by its URI.

    Raises:
        Problem: it is not a JumpStart job (code `NotJumpStart`), or no run can be like it (`CannotClone`).
    """
    if job.model_id is None:
        raise usage("NotJumpStart", f"{job.name} does not say which JumpStart model it came from.")
    spec, left_out = spec_of_job(catalog, job.model_id, job.model_version or "*")
    request = {**job.request, "Tags": _as_tags(job.tags)}
    if (by_recipe := recipe_customization(request)) is not None:
        spec = catalog.customized_spec(spec, by_recipe)
        cloned = cloned_recipe_job(request, by_recipe, spec, buckets, read(recipe_uri_of(request)))
    elif (wanted := customization_of(request)) is not None:
        spec = catalog.customized_spec(spec, wanted)
        cloned = cloned_customization(request, wanted, spec)
    else:
        cloned = cloned_run(request, spec, buckets)
    run = replace(cloned.run, name=job_name(spec.resource_name_base or spec.model_id, time.time()))
    return ClonedRun(run, (*left_out, *cloned.left_out)), spec


def changed_in(cloned: ClonedRun, spec: ModelSpec) -> Mapping[str, str]:
    """Return the hyperparameters of a cloned job that differ from the defaults of its model."""
    return changed_values(cloned.run, spec)


def batch_in(cloned: ClonedRun, spec: ModelSpec) -> str:
    """Return the batch size of a cloned job, spread over its GPUs; empty if its model has none."""
    rule, choice = batch_rule(spec), cloned.run.instance
    hardware = instance_type(choice.type)
    if rule is None or hardware is None:
        return ""
    sent = hyperparameters(cloned.run, spec)  # what was automatic is a number again
    return batch_given(rule, sent, hardware, choice.count)


def spec_of_job(catalog: Catalog, model_id: str, version: str) -> tuple[ModelSpec, tuple[str, ...]]:
    """Return a job's model; its newest version if the job's own is no longer in the catalog."""
    try:
        return catalog.spec(model_id, version), ()
    except Problem as problem:
        if problem.code != "UnknownModelVersion":
            raise
        spec = catalog.spec(model_id)
        return spec, (f"version {version} (no longer in the catalog; {spec.version} is used)",)


def _as_tags(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]
