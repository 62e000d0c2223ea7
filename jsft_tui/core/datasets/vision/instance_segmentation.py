"""Instance segmentation: AWS documents no data format for it."""

from __future__ import annotations

from jsft_tui.core.catalog.task import Task
from jsft_tui.core.datasets.base.data_format import DataFormat

FORMAT = DataFormat(
    Task.INSTANCE_SEGMENTATION,
    "AWS documents no data format for instance segmentation; see the model's own description.",
    ("The default dataset of these models is PennFudanPed: pedestrians with masks.",),
)
