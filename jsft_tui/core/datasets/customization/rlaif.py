"""Check data of reinforcement learning from AI feedback. Source: developer guide, customizing-models-rft."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jsft_tui.core.catalog.technique import Technique
from jsft_tui.core.datasets.customization.messages import Flaw
from jsft_tui.core.datasets.customization.reward import reward_flaws, reward_format


def flaws(fields: Mapping[str, object]) -> Iterator[Flaw]:
    """Yield what is wrong with a record."""
    return reward_flaws(fields, needs_truth=False)


FORMAT = reward_format(Technique.RLAIF, flaws)
