"""What every screen looks like, at the size that has to do and at one with room.

After a change that is meant: `pytest tests/tui/test_snapshots.py --snapshot-update`, and look at what changed.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from _pytest.mark.structures import ParameterSet
from textual.pilot import Pilot

from tests.tui.driver.pilot import Work
from tests.tui.driver.worlds import ORDINARY
from tests.tui.screens.every_screen.opened import PICTURED, SIZES, Shown


def _pictured(screen: Shown, size: tuple[int, int]) -> ParameterSet:
    marks = () if size in SIZES else (pytest.mark.screens,)
    return pytest.param(screen, size, id=f"{screen.name}-{size[0]}x{size[1]}", marks=marks)


PICTURES = [_pictured(screen, size) for screen in PICTURED for size in screen.sizes]


@pytest.mark.parametrize(("screen", "size"), PICTURES)
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
