"""Ranges in the form: what a text means, what is wrong with it, and when a run is a search."""

from __future__ import annotations

import pytest

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.run.run import Run
from jsft_tui.core.run.tuning import Choices, Scale, Span, Strategy, Tuning
from jsft_tui.core.tuning.choices.form import (
    other_scale,
    range_complaint,
    range_to_start,
    search_form,
    tried_words,
    typed_range,
    why_not_tuned,
    with_range,
    without_range,
)
from tests.tui.driver.worlds import LITE, draft, spec

SPEC = ModelSpec.parse(spec(LITE))
RUN: Run = draft(LITE)
RATE = Span("0.0001", "0.1", Scale.LOG)


@pytest.mark.parametrize(
    ("tried", "words"),
    [
        (RATE, "0.0001 … 0.1  log"),
        (Span("1", "8"), "1 … 8"),
        (Span("0.5", "0.9", Scale.REVERSE_LOG), "0.5 … 0.9  reverse log"),
        (Choices(("32", "64")), "32, 64"),
    ],
)
def test_a_range_in_words(tried: Span | Choices, words: str) -> None:
    assert tried_words(tried) == words


def test_a_single_value_is_no_range() -> None:
    assert typed_range("0.1") is None
    assert typed_range("8,16") == Choices(("8", "16"))
    with pytest.raises(ValueError, match="not a number"):
        typed_range("a..b")


@pytest.mark.parametrize(
    ("name", "text", "complaint"),
    [
        ("learning_rate", "1e-3..1e-1:log", None),
        ("learning_rate", "0.1..0.01", "goes from 0.1 to 0.01"),
        ("learning_rate", "0.1..2", "0.5"),
        ("learning_rate", "0..0.1:log", "0"),
        ("optimizer", "adam,nothing", "nothing"),
        ("epochs", "5,5", "twice"),
        ("epochs", "1..x", "not a number"),
    ],
)
def test_what_is_wrong_with_a_typed_range(name: str, text: str, complaint: str | None) -> None:
    found = range_complaint(SPEC, name, text, Strategy.BAYESIAN)
    assert found is None if complaint is None else complaint in str(found)


def test_a_grid_takes_lists_only() -> None:
    assert "grid" in str(range_complaint(SPEC, "learning_rate", "0.001..0.1", Strategy.GRID))


def test_a_span_is_stepped_through_the_scales() -> None:
    texts = ["1..8"]
    for _ in range(4):
        texts.append(other_scale(texts[-1], 1))
    assert texts == ["1..8", "1..8:linear", "1..8:log", "1..8:reverse_log", "1..8"]
    assert other_scale("8,16", 1) == "8,16"


def test_a_run_is_a_search_as_long_as_it_has_a_range() -> None:
    one = with_range(RUN, SPEC, "learning_rate", RATE, 0.0)
    two = with_range(one, SPEC, "optimizer", Choices(("adam", "sgd")), 0.0)
    assert two.tuning is not None
    assert list(two.tuning.ranges) == ["learning_rate", "optimizer"]
    back = without_range(without_range(two, "optimizer"), "learning_rate", "0.01")
    assert back.tuning is None
    assert back.hyperparameters["learning_rate"] == "0.01"


def test_what_was_set_before_is_kept_but_for_the_ranges() -> None:
    former = Tuning({"epochs": Span("1", "9")}, strategy=Strategy.RANDOM, max_jobs=30)
    searched = with_range(RUN, SPEC, "learning_rate", RATE, 0.0, former).tuning
    assert searched == Tuning({"learning_rate": RATE}, strategy=Strategy.RANDOM, max_jobs=30)


def test_a_tuned_row_has_the_errors_of_its_range() -> None:
    run = with_range(RUN, SPEC, "learning_rate", Span("0.1", "2"), 0.0)
    shown = search_form(run, SPEC)
    row = shown.row("learning_rate")
    assert row is not None
    assert (row.tried, bool(row.errors), row.differs) == (Span("0.1", "2"), True, False)
    assert (shown.tuned_count, shown.error_count) == (1, len(row.errors))


def test_what_no_range_is_suggested_for_is_said() -> None:
    assert range_to_start(RUN, SPEC, "no_such") is None
    assert "cannot be searched" in why_not_tuned(SPEC, "no_such")
    assert range_to_start(RUN, SPEC, "optimizer") == Choices(("sgd", "adam", "rmsprop"))  # as documented
