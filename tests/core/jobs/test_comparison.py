"""Comparing jobs."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import given

from jsft_tui.core.jobs.compare.compared_curves import CurveAxis, compared_curves, possible_axes
from jsft_tui.core.jobs.compare.comparison import (
    ComparedJob,
    ComparisonRow,
    RowGroup,
    as_csv,
    as_markdown,
    best_job,
    compare,
    differing,
    distinct_ends,
    metric_names,
)
from jsft_tui.core.jobs.metrics.log_metrics import EpochMark, Progress
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.core.sizing.pricing import Price
from tests.common.hostile import OBEYED, TEXTS
from tests.core.jobs.examples import STARTED, answer

START = STARTED.timestamp()
PRICES = {"ml.g5.2xlarge": Price(6.0, "price list")}


def compared(name: str, accuracy: float, **hyperparameters: str) -> ComparedJob:
    data = {**answer(), "TrainingJobName": name}
    data["HyperParameters"] = {**data["HyperParameters"], **hyperparameters}
    series = {"x:val-accuracy": [(START + 60, accuracy - 0.1), (START + 120, accuracy), (START + 180, accuracy - 0.2)]}
    return ComparedJob(TrainingJob.parse(data, {}), series)


JOBS = [compared("one", 0.8), compared("two", 0.9, epochs='"10"', extra='"=HYPERLINK(1)"')]


def test_what_differs_is_listed_with_cost_and_best_values() -> None:
    rows = {row.label: row.values for row in differing(compare(JOBS, PRICES, START + 1000))}

    assert rows["epochs"] == ("5", "10")
    assert rows["extra"][0] == "–"
    assert rows["val-accuracy"] == ("0.8", "0.9")
    assert "learning_rate" not in rows
    every = {row.label: row.values for row in compare(JOBS, PRICES, START + 1000)}
    assert every["cost"] == ("$1.00", "$1.00")
    assert every["best at"] == ("2:00", "2:00")


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
    jobs = [JOBS[0], ComparedJob(JOBS[1].job, train), ComparedJob(JOBS[1].job, {"x:acc": []})]

    assert metric_names(jobs) == ["x:val-accuracy", "x:loss"]
    found = compared_curves(jobs[:1], "x:val-accuracy", CurveAxis.TIME, {})
    assert [time for time, _ in found.curves[0]] == [60.0, 120.0, 180.0]
    assert compared_curves(jobs[:1], "x:loss", CurveAxis.TIME, {}).curves == ([],)


def test_the_best_of_all_is_marked_and_the_objective_is_told_even_where_it_is_equal() -> None:
    rows = {row.label: row for row in compare(JOBS, PRICES, START + 1000)}

    assert rows["val-accuracy"].best == {1}
    assert rows["cost"].best == frozenset()
    alike = [JOBS[0], JOBS[0]]
    told = differing(compare(alike, PRICES, START + 1000))
    assert [(row.label, row.group, row.best) for row in told] == [("val-accuracy", RowGroup.RESULT, frozenset())]
    assert best_job(JOBS) is JOBS[1]
    assert best_job([ComparedJob(JOBS[0].job, {"x:speed": [(START, 1.0)]})] * 2) is None


def test_curves_lie_over_epochs_where_every_log_tells_them_and_over_cost_where_prices_are_known() -> None:
    marks = tuple(EpochMark(START + 60 * number, Progress(number, 3)) for number in (1, 2, 3))
    jobs = [replace(each, marks=marks) for each in JOBS]

    assert possible_axes(JOBS, {}) == [CurveAxis.TIME]
    assert possible_axes(jobs, PRICES) == [CurveAxis.EPOCH, CurveAxis.TIME, CurveAxis.COST]
    over_epochs = compared_curves(jobs, "x:val-accuracy", CurveAxis.EPOCH, PRICES)
    assert (over_epochs.first, over_epochs.last) == (1.0, 3.0)
    assert [place for place, _ in over_epochs.curves[0]] == [1.0, 2.0, 3.0]
    assert {row.label: row.values for row in compare(jobs, PRICES, START)}["best at"] == ("epoch 2", "epoch 2")
    over_cost = compared_curves(jobs, "x:val-accuracy", CurveAxis.COST, PRICES)
    assert [round(place, 2) for place, _ in over_cost.curves[0]] == [0.1, 0.2, 0.3]


def test_the_table_is_markdown_with_the_best_in_bold() -> None:
    rows = [row for row in compare(JOBS, PRICES, START + 1000) if row.label in ("val-accuracy", "extra")]
    lines = as_markdown(["one", "t|wo"], rows).splitlines()

    assert lines[:2] == ["|  | one | t\\|wo |", "| --- | --- | --- |"]
    assert "| val-accuracy | 0.8 | **0.9** |" in lines


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
    assert distinct_ends(texts) == seen


@given(TEXTS)
def test_a_cell_of_the_csv_is_one_line_and_no_formula(text: str) -> None:
    name, other = csv.reader(io.StringIO(as_csv([text], [ComparisonRow("x", (f"=1{text}",))])))

    assert len(name) == len(other) == 2
    assert not OBEYED.search(name[1] + other[1])
    assert not set("\n\t") & set(name[1] + other[1])
    assert other[1].startswith("'=")


@pytest.mark.parametrize("text", ["=1+1", " =1", "\x1b[2J=1", "\u202e@x", "＝1", "\n+1+1"])
def test_what_a_spreadsheet_would_run_is_text(text: str) -> None:
    cell = next(csv.reader(io.StringIO(as_csv([text], []))))[1]

    assert cell.startswith("'")
