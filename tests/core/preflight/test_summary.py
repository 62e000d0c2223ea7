"""The summary of a review: verdict, what needs a decision, what passed by subject."""

from __future__ import annotations

import pytest

from jsft_tui.core.common.findings import Level
from jsft_tui.core.preflight.base.check import Finding, Told
from jsft_tui.core.preflight.base.subject import Subject
from jsft_tui.core.preflight.checks import checks
from jsft_tui.core.preflight.review import Review
from jsft_tui.core.preflight.summary import needing_attention, passed_by_subject, passed_in_one_line, verdict

ROLE = Finding("role", Level.PASS, "exists and trusts SageMaker.", told=Told("TrainRole", "trusted by SageMaker"))
ACCESS = Finding("role_access", Level.PASS, "the role may read the data.", told=Told(detail="reads the data"))
SIZE = Finding("data_size", Level.PASS, "1.5 MB in 400 objects.")
NO_VPC = Finding("vpc", Level.PASS, "no VPC.", told=Told(is_silent=True))
ODD = Finding("data", Level.WARN, "odd")
ZERO = Finding("quota", Level.BLOCK, "zero")
DENIED = Finding("role_access", Level.UNKNOWN, "denied")


@pytest.mark.parametrize(
    ("findings", "level", "numbers"),
    [
        ((ROLE, SIZE), Level.PASS, ["2"]),
        ((ROLE, DENIED), Level.PASS, ["1", "1"]),
        ((ROLE, ODD, DENIED), Level.WARN, ["1", "1", "1"]),
        ((ROLE, ODD, ZERO, ZERO), Level.BLOCK, ["1", "1"]),
    ],
    ids=["all pass", "one unknown", "one warning", "two blocks"],
)
def test_the_verdict_is_the_worst_that_was_found(
    findings: tuple[Finding, ...], level: Level, numbers: list[str]
) -> None:
    found = verdict(Review(findings, is_done=True))
    assert found.level is level
    assert [word for word in found.counts.split() if word.isdigit()] == numbers


def test_there_is_no_verdict_while_checks_run() -> None:
    assert verdict(Review((ZERO,))).level is None


def test_what_needs_a_decision_comes_worst_first() -> None:
    assert needing_attention(Review((ROLE, DENIED, ODD, ZERO))) == [ZERO, ODD, DENIED]


def test_what_passed_is_told_by_subject_and_what_does_not_apply_is_not() -> None:
    found = passed_by_subject((SIZE, NO_VPC, ROLE, ACCESS, ZERO))
    assert [(each.subject, each.headline, each.details) for each in found] == [
        (Subject.ROLE, "TrainRole", "trusted by SageMaker; reads the data"),
        (Subject.DATA, "1.5 MB in 400 objects", ""),
    ]


def test_all_that_passed_fits_in_one_line() -> None:
    line = passed_in_one_line((SIZE, NO_VPC, ROLE, ZERO))
    assert line.split()[0] == "3"
    assert line.split()[-3:] == ["role", "data", "instance"]


def test_each_subject_has_a_check() -> None:
    assert {check.subject for check in checks()} == set(Subject)
