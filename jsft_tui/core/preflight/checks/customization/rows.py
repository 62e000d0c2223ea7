"""The data has at least one batch of records: with fewer, "Train dataloader is empty" ends the job.

Source: MIT-0 sample of AWS for Qwen3 4B, run end to end (jumpstart-2026 §2.6).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.fixes import Fix, FixKind
from jsft_tui.core.common.text import plural
from jsft_tui.core.customization.method import BY_RECIPE
from jsft_tui.core.customization.recipes.values import sent_values
from jsft_tui.core.datasets.customization.count import RecordCount
from jsft_tui.core.preflight.base.check import (
    Check,
    CheckResult,
    Plan,
    block,
    not_checked,
    nothing_to_tell,
    passed,
    unknown,
)
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject

RECORDS = Requirement[Mapping[str, RecordCount | Problem]]("records")
TRAIN, VALIDATION = "train", "validation"
SMALLER = Fix(FixKind.HALVE_BATCH)
BATCH, SPLIT = "global_batch_size", "train_val_split_ratio"


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block data that is smaller than a batch after the split into training and validation."""
    values = values_of(plan)
    batch = _whole(values.get(BATCH, ""))
    if batch is None:
        yield nothing_to_tell("the recipe has no global batch size.")
        return
    found = inputs[RECORDS].get(TRAIN)
    if not isinstance(found, RecordCount):
        if found is not None:
            yield not_checked(found)
        return
    share = training_share(plan, values)
    rows = int(found.all_records * share)
    split = "" if share == 1 else f" after {SPLIT} {share:g}"
    what = f"{'' if found.is_complete else 'about '}{plural(rows, 'record')}{split}"
    if rows >= batch:
        yield passed(f"{what}; {BATCH} is {batch}.")
    elif not found.is_complete:
        yield unknown(f"{what}, not all of it counted; {BATCH} is {batch}.")
    else:
        yield block(
            f"{what}: fewer than {BATCH} {batch}, so no batch could be filled.", _remedy(plan, batch, rows), SMALLER
        )


def values_of(plan: Plan) -> dict[str, str]:
    """Return all values that are sent, whoever sets them."""
    wanted = plan.run.customization
    return sent_values(plan.spec, plan.run.hyperparameters, wanted) if wanted else {}


def training_share(plan: Plan, values: Mapping[str, str]) -> float:
    """Return the part of the training data that is trained on: all of it beside validation data of one's own."""
    if VALIDATION in plan.run.data:
        return 1.0
    try:
        share = float(values[SPLIT])
    except (KeyError, ValueError):
        return 1.0
    return share if 0 < share <= 1 else 1.0


def _remedy(plan: Plan, batch: int, rows: int) -> str:
    declared = plan.spec.hyperparameter(BATCH)
    smaller = [size for option in (declared.options if declared else ()) if (size := _whole(option) or 0) <= rows]
    more = f"Add records (at least {batch}), or give validation data of its own"
    fitting = max(smaller, default=0)
    return f"Set {BATCH}: {fitting}, or add records." if 0 < fitting < batch else f"{more}."


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() else None


CHECK = Check("records", Subject.DATA, 75, evaluate, (RECORDS,), BY_RECIPE)
