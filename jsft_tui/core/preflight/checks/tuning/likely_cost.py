"""What a search is likely to cost, from earlier runs of its model."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.common.durations import clock
from jsft_tui.core.common.text import dollars, plural
from jsft_tui.core.customization.method import Method
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, nothing_to_tell, passed, warn
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.preflight.checks.job.cost import PRICES
from jsft_tui.core.sizing.pricing import run_bound
from jsft_tui.core.tuning.results.cost import likely_cost

PAST_RUNS = Requirement[tuple[TrainingJob, ...]]("past_runs")


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Tell the likely cost; warn where trials are likely to be cut off by their time limit."""
    if plan.run.tuning is None:
        yield nothing_to_tell("the run is no search.")
        return
    past = inputs[PAST_RUNS]
    found = likely_cost(plan.run, past, inputs[PRICES])
    if found is None:
        yield nothing_to_tell("no earlier run of this model to estimate from.")
        return
    usual = f"{plural(found.runs, 'earlier run')} of this model took {clock(found.seconds)} on {found.type}"
    if found.seconds > plan.run.instance.max_runtime:
        yield warn(f"{usual}, longer than max_runtime.", "Raise max_runtime.")
        return
    bound = run_bound(plan.run, inputs[PRICES])
    likely = min(found.usd, bound) if bound is not None else found.usd
    yield passed(f"likely about {dollars(likely)}: {usual}.", detail=f"likely about {dollars(likely)}")


SCRIPT = frozenset({Method.SCRIPT})
CHECK = Check(
    "likely_cost",
    Subject.COST,
    340,
    evaluate,
    (PRICES, PAST_RUNS),
    methods=frozenset({Method.SCRIPT}),
    for_searches=True,
)
