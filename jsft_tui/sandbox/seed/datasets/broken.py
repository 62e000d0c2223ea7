"""Deliberately broken datasets: each has one fault, and a README beside it that says which.

They are what `jsft lint` and the preflight must find before a job is paid for. With most of them a job fails; with
some it runs and learns from the wrong data or from less of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.sandbox.seed.datasets.broken_annotations import ANNOTATION_FAULTS
from jsft_tui.sandbox.seed.datasets.broken_dataset import BrokenDataset
from jsft_tui.sandbox.seed.datasets.broken_images import IMAGE_FAULTS
from jsft_tui.sandbox.seed.datasets.broken_language import LANGUAGE_FAULTS
from jsft_tui.sandbox.seed.datasets.broken_tables import TABLE_FAULTS


def broken_datasets() -> tuple[BrokenDataset, ...]:
    """All broken datasets, made anew."""
    makers = (*TABLE_FAULTS, *IMAGE_FAULTS, *ANNOTATION_FAULTS, *LANGUAGE_FAULTS)
    return tuple(make() for make in makers)


def broken_objects() -> Iterator[tuple[str, bytes]]:
    """Every object of the bucket of broken datasets, as (key, body): `<name>/...` and `<name>.README.txt`."""
    index = ["Each folder of this bucket is a dataset with one fault. They are for trying out checks.", ""]
    for broken in broken_datasets():
        index.append(f"{broken.name}/  ({broken.task}): {broken.fault}")
        yield f"{broken.name}.README.txt", f"{broken.task} data that is broken on purpose: {broken.fault}\n".encode()
        for name, body in broken.objects.items():
            yield f"{broken.name}/{name}", body
    yield "README.txt", ("\n".join(index) + "\n").encode()
