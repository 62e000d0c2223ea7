"""`jsft compare`."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from tests.cli.jobs.test_jobs import finished
from tests.common.home import Home


def test_two_jobs_stand_side_by_side(home: Home, folder: Path) -> None:
    one = finished(home, folder, "one", hyperparameters={"epochs": 1})
    two = finished(home, folder, "two", hyperparameters={"epochs": 2})

    rows = {row["label"]: row for row in home.json("compare", one, two)}
    assert rows["epochs"]["values"] == {one: "1", two: "2"}
    assert rows["epochs"]["differs"]
    assert not rows["status"]["differs"]
    assert any(label.startswith("best ") for label in rows)

    table = home.jsft("compare", one, two).out
    assert "epochs" in table
    assert "learning_rate" not in table
    written = list(csv.reader(io.StringIO(home.jsft("compare", one, two, "--csv").out)))
    assert written[0] == ["", one, two]
    assert len(written) == len(rows) + 1


def test_what_cannot_be_compared_is_refused(home: Home) -> None:
    assert home.jsft("compare", "one").code == 2
    assert home.jsft("compare", "one", "one").code == 2
    assert home.jsft("compare", "no-such-1", "no-such-2").code == 4
