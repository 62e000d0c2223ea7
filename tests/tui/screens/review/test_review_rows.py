"""The rows of Review: nothing of a verdict or a cost is cut, whatever the room."""

from __future__ import annotations

import pytest

from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.fixes import Fix, FixKind
from jsft_tui.core.preflight.base.check import Finding, Told
from jsft_tui.core.preflight.review import Review
from jsft_tui.tui.screens.review.rows import Keys, ReviewRows, Room, review_rows

ROOMS = [Room(width, is_roomy=is_roomy) for width in (58, 72, 78, 98) for is_roomy in (True, False)]
KEYS = Keys("f", "p")
SAYS = "ml.g4dn.12xlarge: your limit is 4, and running jobs use 3; this run needs 2 (2 jobs at a time)."
DOES = "Wait for a job to end, or choose a type with quota: ml.g5.12xlarge (1), ml.g5.48xlarge (1), ml.m5.xlarge (4)."
COST = "at most $29.34: 12 trials × 30 min × $4.89/h × 1"


def rows(*findings: Finding, room: Room) -> ReviewRows:
    review = Review()
    for finding in findings:
        review = review.with_finding(finding)
    return review_rows(review.done(), room, KEYS)


def texts(found: ReviewRows) -> list[str]:
    return [cell.text for lines in found.lines for cell in lines]


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize("level", [Level.BLOCK, Level.WARN, Level.UNKNOWN])
def test_what_was_found_is_never_cut_and_what_to_do_ends_with_a_whole_part(level: Level, room: Room) -> None:
    fix = Fix(FixKind.NEXT_INSTANCE)
    lines = texts(rows(Finding("quota", level, SAYS, DOES, fix), room=room))
    assert SAYS.removesuffix(".") in " ".join(lines)
    for line in lines:
        whole = line.removesuffix(" …")
        assert whole == line or f"{whole}," in DOES or f"{whole}:" in DOES


@pytest.mark.parametrize("room", ROOMS)
def test_the_price_of_a_fix_is_the_last_that_is_left_out(room: Room) -> None:
    offer = "use ml.g5.12xlarge instead: 4 × A10G, $7.09/h, 0 of 1 used"
    found = rows(Finding("quota", Level.BLOCK, SAYS, DOES, Fix(FixKind.NEXT_INSTANCE), offer=offer), room=room)
    [shown] = ["".join(each.text for each in cell.rest) for lines in found.lines for cell in lines if cell.rest]
    assert "use ml.g5.12xlarge instead: " in shown
    assert shown.endswith(("$7.09/h", "0 of 1 used"))


@pytest.mark.parametrize("room", ROOMS)
def test_the_cost_of_a_run_is_never_cut(room: Room) -> None:
    passed = Finding("cost", Level.PASS, COST, told=Told(COST))
    shown = ["".join(cell.text for cell in line) for line in rows(passed, room=room).tail]
    assert any("at most $29.34" in line for line in shown)
    assert not any("$4…" in line or "× …" in line for line in shown)


@pytest.mark.parametrize("room", ROOMS)
@pytest.mark.parametrize(
    "remedy",
    [
        "Ask for more of 'ml.p3.8xlarge' at https://us-west-2.console.aws.amazon.com/servicequotas/home/services/"
        "sagemaker/quotas, or choose a type with quota.",
        "Read it (s3://jumpstart-cache-prod-us-west-2/fmhMetadata/eula/llama-3-2-eula.txt), then accept it.",
    ],
)
def test_of_an_address_nothing_is_shown_where_not_all_of_it_has_room(remedy: str, room: Room) -> None:
    fix = Fix(FixKind.NEXT_INSTANCE)
    shown = " ".join(texts(rows(Finding("quota", Level.BLOCK, SAYS, remedy, fix), room=room)))
    assert "://" not in shown or "/quotas," in shown or "eula.txt)" in shown
