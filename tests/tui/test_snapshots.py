"""What every screen looks like, at the size that has to do and at one with room.

After a change that is meant: `pytest tests/tui/test_snapshots.py --snapshot-update`, and look at what changed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.tui.pilot import Work
from tests.tui.screens.opened import SCREENS, Shown
from tests.tui.worlds import ORDINARY

SIZES = ((80, 24), (120, 36))


@pytest.mark.parametrize("size", SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_a_screen_looks_as_it_did(
    screen: Shown,
    size: tuple[int, int],
    snap_compare: Callable[..., bool],
    tmp_path: Path,
    plain_environment: None,
) -> None:
    app = screen.app(ORDINARY, tmp_path)

    async def arrive(pilot: Pilot[Any]) -> None:
        await screen.open(Work(app, pilot))

    assert snap_compare(app, terminal_size=size, run_before=arrive)
