"""The training job name: valid and not in use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from jsft_tui.core.common.fixes import Fix, FixKind
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, passed
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.run.name import GRAMMAR, suggest


@dataclass(frozen=True)
class NameFacts:
    """Whether a training job of the run's name exists, its status, and whether it is the job of this very run."""

    taken: bool
    status: str = ""
    same: bool = False


NAME = Requirement[NameFacts]("name")

NEXT_NAME = Fix(FixKind.NEW_NAME)


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block names that the service would refuse."""
    name = plan.run.name
    if not GRAMMAR.fullmatch(name):
        remedy = f"Use {suggest(name)!r}, for example." if suggest(name) else ""
        rule = "1 to 63 letters, digits and hyphens, no hyphen at either end"
        yield block(f"{name!r} is not a valid job name: {rule}.", remedy)
        return
    found = inputs[NAME]
    if found.same:
        yield passed(f"{name} is the job of this run ({found.status}); launching again finds it.")
    elif found.taken:
        yield block(f"a training job {name!r} already exists ({found.status}).", "Choose another name.", NEXT_NAME)
    else:
        yield passed(f"{name} is free.")


CHECK = Check("name", 160, evaluate, (NAME,))
