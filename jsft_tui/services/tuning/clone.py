"""Make a run of a search, whatever created it."""

from __future__ import annotations

import time
from dataclasses import replace

from jsft_tui.core.catalog.content import ContentBuckets
from jsft_tui.core.common.errors import usage
from jsft_tui.core.request.rerun.clone import ClonedRun
from jsft_tui.core.run.name import tuning_name
from jsft_tui.core.tuning.parse import cloned_search
from jsft_tui.core.tuning.results.tuning_job import TuningJob
from jsft_tui.core.tuning.warm_start import warm_started
from jsft_tui.services.catalog import Catalog
from jsft_tui.services.jobs.clone import spec_of_job


def clone_search(job: TuningJob, catalog: Catalog, buckets: ContentBuckets) -> ClonedRun:
    """Return a search as a run under a new name.

    Raises:
        Problem: it is not of a JumpStart model (code `NotJumpStart`), or no run can be like it (`CannotClone`).
    """
    if job.model_id is None:
        raise usage("NotJumpStart", f"{job.name} does not say which JumpStart model it came from.")
    spec, left_out = spec_of_job(catalog, job.model_id, job.model_version or "*")
    tags = [{"Key": key, "Value": value} for key, value in job.tags.items()]
    cloned = cloned_search({**job.request, "Tags": tags}, spec, buckets)
    run = replace(cloned.run, name=tuning_name(spec.resource_name_base or spec.model_id, time.time()))
    return ClonedRun(run, (*left_out, *cloned.left_out))


def go_on_from(job: TuningJob, catalog: Catalog, buckets: ContentBuckets) -> ClonedRun:
    """Return a search like a former one that learns from its trials.

    Raises:
        Problem: as `clone_search`.
    """
    cloned = clone_search(job, catalog, buckets)
    return replace(cloned, run=warm_started(cloned.run, job.name))
