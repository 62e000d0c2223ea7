"""Draw values as a line of blocks."""

from __future__ import annotations

import math
from collections.abc import Sequence

BLOCKS = "▁▂▃▄▅▆▇█"


def spark(values: Sequence[float], width: int) -> str:
    """Draw values as a sparkline of at most `width` blocks: of each part the last value; flat ones halfway up."""
    numbers = [value for value in values if math.isfinite(value)]
    if not numbers or width <= 0:
        return ""
    if len(numbers) > width:
        numbers = [numbers[(part + 1) * len(numbers) // width - 1] for part in range(width)]
    low, high = min(numbers), max(numbers)
    if high == low:
        return BLOCKS[len(BLOCKS) // 2 - 1] * len(numbers)
    scale = (len(BLOCKS) - 1) / (high - low)
    return "".join(BLOCKS[round((value - low) * scale)] for value in numbers)
