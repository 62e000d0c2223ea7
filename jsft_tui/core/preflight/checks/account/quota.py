"""The account's quota for the instance type, less what running jobs use."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.account.quotas import OtherQuota, QuotaFacts
from jsft_tui.core.common.fixes import Fix, FixKind
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.customization.method import ON_INSTANCES
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, passed, unknown
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.preflight.checks.job.name import NAME

QUOTA = Requirement[QuotaFacts]("quota")

SHOWN = 6
"""Maximum number of other types in a remedy."""

OTHER_TYPE = Fix(FixKind.NEXT_INSTANCE)


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block when the job could not start: new accounts have a quota of 0.

    A run that was launched before needs none: launching it again finds its job. Blocking it would lead to a
    changed run, and so to a second job.
    """
    if _was_launched(inputs):
        yield passed("this job already exists; no additional quota is needed.")
        return
    quota, wanted, region = inputs[QUOTA], plan.run.instances_at_once, plan.place.region
    if quota.limit is None:
        yield unknown(f"the quota {quota.name!r} is not listed.", f"Look for it at {console(region)}")
    elif quota.limit < wanted:
        message = f"{plan.run.instance.type}: your limit is {quota.limit:g}, and {_needs(plan, wanted)}."
        yield block(message, _ask_or_choose(quota, plan), OTHER_TYPE)
    elif quota.in_use is None:
        yield unknown(f"{quota.name}: {quota.limit:g}; what running jobs use of it could not be determined.")
    elif quota.limit - quota.in_use < wanted:
        held = f"{plan.run.instance.type}: your limit is {quota.limit:g}, and running jobs use {quota.in_use}"
        needs = f"; {_needs(plan, wanted)}" if wanted > 1 else ""
        yield block(f"{held}{needs}.", _or_choose("Wait for a job to end", quota, plan), OTHER_TYPE)
    else:
        yield passed(
            f"{quota.name}: {quota.limit:g}, {quota.in_use} in use.",
            detail=f"{quota.in_use} of {quota.limit:g} in use",
        )
    yield from (_judge_other(other, region) for other in quota.others if other.limit - other.in_use < other.wanted)


def _needs(plan: Plan, wanted: int) -> str:
    at_once = plan.run.parallel_jobs
    return f"this run needs {wanted}" + (f" ({at_once} jobs at a time)" if at_once > 1 else "")


def _was_launched(inputs: Inputs) -> bool:
    name = inputs.get(NAME)  # without permission for it, the quota is still checked
    return name is not None and name.same


def console(region: str, code: str = "") -> str:
    """Return the console page where a quota can be viewed and raised."""
    place = f"https://{region}.console.aws.amazon.com/servicequotas/home/services/sagemaker/quotas"
    return f"{place}/{code}" if code else place


def _judge_other(other: OtherQuota, region: str) -> CheckResult:
    held = f" and {other.in_use:g} in use" if other.in_use else ""
    message = f"the quota {other.name!r} is {other.limit:g}{held}; this run needs {other.wanted:g}."
    return block(message, f"Ask for more at {console(region, other.code)}")


def _ask_or_choose(quota: QuotaFacts, plan: Plan) -> str:
    fewer = "Lower parallel, or ask" if plan.run.parallel_jobs > 1 and quota.limit else "Ask"
    asked = f"{fewer} for more of {quota.name!r} at {console(plan.place.region, quota.code)}"
    return _or_choose(asked, quota, plan)


def _or_choose(remedy: str, quota: QuotaFacts, plan: Plan) -> str:
    enough = [
        f"{name} ({free:g})"
        for name, free in quota.free.items()
        if free >= plan.run.instances_at_once and name != plan.run.instance.type
    ]
    if not enough:
        if quota.free:
            return remedy
        return Remedy(f"{remedy}, or choose a type with quota", RemedyCommand.INSTANCES_OF, plan.spec.model_id)
    more = " and others" if len(enough) > SHOWN else ""
    return f"{remedy}, or choose a type with quota: {', '.join(enough[:SHOWN])}{more}"


CHECK = Check("quota", Subject.INSTANCE, 140, evaluate, (QUOTA, NAME), methods=ON_INSTANCES, label="Quota")
