"""Jobs side by side."""

from __future__ import annotations

import csv
import io

import pytest

from jsft_tui.core.jobs.comparison import Compared, as_csv, compare, curve, differing, ends, metric_names
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.sizing.pricing import Price
from tests.core.jobs.examples import STARTED, answer

START = STARTED.timestamp()
PRICES = {"ml.g5.2xlarge": Price(6.0, "price list")}


def compared(name: str, accuracy: float, **hyperparameters: str) -> Compared:
    data = {**answer(), "TrainingJobName": name}
    data["HyperParameters"] = {**data["HyperParameters"], **hyperparameters}
    series = {"x:val-accuracy": [(START + 60, accuracy - 0.1), (START + 120, accuracy), (START + 180, accuracy - 0.2)]}
    return Compared(TrainingJob.parse(data, {}), series)


JOBS = [compared("one", 0.8), compared("two", 0.9, epochs='"10"', extra='"=HYPERLINK(1)"')]


def test_what_differs_is_told_with_cost_and_best_values() -> None:
    rows = {row.label: row.values for row in differing(compare(JOBS, PRICES, START + 1000))}

    assert rows["epochs"] == ("5", "10")
    assert rows["extra"][0] == "–"
    assert rows["best val-accuracy"] == ("0.8", "0.9")
    assert "learning_rate" not in rows
    every = {row.label: row.values for row in compare(JOBS, PRICES, START + 1000)}
    assert every["cost"] == ("$1.00", "$1.00")
    assert every["after val-accuracy"] == ("2:00", "2:00")


def test_the_table_is_csv_that_no_spreadsheet_runs() -> None:
    text = as_csv([each.job.name for each in JOBS], compare(JOBS, PRICES, START + 1000))
    rows = {row[0]: row[1:] for row in csv.reader(io.StringIO(text))}

    assert rows[""] == ["one", "two"]
    assert rows["extra"] == ["–", "'=HYPERLINK(1)"]
    assert as_csv(["a"], []).splitlines() == [",a"]


def test_one_job_or_seven_are_not_compared() -> None:
    for jobs in (JOBS[:1], JOBS * 4):
        with pytest.raises(ValueError, match="2 to 6"):
            compare(jobs, PRICES, START)


def test_curves_begin_when_their_job_does_and_the_most_important_metric_is_the_first() -> None:
    train = {"x:loss": [(START, 1.0)]}
    jobs = [JOBS[0], Compared(JOBS[1].job, train), Compared(JOBS[1].job, {"x:acc": []})]

    assert metric_names(jobs) == ["x:val-accuracy", "x:loss"]
    assert [time for time, _ in curve(JOBS[0], "x:val-accuracy")] == [60.0, 120.0, 180.0]
    assert curve(JOBS[0], "x:loss") == []


@pytest.mark.parametrize(
    ("texts", "seen"),
    [
        (["tf-ic-1", "tf-ic-22"], ["…1", "…22"]),
        (["s3://b/data/one/", "s3://b/data/two/"], ["…one/", "…two/"]),
        (["same", "same", "other"], ["same", "same", "other"]),
        (["0.1", "0.15"], ["0.1", "0.15"]),
        (["–", "s3://b/x"], ["–", "s3://b/x"]),
        (["-1", "-2"], ["-1", "-2"]),
    ],
)
def test_what_all_texts_begin_with_is_left_out(texts: list[str], seen: list[str]) -> None:
    assert ends(texts) == seen
