"""The fault table (`docs/faults.md`): every call that is struck recovers, or says what is wrong, or does without."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.common.faults.rule import Fault
from tests.common.faults.scene import COMMANDS, OPERATIONS, Command, Operation, Scene
from tests.common.faults.table import FAULTS, Cell, Outcome, Table, Times, cells
from tests.common.home import Home
from tests.sandbox.running import ROOT

BY_NAME = {row.name: row for row in (*OPERATIONS, *COMMANDS)}

SOME = [
    ("GetCallerIdentity", Fault.THROTTLE, Times.TWICE, Outcome.RECOVERED),
    ("ListRoles", Fault.MALFORMED, Times.ALWAYS, Outcome.ERROR),
    ("ListBuckets", Fault.HTML_OK, Times.ALWAYS, Outcome.ERROR),
    ("ListBuckets", Fault.HTML_UNAVAILABLE, Times.ONCE, Outcome.RECOVERED),
    ("ListObjectsV2", Fault.PORTAL, Times.ALWAYS, Outcome.ERROR),
    ("ListObjectsV2", Fault.EMPTY, Times.ONCE, Outcome.ERROR),
    ("HeadObject", Fault.HTML_OK, Times.ALWAYS, Outcome.ERROR),
    ("GetObject", Fault.FLIP, Times.ALWAYS, Outcome.ERROR),
    ("GetObject", Fault.DRIP, Times.ALWAYS, Outcome.ERROR),
    ("HeadBucket", Fault.REGION, Times.ALWAYS, Outcome.DEGRADED),
    ("ListTrainingJobs", Fault.WRONG_TYPE, Times.ALWAYS, Outcome.ERROR),
    ("ListTrainingJobs", Fault.TRUNCATE, Times.ONCE, Outcome.RECOVERED),
    ("DescribeTrainingJob", Fault.HALF_OPEN, Times.ALWAYS, Outcome.ERROR),
    ("ListTags", Fault.HTML_FORBIDDEN, Times.ALWAYS, Outcome.DEGRADED),
    ("StopTrainingJob", Fault.LOST, Times.ALWAYS, Outcome.ERROR),
    ("DescribeVpcs", Fault.RESET_MIDDLE, Times.ONCE, Outcome.RECOVERED),
    ("GetMetricData", Fault.EMPTY, Times.ALWAYS, Outcome.ERROR),
    ("ListEndpoints", Fault.EMPTY, Times.ALWAYS, Outcome.ERROR),
    ("DescribeEndpoint", Fault.LOST, Times.ONCE, Outcome.RECOVERED),
    ("InvokeEndpoint", Fault.HTML_OK, Times.ALWAYS, Outcome.ERROR),
    ("InvokeEndpoint", Fault.TRUNCATE, Times.ALWAYS, Outcome.ERROR),
    ("s3 ls", Fault.HTML_OK, Times.ALWAYS, Outcome.ERROR),
    ("s3 upload", Fault.HTML_OK, Times.ALWAYS, Outcome.ERROR),
    ("s3 upload", Fault.RESET, Times.ONCE, Outcome.RECOVERED),
    ("jobs", Fault.WRONG_TYPE, Times.ALWAYS, Outcome.ERROR),
    ("doctor", Fault.INTERNAL, Times.ALWAYS, Outcome.ERROR),
]
"""Cells that stand for the rest in the sandbox profile; the whole table is one of the night."""


@pytest.fixture(scope="module")
def table(_session_home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Table]:
    scene = Scene(_session_home, tmp_path_factory.mktemp("scene"))
    scene.prepare()
    yield Table(scene)
    _session_home.sandbox.set_faults()
    _session_home.delete_endpoints()


@pytest.mark.parametrize(("name", "fault", "times", "outcome"), SOME, ids=lambda value: getattr(value, "name", value))
def test_a_call_that_is_struck(table: Table, name: str, fault: Fault, times: Times, outcome: Outcome) -> None:
    assert table.fill(Cell(BY_NAME[name], fault, times)) is outcome


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("row", [*OPERATIONS, *COMMANDS], ids=lambda row: row.name)
def test_whole_row(table: Table, row: Operation | Command) -> None:
    for cell in cells([row]):
        table.fill(cell)


def test_the_document_is_of_this_table_and_without_failures() -> None:
    lines = (ROOT / "docs" / "faults.md").read_text(encoding="utf-8").splitlines()
    rows = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")]
    assert rows[0] == [fault.value for fault in FAULTS]
    assert [row[0].strip("`").split(" ", 1)[1] for row in rows[1:]] == list(BY_NAME)
    assert not any("F" in cell or not cell for row in rows[1:] for cell in row[1:])
