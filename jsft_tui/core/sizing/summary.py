"""The run summary: a draft in a few lines, with its maximum cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from jsft_tui.core.catalog.spec import ModelSpec
from jsft_tui.core.common.durations import format_duration
from jsft_tui.core.common.text import dollars
from jsft_tui.core.hyperparameters.values import batch_plan, changed_values
from jsft_tui.core.instances.types import instance_type
from jsft_tui.core.run.run import Run
from jsft_tui.core.sizing.model_card import short_model_id
from jsft_tui.core.sizing.pricing import Price, max_cost


@dataclass(frozen=True)
class SummaryRow:
    """One line of the summary."""

    label: str
    text: str


def run_summary(run: Run, spec: ModelSpec | None, prices: Mapping[str, Price] | None) -> tuple[SummaryRow, ...]:
    """Return the rows that summarize a draft.

    Args:
        run: the draft, with the target's defaults filled in.
        spec: the spec of its model; None while it is not known.
        prices: by instance type; None while they are not known.
    """
    if not run.model.id:
        return ()
    rows = [
        SummaryRow("model", short_model_id(run.model.id)),
        SummaryRow("data", data_text(run)),
        SummaryRow("output", run.output or "not chosen"),
        SummaryRow("instance", instance_text(run)),
    ]
    if (plan := batch_plan(run, spec)) is not None:
        rows.append(SummaryRow("batch", plan.explanation))
    rows.append(SummaryRow("changed", changed_text(run, spec)))
    rows.append(SummaryRow("max cost", cost_text(run, prices)))
    return tuple(rows)


def data_text(run: Run) -> str:
    """Format the location of the training data."""
    return ", ".join(run.data.values()) or "default dataset"


def instance_text(run: Run) -> str:
    """Format the instances: type, GPUs, count, spot."""
    choice = run.instance
    if not choice.type:
        return "not chosen"
    known = instance_type(choice.type)
    count = f"{choice.count} x " if choice.count > 1 else ""
    gpus = f", {known.gpus} GPU" if known and known.gpus else ""
    return f"{count}{choice.type}{gpus}" + (", spot" if choice.spot else "")


def changed_text(run: Run, spec: ModelSpec | None) -> str:
    """Format the changed hyperparameters in one line."""
    if spec is None:
        return "…"
    return ", ".join(f"{name} {value}" for name, value in changed_values(run, spec).items()) or "nothing"


def cost_text(run: Run, prices: Mapping[str, Price] | None) -> str:
    """Format the maximum cost and the maximum runtime."""
    if prices is None:
        return "…"
    return f"{dollars(max_cost(run.instance, prices))} ({format_duration(run.instance.max_runtime)} cap)"
