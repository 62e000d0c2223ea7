"""The data fits on the disk of each instance."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from math import ceil

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.common.fixes import Fix, FixKind
from jsft_tui.core.common.text import plural
from jsft_tui.core.customization.method import ON_INSTANCES
from jsft_tui.core.instances.types import instance_type
from jsft_tui.core.preflight.base.check import Check, CheckResult, Plan, block, not_checked, passed, unknown, warn
from jsft_tui.core.preflight.base.inputs import Inputs, Requirement
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.preflight.checks.model.weights import CONTENT
from jsft_tui.core.sizing.disk import GB, GIB, SizeFacts, disk_bytes, disk_is_fixed, in_words

SIZE = Requirement[Mapping[str, SizeFacts | Problem]]("size")

ROOM = 0.8
"""The share of the disk that may be filled: the weights are unpacked and the model is written there as well."""


def evaluate(plan: Plan, inputs: Inputs) -> Iterator[CheckResult]:
    """Block data that does not fit: in File mode every instance first downloads all of it."""
    found = inputs[SIZE]
    known = [size for size in found.values() if isinstance(size, SizeFacts)]
    yield from (not_checked(size) for size in found.values() if isinstance(size, Problem))
    if not known:
        return
    total, disk = sum(size.total for size in known) + _weights(inputs), disk_bytes(plan.run, plan.spec)
    complete = all(size.complete for size in known)
    objects = plural(sum(size.objects for size in known), "object")
    what = f"{'' if complete else 'more than '}{in_words(total)} in {objects}"
    if disk is None:
        yield unknown(f"{what}; the disk of {plan.run.instance.type} is unknown.")
    elif total > disk:
        yield block(f"{what} do not fit on {in_words(disk)} of disk.", _remedy(plan, total), _more_disk(plan, total))
    elif total > disk * ROOM:
        message = f"{what} leave little free space on {in_words(disk)} of disk."
        yield warn(message, _remedy(plan, total), _more_disk(plan, total))
    elif not complete:
        yield unknown(f"{what}, not all of it counted; the disk has {in_words(disk)}.")
    else:
        stored = in_words(sum(size.total for size in known))
        yield passed(f"{what}; the disk has {in_words(disk)}.", headline=stored, detail="fits the disk")


def _weights(inputs: Inputs) -> int:
    """Return the known bytes of JumpStart's own channels, which share the disk."""
    content = inputs.get(CONTENT) or {}
    return sum(size.total for size in content.values() if isinstance(size, SizeFacts))


def _more_disk(plan: Plan, total: int) -> Fix:
    unit = GB if disk_is_fixed(plan.run) else GIB
    return Fix(FixKind.RAISE_DISK, disk_gb=ceil(total / ROOM / unit))


def _remedy(plan: Plan, total: int) -> str:
    wanted = ceil(total / ROOM)
    if not disk_is_fixed(plan.run):
        return f"Set volume_gb: {ceil(wanted / GIB)}"
    types = [found for name in plan.spec.instance_types if (found := instance_type(name))]
    larger = [found.name for found in types if (found.nvme_gb or 0) * GB >= wanted]
    if larger:
        return f"Its disk is fixed; types with more: {', '.join(larger[:4])}."
    return "Its disk is fixed: use less data, or a type without local NVMe and volume_gb."


CHECK = Check("data_size", Subject.DATA, 80, evaluate, (SIZE, CONTENT), methods=ON_INSTANCES, label="Disk")
