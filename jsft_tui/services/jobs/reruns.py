"""Make runs of earlier jobs, and apply fixes to runs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from jsft_tui.core.catalog.content import ContentBuckets
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.fixes import Fix, FixKind
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.request.rerun.clone import ClonedRun
from jsft_tui.core.request.rerun.fix import FixedRun, apply_fix, cannot_fix, first_fix, fixes_of
from jsft_tui.core.request.rerun.resume import continued_run
from jsft_tui.core.run.draft import with_model
from jsft_tui.core.run.run import Run
from jsft_tui.services.catalog import Catalog
from jsft_tui.services.jobs.clone import clone_job
from jsft_tui.services.jobs.training_jobs import Jobs
from jsft_tui.services.preflight.market import MarketFinder

FirstRun = Callable[[str], tuple[Run, ModelSpec]]
"""Model id -> a run with defaults for it, and its spec."""


class Reruns:
    """Makes runs of the jobs of one target."""

    def __init__(
        self,
        jobs: Jobs,
        catalog: Catalog,
        buckets: ContentBuckets,
        market: MarketFinder,
        first_run: FirstRun,
        read: Callable[[str], str],
    ) -> None:
        """Make runs.

        Args:
            jobs: the training jobs.
            catalog: the models of the region.
            buckets: JumpStart's content there.
            market: finds prices and quotas, for fixes that choose another instance type.
            first_run: suggests a run, for fixes that choose another model.
            read: returns the text of an object in S3, by its URI.
        """
        self._jobs, self._catalog, self._buckets = jobs, catalog, buckets
        self._market, self._first_run, self._read = market, first_run, read

    def of(self, job: TrainingJob) -> tuple[ClonedRun, ModelSpec]:
        """Return a job as a run under a new name, and the spec of its model.

        Raises:
            Problem: it is not a JumpStart job, or no run can be like it.
        """
        return clone_job(job, self._catalog, self._buckets, self._read)

    def clone(self, name: str) -> ClonedRun:
        """Return an earlier job as a run under a new name.

        Raises:
            Problem: there is no such job, it is not a JumpStart job, or no run can be like it.
        """
        return self.of(self._jobs.get(name))[0]

    def continued(self, name: str) -> ClonedRun:
        """Return an earlier job as a run under a new name that continues from the job's model.

        Raises:
            Problem: it cannot be cloned, or its model cannot be gone on from.
        """
        job = self._jobs.get(name)
        cloned, spec = self.of(job)
        return replace(cloned, run=continued_run(cloned.run, job, spec))

    def fixed_clone(self, name: str) -> FixedRun:
        """Return a failed or stopped job as a run under a new name, with the doctor's remedy applied.

        Raises:
            Problem: it cannot be cloned, or no remedy that could be applied is known.
        """
        job = self._jobs.get(name)
        fixes = fixes_of(job)
        cloned, spec = self.of(job)
        fixed = first_fix(fixes, cloned.run, spec, self._market.left(spec, spot=cloned.run.instance.spot))
        if fixed is None:
            raise cannot_fix(job)
        return replace(fixed, note=cloned.note)

    def fixed_run(self, fix: Fix, run: Run, spec: ModelSpec) -> FixedRun | None:
        """Return a run with a fix applied; None when it changes nothing or does not apply.

        Raises:
            Problem: the other model cannot be read.
        """
        fixed = apply_fix(fix, run, spec, self._market.left(spec, spot=run.instance.spot))
        if fixed is None or fix.kind is not FixKind.SWITCH_MODEL:
            return fixed
        suggestion, other = self._first_run(fix.model_id)
        return replace(fixed, run=with_model(run, other, suggestion))
