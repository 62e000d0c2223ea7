"""The line that a start says of endpoints that were there when somebody last looked."""

from __future__ import annotations

import pytest

from jsft_tui.core.serving.life.known import KnownEndpoint, warning
from jsft_tui.core.serving.traffic import DAY

NOW = 100 * DAY


@pytest.mark.parametrize(
    ("endpoints", "line"),
    [
        ([], ""),
        ([KnownEndpoint("a", 1.5)], "1 endpoint, $1.50/h"),
        (
            [KnownEndpoint("a", 4.0, quiet_since=NOW - 3.5 * DAY), KnownEndpoint("b", 0.1, quiet_since=NOW)],
            "2 endpoints, $4.10/h, one idle for 3 days",
        ),
        (
            [KnownEndpoint("a", 1.0, quiet_since=NOW - DAY), KnownEndpoint("b", None, quiet_since=NOW - 9 * DAY)],
            "2 endpoints, $1.00/h and more, 2 idle for up to 9 days",
        ),
        ([KnownEndpoint("a", None)], "1 endpoint, cost unknown"),
        (
            [KnownEndpoint("a", 1.0, expires=NOW), KnownEndpoint("b", 1.0, expires=NOW + 1)],
            "2 endpoints, $2.00/h; 1 past its lifetime: jsft endpoints --expired --delete",
        ),
        ([KnownEndpoint("a", 1.0, expires=NOW, has_schedule=True)], ""),
    ],
    ids=["none", "one", "idle", "several idle", "no price", "expired", "deleted by its schedule"],
)
def test_the_line_has_number_cost_and_what_is_wrong(endpoints: list[KnownEndpoint], line: str) -> None:
    assert warning(endpoints, NOW) == line
