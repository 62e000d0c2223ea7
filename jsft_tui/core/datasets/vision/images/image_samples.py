"""Check a sample of the images of a dataset: as many as the budgets allow, spread over all of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice

from jsft_tui.core.datasets.base.findings_by_kind import FindingsByKind
from jsft_tui.core.datasets.base.leftovers import leftover
from jsft_tui.core.datasets.base.reader import BudgetedDataset, DataObject, Span, block, warn
from jsft_tui.core.datasets.vision.images.image_file import HEAD, NAMES, TAIL, ImageVerdict, examine
from jsft_tui.core.datasets.vision.images.readers import FORMATS, extension

MOST_WHOLE = 4 * 2**20
"""Bytes of an image that is read as a whole because its end is not in its last bytes."""


def is_image(item: DataObject) -> bool:
    """Whether an object is an image by its name, for one of the readers."""
    return extension(item.name) in FORMATS and leftover(item.name) is None


def evenly(items: Sequence[DataObject], left: float, reads: float) -> Sequence[DataObject]:
    """Choose as many of the items as may be read, spread over all of them.

    Args:
        items: the candidates, none of them empty.
        left: bytes that may be read.
        reads: ranged reads that may be made.
    """
    cost = sum(span.length for item in items for span in _spans(item))
    pieces = sum(len(_spans(item)) for item in items)
    if cost <= left and pieces <= reads:
        return items
    number = int(len(items) * min(left / max(cost, 1), reads / max(pieces, 1)))
    return [items[place * len(items) // number] for place in range(number)]


def judged(
    items: Sequence[DataObject], data: BudgetedDataset, found: FindingsByKind
) -> Iterator[tuple[DataObject, ImageVerdict, bytes]]:
    """Each of the images that could be read, with what was seen in it and its first bytes.

    What is wrong goes to the findings.
    """
    pieces = iter(data.read_many([span for item in items for span in _spans(item)]))
    for item in items:
        wanted = _spans(item)
        read = list(islice(pieces, len(wanted)))
        if len(read) < len(wanted):
            return
        verdict = examine(read[0], read[-1][-TAIL:], item.size)
        if verdict.is_open:
            verdict = _whole(item, data, verdict)
        _report(item, verdict, found)
        yield item, verdict, read[0]


def _whole(item: DataObject, data: BudgetedDataset, so_far: ImageVerdict) -> ImageVerdict:
    """Judge all the bytes of an image, where as many may be read; else what was found so far."""
    if item.size > min(MOST_WHOLE, data.left):
        return so_far
    body = data.read(item.name, 0, item.size)
    return examine(body, body[-TAIL:], len(body))


def _report(item: DataObject, verdict: ImageVerdict, found: FindingsByKind) -> None:
    expected = FORMATS.get(extension(item.name), "")
    if verdict.is_open:
        why = "shows no end in its last bytes: it is cut off, or there is text after its end (not read whole)."
        found.add("open", warn(item.name, why))
    elif verdict.fault:
        found.add("fault", block(item.name, f"{verdict.fault}."))
    elif verdict.doubt:
        found.add("doubt", warn(item.name, f"{verdict.doubt}."))
    elif verdict.format != expected:
        found.add("format", warn(item.name, f"is {NAMES[verdict.format]} despite its name."))


def without_empty(items: Sequence[DataObject], found: FindingsByKind) -> list[DataObject]:
    """Return the items that have bytes; each of the others is a finding."""
    for item in items:
        if item.size == 0:
            found.add("empty", block(item.name, "is an empty file."))
    return [item for item in items if item.size]


def _spans(item: DataObject) -> list[Span]:
    """Return the spans to read of an image: its head, and its end if that is further away."""
    head = Span(item.name, 0, min(HEAD, item.size))
    return [head] if item.size <= HEAD else [head, Span(item.name, item.size - TAIL, TAIL)]
