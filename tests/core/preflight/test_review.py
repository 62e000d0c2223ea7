"""A review adds up while its findings come in."""

from __future__ import annotations

from jsft_tui.core.common.findings import Level
from jsft_tui.core.customization.method import Method
from jsft_tui.core.preflight.base.check import Finding
from jsft_tui.core.preflight.checks import checks_of
from jsft_tui.core.preflight.review import Review, finding_key

FINDINGS = [
    Finding("name", Level.PASS, "free"),
    Finding("role", Level.UNKNOWN, "denied"),
    Finding("data", Level.WARN, "odd"),
    Finding("quota", Level.BLOCK, "zero"),
    Finding("data", Level.WARN, "odder"),
]


def review() -> Review:
    found = Review()
    for finding in FINDINGS:
        found = found.with_finding(finding)
    return found


def test_the_worst_comes_first_and_those_alike_in_the_order_of_the_checks() -> None:
    assert [finding.check for finding in review().worst_first] == ["quota", "data", "data", "role", "name"]
    assert [finding.message for finding in review().blocks] == ["zero"]


def test_it_says_how_far_it_is_and_then_what_it_found() -> None:
    assert review().summary == f"checking … 4 of {len(checks_of(Method.SCRIPT))}"
    assert review().done().summary == "1 finding blocks · 2 warnings · 1 unknown"
    assert Review((FINDINGS[0],), is_done=True).summary == "nothing blocks"


def test_findings_of_one_check_are_distinguished() -> None:
    found = review().worst_first
    assert [finding_key(found, index) for index in range(3)] == ["quota 0", "data 0", "data 1"]
