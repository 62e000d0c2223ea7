"""What the head of the Job screen says of a job."""

from __future__ import annotations

import pytest

from jsft_tui.core.jobs.metrics.log_metrics import Point
from jsft_tui.core.jobs.training_job import TrainingJob
from jsft_tui.services.jobs.follow import Described, Measured
from jsft_tui.services.jobs.job_view_model import JobViewModel
from jsft_tui.tui.screens.job.details import fact_cells
from tests.core.jobs.examples import answer


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ((0.7, 0.9), "val-acc 0.9 (best)"),
        ((0.9, 0.90000001), "val-acc 0.9 (best)"),
        ((0.7, 1.0, 0.5), "val-acc 1 (best), 0.5 last"),
    ],
)
def test_the_last_value_is_told_where_the_best_one_is_another(values: tuple[float, ...], says: str) -> None:
    view_model = JobViewModel("flowers-1")
    view_model.take(Described(TrainingJob.parse(answer(), {})))
    view_model.take(Measured(tuple(Point("val-acc", float(time), value) for time, value in enumerate(values))))

    text = "".join(cell.text for cell in fact_cells(view_model, {}, 1e9))

    assert text.endswith(f" · {says}")
