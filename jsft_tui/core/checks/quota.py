"""The account's quota for the instance type, less what running jobs hold."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.checks.check import Check, Facts, Judgement, Need, Plan, good, stop, unknown
from jsft_tui.core.fixes import Fix, FixKind

CONSOLE = "https://console.aws.amazon.com/servicequotas/home/services/sagemaker/quotas"

OTHER_TYPE = Fix(FixKind.NEXT_INSTANCE)


def judge(plan: Plan, facts: Facts) -> Iterator[Judgement]:
    """Blocks when the job could not start: a quota of 0 is what a new account has."""
    quota, wanted = facts.quota, plan.run.instance.count
    if quota.limit is None:
        yield unknown(f"the quota {quota.name!r} is not listed.")
        return
    limit = f"{quota.limit:g}"
    if quota.limit < wanted:
        remedy = f"Ask for more at {CONSOLE}, or choose a type with quota: jsft instances {plan.spec.model_id}"
        yield stop(f"the quota {quota.name!r} is {limit}; this run needs {wanted}.", remedy, OTHER_TYPE)
    elif quota.limit - quota.in_use < wanted:
        message = f"the quota {quota.name!r} is {limit} and running jobs hold {quota.in_use}; this run needs {wanted}."
        yield stop(message, "Wait for a job to end (jsft jobs), or choose another type.", OTHER_TYPE)
    else:
        yield good(f"{quota.name}: {limit}, {quota.in_use} in use.")


CHECK = Check("quota", judge, (Need.QUOTA,))
