"""Define a deliberately broken dataset."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class BrokenDataset:
    """One broken dataset.

    Attributes:
        name: its folder in the bucket of broken datasets.
        task: the display name of the task whose format it violates.
        fault: what is wrong, in one sentence.
        objects: maps names under the folder to bodies.
    """

    name: str
    task: str
    fault: str
    objects: Mapping[str, bytes]
