"""`jsft job NAME --summary`."""

from __future__ import annotations

import re
from pathlib import Path

from tests.cli.jobs.test_jobs import finished, long_run
from tests.common.home import TINY_SHAPES, Home


def test_a_summary_compares_with_the_best_earlier_run_of_the_same_model_and_data(home: Home, folder: Path) -> None:
    name = finished(home, folder, "summed")
    again = finished(home, folder, "summed-again")

    found = home.json("job", again, "--summary")
    text = home.jsft("job", again, "--summary").out

    earlier = home.json("job", found["earlier_run"])
    assert earlier["created"] < home.json("job", again)["created"]
    assert (found["metric"], found["earlier_value"]) == ("val-accuracy", best(home, found["earlier_run"]))
    assert found["earlier_value"] >= best(home, name)
    assert found["data"] == {"training": TINY_SHAPES}
    assert found["changed"]["epochs"] == "2"
    lines = text.splitlines()
    assert lines == found["text"].splitlines()
    assert re.match(rf". {again}  val-accuracy [\d.]+ \(.* {found['earlier_run']}\)", lines[0])
    assert lines[-1].endswith(found["output_path"])
    assert "\x1b" not in text


def best(home: Home, name: str) -> float:
    points = home.json("job", name)["metrics"]
    return max(float(value) for metric, each in points.items() if metric.endswith("val-accuracy") for _, value in each)


def test_where_jobs_may_not_be_listed_a_summary_has_no_comparison(home: Home, folder: Path) -> None:
    name = finished(home, folder, "alone")
    home.sandbox.set_faults({"do": "denied", "operation": "ListTrainingJobs", "times": None})
    assert home.json("job", name, "--summary")["earlier_run"] is None


def test_a_running_job_says_how_far_it_is(home: Home, folder: Path) -> None:
    name = long_run(home, folder, "running")
    head = home.jsft("job", name, "--summary").out.splitlines()[0]
    assert re.match(rf". {name}  Training", head)
