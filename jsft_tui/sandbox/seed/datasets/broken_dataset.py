"""What a deliberately broken dataset is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class BrokenDataset:
    """One broken dataset.

    Attributes:
        name: its folder in the bucket of broken datasets.
        task: the task whose format it breaks, in words.
        fault: what is wrong, in one sentence.
        objects: name under the folder -> body.
    """

    name: str
    task: str
    fault: str
    objects: Mapping[str, bytes]
