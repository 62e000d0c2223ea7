"""Collect the deliberately broken datasets: each has one fault, which a README next to it describes.

`jsft lint` and the preflight must find these faults before a job is paid for. With most of them a job fails; with
some it runs, but trains on the wrong data or on part of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from jsft_tui.sandbox.seed.datasets.broken_annotations import ANNOTATION_FAULTS
from jsft_tui.sandbox.seed.datasets.broken_dataset import BrokenDataset
from jsft_tui.sandbox.seed.datasets.broken_images import IMAGE_FAULTS
from jsft_tui.sandbox.seed.datasets.broken_language import LANGUAGE_FAULTS
from jsft_tui.sandbox.seed.datasets.broken_tables import TABLE_FAULTS


def broken_datasets() -> tuple[BrokenDataset, ...]:
    """Create all broken datasets."""
    makers = (*TABLE_FAULTS, *IMAGE_FAULTS, *ANNOTATION_FAULTS, *LANGUAGE_FAULTS)
    return tuple(make() for make in makers)


def broken_objects() -> Iterator[tuple[str, bytes]]:
    """Yield every object of the bucket of broken datasets, as (key, body): `<name>/...` and `<name>.README.txt`."""
    index = ["Each folder of this bucket is a dataset with one fault, for trying out the checks.", ""]
    for broken in broken_datasets():
        index.append(f"{broken.name}/  ({broken.task}): {broken.fault}")
        yield f"{broken.name}.README.txt", f"{broken.task} data that is deliberately broken: {broken.fault}\n".encode()
        for name, body in broken.objects.items():
            yield f"{broken.name}/{name}", body
    yield "README.txt", ("\n".join(index) + "\n").encode()
