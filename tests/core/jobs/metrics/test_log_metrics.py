"""Metrics parsed from log lines with the regular expressions of real models."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.jobs.metrics.log_metrics import Point, Progress, metric_value, progress, series
from jsft_tui.metric_search.program import first_match, regex_problem
from tests.common.shared_data import needs_shared_data, spec, spec_files


def values(regex: str, line: str) -> list[float]:
    """Apply a definition to a line in this process, as the search process does."""
    found = first_match(re.compile(regex), line)
    value = metric_value(*found) if found else None
    return [] if value is None else [value]


@pytest.mark.parametrize(
    ("regex", "line", "value"),
    [
        (r"val_accuracy: ([0-9\.]+)", "10/10 - 3s - loss: 0.3 - val_loss: 0.21 - val_accuracy: 0.9312", 0.9312),
        (r"val_accuracy=([0-9\.]+)", "epoch=1 val_accuracy=0.5", 0.5),
        (r"Val_localization=([0-9\.]+)", "Val_localization=0.031, Val_classification=0.2", 0.031),
        (r"Val_CrossEntropy=([0-9\.]+)", "[Epoch 2] Val_CrossEntropy=2.25", 2.25),
        (r"val_loss: ([0-9\.]+)", "train Loss: 1.0 val_loss: 0.75", 0.75),
        (r"validation loss=([0-9\.]+)", "Epoch 3: validation loss=0.4", 0.4),
        (r"'eval_accuracy': ([0-9\.]+)", "{'eval_loss': 0.4, 'eval_accuracy': 0.88, 'epoch': 1.0}", 0.88),
        (r"'eval_loss': ([0-9]+\.[0-9]+)", "{'eval_loss': 0.4, 'eval_accuracy': 0.88}", 0.4),
        (r"'loss': ([0-9]+\.[0-9]+)", "{'loss': 1.2345, 'learning_rate': 5e-05, 'epoch': 0.1}", 1.2345),
        (
            r"train_epoch_loss=([0-9\.]+)",
            "Epoch 1: train_perplexity=4.1, train_epoch_loss=1.4113, epoch time 30s",
            1.4113,
        ),
        (
            r"eval_epoch_loss=tensor\(([0-9\.]+)",
            "eval_ppl=tensor(4.0, device='cuda:0') eval_epoch_loss=tensor(1.39, d",
            1.39,
        ),
        (r"eval_ppl=tensor\(([0-9\.]+)", "eval_ppl=tensor(4.0, device='cuda:0')", 4.0),
        (r"reduced_train_loss=([0-9]+\.[0-9]+)", "Epoch 0: reduced_train_loss=7.90, global_step=3", 7.9),
        (r"multi_logloss: ([0-9\.]+)", "[10]\tvalid_0's multi_logloss: 0.91", 0.91),
        (r"bestTest = ([0-9\.]+)", "bestTest = 0.3014", 0.3014),
        (r"metrics={'r2': (\S+)}", "metrics={'r2': 0.75}", 0.75),
        (r"metrics={'r2': (\S+)}", "metrics={'r2': -1.5e-3}", -0.0015),
        (r"train_avg_loss=([0-9\.]+)", "step 10 train_avg_loss=0.12", 0.12),
        (r"fid_score=([-+]?\d\.?\d*)", "fid_score=-3.5", -3.5),
        (r"'eval_f1': ([0-9\.]+)", "{'eval_loss': 0.4, 'eval_f1': 0.81, 'epoch': 2.0}", 0.81),
        (r"'epoch': ([0-9\.]+)", "{'loss': 1.2345, 'learning_rate': 5e-05, 'epoch': 0.1}", 0.1),
        (r"rmse: ([0-9\.]+)", "[20]\tvalid_0's rmse: 12.75", 12.75),
        (r"binary_logloss: ([0-9\.]+)", "[5]\ttraining's binary_logloss: 0.31\tvalid_0's binary_logloss: 0.4", 0.31),
        (r"valid_0's auc: ([0-9\.]+)", "[5]\ttraining's auc: 1\tvalid_0's auc: 0.97", 0.97),
    ],
)
def test_the_metrics_of_real_models_are_found(regex: str, line: str, value: float) -> None:
    assert values(regex, line) == [value]


def test_a_full_stop_behind_a_number_does_not_belong_to_it() -> None:
    assert values(r"accuracy: ([0-9\.]+)", "final accuracy: 0.9.") == [0.9]


def test_an_exponent_that_the_expression_cuts_off_belongs_to_the_number() -> None:
    """`([0-9\\.]+)` captures only the 1 of 1e-05; a loss of 1.0 would be wrong."""
    assert values(r"loss: ([0-9\.]+)", "loss: 1e-05") == [1e-05]
    assert values(r"loss: ([0-9\.]+)", "loss: 2.5E+3, next") == [2500.0]
    assert values(r"step (\d+)", "step 3epochs") == [3.0]


def test_blanks_around_a_number_do_not_matter() -> None:
    assert values(r"loss:(.*)", "loss:  0.5 ") == [0.5]


def test_an_expression_that_takes_part_of_a_number_on_purpose_is_followed() -> None:
    assert values(r"step=(\d)", "step=157") == [1.0]
    assert values(r"loss=(\d+)", "loss=3.75") == [3.0]


@pytest.mark.parametrize("text", ["nan", "inf", "-inf", "NaN", "", ".", "...", "tensor", "1e999", "e5", "--"])
def test_what_is_no_finite_number_is_skipped(text: str) -> None:
    assert values(r"loss: (\S*)", f"loss: {text}") == []


def test_a_line_without_the_metric_has_no_value() -> None:
    assert values(r"loss: ([0-9\.]+)", "Downloading data") == []


def test_the_expression_is_searched_anywhere_in_the_line() -> None:
    assert values(r"loss: ([0-9\.]+)", "2026-11-23 03:00:00 INFO loss: 0.5 - 3s") == [0.5]


def test_a_group_that_took_no_part_is_skipped() -> None:
    assert values(r"loss: ([0-9]+)?", "loss: none") == []


@needs_shared_data
def test_the_expressions_of_all_real_specs_can_be_read() -> None:
    definitions = [(m.name, m.regex) for path in spec_files() for m in spec(path.parent.name).metrics]
    assert len(definitions) > 10
    assert [name for name, regex in definitions if regex_problem(regex)] == []


@given(st.text(max_size=40), st.floats(allow_nan=True))
def test_any_line_gives_finite_values_or_none(text: str, number: float) -> None:
    for value in values(r"loss: ?(.*)", f"{text}loss: {number}{text}"):
        assert math.isfinite(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_any_number_that_python_writes_is_read_back(number: float) -> None:
    assert values(r"loss: (\S+)", f"loss: {number}") == [number]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("Epoch 3/10", Progress(3, 10)),
        ("2026-11-23 Epoch: 1/5 - loss 3", Progress(1, 5)),
        ("epoch 2 / 4", Progress(2, 4)),
        ("EPOCH 2/4", Progress(2, 4)),
        ("Epoch [2/4]", Progress(2, 4)),
        ("epoch 3", None),
        ("step 3/10", None),
        ("preepoch 3/10", None),
    ],
)
def test_the_progress_is_read_off_the_line(line: str, expected: Progress | None) -> None:
    assert progress(line) == expected


@pytest.mark.parametrize(
    ("found", "fraction"), [(Progress(5, 10), 0.5), (Progress(12, 10), 1.0), (Progress(3, 0), 0.0)]
)
def test_progress_is_a_fraction_between_nothing_and_all(found: Progress, fraction: float) -> None:
    assert found.fraction == fraction


def test_points_are_sorted_by_metric_in_the_order_they_came() -> None:
    points = [Point("a", 1, 10), Point("b", 1, 5), Point("a", 2, 11)]
    expected: dict[str, Any] = {"a": [(1, 10), (2, 11)], "b": [(1, 5)]}
    assert series(points) == expected
