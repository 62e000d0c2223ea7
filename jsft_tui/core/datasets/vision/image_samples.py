"""Images of a dataset looked into: as many as the budgets allow, spread over all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from jsft_tui.core.datasets.base.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.base.reader import BudgetedDataset, DataObject, Span, block, warn
from jsft_tui.core.datasets.vision.image_file import HEAD, TAIL, ImageVerdict, examine

EXTENSIONS = {".jpg": "jpeg", ".jpeg": "jpeg", ".png": "png"}
"""Names of images -> what they should hold."""


def extension(name: str) -> str:
    """What the name ends in, from its last dot on, in lower case; empty without one."""
    stem, dot, end = name.rpartition("/")[2].rpartition(".")
    return f".{end.lower()}" if stem and dot else ""


def is_image(item: DataObject) -> bool:
    """Whether an object is an image by its name."""
    return extension(item.name) in EXTENSIONS


def evenly(items: Sequence[DataObject], left: float, reads: float) -> Sequence[DataObject]:
    """As many of the items as may be read, spread over all of them.

    Args:
        items: what could be read; none of them empty.
        left: bytes that may be read.
        reads: pieces that may be read.
    """
    cost = sum(span.length for item in items for span in _spans(item))
    pieces = sum(len(_spans(item)) for item in items)
    if cost <= left and pieces <= reads:
        return items
    number = int(len(items) * min(left / max(cost, 1), reads / max(pieces, 1)))
    return [items[place * len(items) // number] for place in range(number)]


def judged(
    items: Sequence[DataObject], data: BudgetedDataset, found: FindingsByKind
) -> Iterator[tuple[DataObject, ImageVerdict]]:
    """Each of the images that could be read, with what was seen in it; what is wrong goes to the findings."""
    pieces = iter(data.read_many([span for item in items for span in _spans(item)]))
    for item in items:
        wanted = _spans(item)
        read = list(islice(pieces, len(wanted)))
        if len(read) < len(wanted):
            return
        verdict = examine(read[0], read[-1][-TAIL:], item.size)
        if verdict.fault:
            found.add("fault", block(item.name, f"{verdict.fault}."))
        elif verdict.format != EXTENSIONS[extension(item.name)]:
            found.add("format", warn(item.name, f"is a {verdict.format.upper()} in spite of its name."))
        yield item, verdict


def without_empty(items: Sequence[DataObject], found: FindingsByKind) -> list[DataObject]:
    """The items that have bytes; each of the others is a finding."""
    for item in items:
        if item.size == 0:
            found.add("empty", block(item.name, "is an empty file."))
    return [item for item in items if item.size]


def _spans(item: DataObject) -> list[Span]:
    """What has to be read of an image: its head, and its end when that is further away."""
    head = Span(item.name, 0, min(HEAD, item.size))
    return [head] if item.size <= HEAD else [head, Span(item.name, item.size - TAIL, TAIL)]
