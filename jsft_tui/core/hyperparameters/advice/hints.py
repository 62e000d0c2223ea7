"""What makes a value doubtful beside the others that were chosen."""

from __future__ import annotations

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.catalog.task import BatchMeaning
from jsft_tui.core.hyperparameters.conflicts.find import conflicts
from jsft_tui.core.hyperparameters.form import Form, FormRow
from jsft_tui.core.run.run import Run

_RATES = frozenset({"learning_rate", "adam_learning_rate"})
LEAST_FACTOR = 2
"""How many times its default a batch size is, before another rate is hinted at."""


def hints(row: FormRow, shown: Form, run: Run, spec: ModelSpec) -> list[str]:
    """Return hints for a row, a sentence each."""
    found = [
        f"{conflict.message} {conflict.remedy}"
        for conflict in conflicts(run, spec)
        if not conflict.is_certain and row.name in conflict.names
    ]
    rate = _rate_for_batch(row, shown)
    return [rate, *found] if rate else found


def _rate_for_batch(row: FormRow, shown: Form) -> str:
    """Hint at a rate that grows with the batch ("linear scaling rule": Goyal et al., 2017, arXiv:1706.02677)."""
    plan = shown.batch
    if row.name.replace("-", "_") not in _RATES or row.is_changed or plan is None:
        return ""
    factor = plan.value / plan.rule.base
    if plan.rule.meaning is not BatchMeaning.GLOBAL or factor < LEAST_FACTOR:
        return ""
    rate = f"{float(row.default) * factor:.3g}" if row.declared.error(row.default) is None else ""
    if not rate or row.declared.error(rate) is not None:
        return ""
    return f"With batch {plan.value} instead of {plan.rule.base} a higher rate often works: {rate} (× {factor:g})"
