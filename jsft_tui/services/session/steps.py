"""Find the value of each step of a run, and of the places beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from jsft_tui.core.catalog.model_name import shortest_model_id
from jsft_tui.core.common.status import Status
from jsft_tui.core.common.text import dollars, plural
from jsft_tui.core.customization.customization import SERVERLESS
from jsft_tui.core.hyperparameters.values import batch_plan, changed_values
from jsft_tui.core.instances.types import instance_type
from jsft_tui.core.jobs.metrics.objective_curve import JobCurve
from jsft_tui.core.jobs.metrics.spark import spark
from jsft_tui.core.run.draft import TRAINING, Part, gaps
from jsft_tui.core.run.run import AUTO, InstanceChoice, Run
from jsft_tui.core.run.steps import CHOOSE, NOTHING, RunSteps, StepValue
from jsft_tui.core.run.tuning import Tuning
from jsft_tui.core.serving.listed.spending import EndpointSpending
from jsft_tui.core.sizing.pricing import Price, run_bound

if TYPE_CHECKING:
    from jsft_tui.core.catalog.spec.spec import ModelSpec
    from jsft_tui.core.preflight.review import Review
    from jsft_tui.services.session.session import Session

CURVE_CELLS = 4
MOST_VALUES = 2
"""Hyperparameters that are named."""


@dataclass(frozen=True)
class Surroundings:
    """What the values depend on beside the run.

    Attributes:
        spec: of the run's model; None while it is not known.
        prices: by instance type; None while they are not known.
        review: the findings of the run as it is now; None before a check.
        running: the jobs that run.
        is_sandbox: whether only what the sandbox trains can be launched.
        endpoints: what the endpoints cost.
        watched: the curve of the newest running job with its last value: `▄▆▇█ .964`; empty without one.
    """

    spec: ModelSpec | None = None
    prices: Mapping[str, Price] | None = None
    review: Review | None = None
    running: int = 0
    is_sandbox: bool = False
    watched: str = ""
    endpoints: EndpointSpending = field(default_factory=EndpointSpending)

    @property
    def cannot_train(self) -> bool:
        """Whether the sandbox has no trainer for the model."""
        return self.is_sandbox and self.spec is not None and not self.spec.sandbox_runnable


def session_steps(session: Session) -> RunSteps:
    """Return the steps of a session's draft."""
    state = session.job_list.state
    jobs = state.running
    curve = next((state.curves[job.name] for job in jobs if job.name in state.curves), None)
    watched = curve_sign(curve) if curve is not None else ""
    around = Surroundings(
        session.spec,
        session.prices,
        session.review,
        len(jobs),
        session.target.sandbox,
        watched,
        session.endpoint_list.state.spending,
    )
    return run_steps(session.run, around)


def curve_sign(curve: JobCurve) -> str:
    """Return a curve and its last value in at most nine characters; empty for a single value."""
    if len(curve.points) < 2:
        return ""
    value = f"{curve.last:.3f}" if abs(curve.last) < 10 else f"{curve.last:.3g}"
    return f"{spark(curve.values, CURVE_CELLS)} {value.removeprefix('0')}"


def run_steps(run: Run, around: Surroundings) -> RunSteps:
    """Return the steps of a run.

    Args:
        run: the draft, with the target's defaults filled in.
        around: what else the values depend on.
    """
    jobs = StepValue((str(around.running),), Status.RUNNING, sign=around.watched) if around.running else NOTHING
    if not run.model.id:
        return RunSteps(model=CHOOSE, jobs=jobs, endpoints=_endpoints(around.endpoints))
    return RunSteps(
        _model(run, around), _data(run, around.spec), _instance(run.instance), _values(run, around.spec),
        _review(run, around), jobs, _endpoints(around.endpoints),
    )  # fmt: skip


def _model(run: Run, around: Surroundings) -> StepValue:
    name, wanted = shortest_model_id(run.model.id), run.customization
    forms = (name,) if wanted is None else (f"{name} {wanted.technique.value} {wanted.adapter.value}", name)
    return StepValue(forms, Status.FAILED if around.cannot_train else None)


def _data(run: Run, spec: ModelSpec | None) -> StepValue:
    if run.data:
        uri = run.data.get(TRAINING) or next(iter(run.data.values()))
        parts = [part for part in uri.removeprefix("s3://").split("/") if part]
        return StepValue(("/".join(parts[-2:]), *parts[-1:]))
    if run.customization is not None or (spec is not None and not spec.default_dataset_key):
        return CHOOSE
    return StepValue(("default dataset", "default"))


def _instance(choice: InstanceChoice) -> StepValue:
    if not choice.type:
        return CHOOSE
    if choice.is_serverless:
        return StepValue(("not needed", SERVERLESS))
    known = instance_type(choice.type)
    name = choice.type.removeprefix("ml.")
    name = f"{choice.count} × {name}" if choice.count > 1 else name
    gpus = f" {known.gpus}×{known.gpu_model}" if known and known.gpus and choice.count == 1 else ""
    spot = " spot" if choice.spot else ""
    return StepValue(tuple(dict.fromkeys((f"{name}{gpus}{spot}", f"{name}{spot}", name))))


def _values(run: Run, spec: ModelSpec | None) -> StepValue:
    if spec is None:
        return StepValue(("…",))
    if run.tuning is not None:
        return _searched(run.tuning)
    plan = batch_plan(run, spec)
    is_scaled = (
        plan is not None and run.hyperparameters.get(plan.rule.parameter) == AUTO and plan.value != plan.rule.base
    )
    batch = [f"batch {plan.value}"] if plan is not None and is_scaled else []
    changed = [f"{name} {value}" for name, value in changed_values(run, spec).items()]
    named = [*changed[: MOST_VALUES - len(batch)], *batch]
    if not named:
        return StepValue(("as the model" if run.customization is None else "after the recipe",))
    return StepValue((", ".join(named), named[-1]))


def _searched(tuning: Tuning) -> StepValue:
    """Return what a search tries: its ranges, beside those that the service chooses."""
    count = len(tuning.ranges)
    if tuning.autotune is not None:
        return StepValue((f"tune {count} and more" if count else "autotune",))
    return StepValue((f"tune {plural(count, 'value')}",))


def _endpoints(spent: EndpointSpending) -> StepValue:
    if not spent.endpoints:
        return NOTHING
    if spent.unpriced:
        return StepValue((str(spent.endpoints),), Status.RUNNING)
    return StepValue((f"{dollars(spent.usd_per_hour)}/h", dollars(spent.usd_per_hour)), is_cost=True)


def _review(run: Run, around: Surroundings) -> StepValue:
    missing = {gap.part for gap in gaps(run)}
    if missing & {Part.INSTANCE, Part.DATA}:
        return NOTHING
    if around.cannot_train and around.review is None:
        return StepValue(("1 to fix",), Status.FAILED)
    if Part.OUTPUT in missing:
        return StepValue(("no output",), Status.WARNING)
    if around.review is not None and around.review.blocks:
        return StepValue((f"{len(around.review.blocks)} to fix",), Status.FAILED)
    if around.review is not None and around.review.open:
        return StepValue((plural(len(around.review.open), "warning"),), Status.WARNING)
    passed = Status.COMPLETED if around.review is not None and around.review.is_done else None
    if run.instance.is_serverless:
        estimate = around.review.estimate if around.review is not None else ""
        return StepValue((estimate.removeprefix("about ") or "…",), passed, is_cost="$" in estimate)
    cost = run_bound(run, around.prices) if around.prices is not None else None
    return StepValue((f"≤ {dollars(cost)}" if cost is not None else "…",), passed, is_cost=cost is not None)
