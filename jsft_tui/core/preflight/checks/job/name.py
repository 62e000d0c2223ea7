"""The name of the training job, or of the search: valid and not in use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jsft_tui.core.common.fixes import Fix, FixKind
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, passed
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.run.name import (
    GRAMMAR,
    MAX_NAME,
    MAX_TUNING_NAME,
    TUNING_GRAMMAR,
    suggest,
    suggest_tuning_name,
)


@dataclass(frozen=True)
class NameFacts:
    """Whether a job of the run's name and kind exists, its status, and whether it is the job of this very run."""

    taken: bool
    status: str = ""
    same: bool = False


NAME = Requirement[NameFacts]("name")

NEXT_NAME = Fix(FixKind.NEW_NAME)


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block names that the service would refuse."""
    name, is_search = plan.run.name, plan.run.tuning is not None
    grammar, nearest = (TUNING_GRAMMAR, suggest_tuning_name) if is_search else (GRAMMAR, suggest)
    if not grammar.fullmatch(name):
        remedy = f"Use {nearest(name)!r}, for example." if nearest(name) else ""
        longest = f"{MAX_TUNING_NAME} (a search)" if is_search else f"{MAX_NAME}"
        rule = f"1 to {longest} letters, digits and hyphens, no hyphen at either end"
        yield block(f"{name!r} is not a valid job name: {rule}.", remedy)
        return
    found, kind = inputs[NAME], "tuning" if is_search else "training"
    if found.same:
        yield passed(f"{name} is the job of this run ({found.status}); launching again finds it.")
    elif found.taken:
        yield block(f"a {kind} job {name!r} already exists ({found.status}).", "Choose another name.", NEXT_NAME)
    else:
        yield passed(f"{name} is free.", detail="the name is free")


CHECK = Check("name", Subject.OUTPUT, 160, evaluate, (NAME,), label="Name")
