"""The training job name: of the right form, and free."""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.core.common.fixes import Fix, FixKind
from jsft_tui.core.preflight.base.check import Check, Facts, Judgement, Need, Plan, good, stop
from jsft_tui.core.run.name import GRAMMAR, suggest

NEXT_NAME = Fix(FixKind.NEW_NAME)


def judge(plan: Plan, facts: Facts) -> Iterator[Judgement]:
    """Blocks on names that the service would refuse."""
    name = plan.run.name
    if not GRAMMAR.fullmatch(name):
        remedy = f"Use {suggest(name)!r}, for example." if suggest(name) else ""
        yield stop(f"{name!r} is no job name: 1 to 63 letters, digits and hyphens, no hyphen at the ends.", remedy)
        return
    found = facts.name
    if found.same:
        yield good(f"{name} is this very run ({found.status}); launching it finds the job.")
    elif found.taken:
        yield stop(f"a training job {name!r} exists already ({found.status}).", "Choose another name.", NEXT_NAME)
    else:
        yield good(f"{name} is free.")


CHECK = Check("name", judge, (Need.NAME,))
