"""The remedies of a job that went wrong, each as a run that can be launched."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from jsft_tui.core.common.text import dollars
from jsft_tui.core.request.rerun.fix import FixedRun, apply_fix

if TYPE_CHECKING:
    from jsft_tui.core.jobs.training_job import TrainingJob
    from jsft_tui.services.session.services import Services


@dataclass(frozen=True)
class RunRemedy:
    """A remedy that was applied to a run.

    Attributes:
        fixed: the run, and what was changed.
        effect: what the change costs: a price per hour, time, or quality.
    """

    fixed: FixedRun
    effect: str


def remedies(services: Services, job: TrainingJob) -> tuple[RunRemedy, ...]:
    """Return the remedies that apply, the best first; none for a job that ended well or whose cause is unknown.

    Raises:
        Problem: the job cannot be cloned.
    """
    fixes = job.diagnosis.fixes if job.diagnosis is not None else ()
    if not fixes:
        return ()
    cloned = services.reruns.clone(job.name)
    spec = services.catalog.spec(cloned.run.model.id, cloned.run.model.version)
    market = services.market.left(spec, spot=cloned.run.instance.spot)
    found = []
    for fix in fixes:
        if (fixed := apply_fix(fix, cloned.run, spec, market)) is not None:
            price = market.prices.get(fixed.run.instance.type)
            is_other = fixed.run.instance.type != cloned.run.instance.type
            effect = f"{dollars(price.usd_per_hour)}/h" if is_other and price is not None else fix.kind.effect
            found.append(RunRemedy(FixedRun(fixed.run, fix, fixed.change, cloned.note), effect))
    return tuple(found)
