"""The `tuning` section of run files: what it may say, what survives, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jsft_tui.core.common.errors import Problem
from jsft_tui.core.run.draft import draft_document, read_draft
from jsft_tui.core.run.file.run_file import dump_run, parse_run
from jsft_tui.core.run.range_text import number_text, parse_range, range_text
from jsft_tui.core.run.tuning import (
    Autotune,
    Choices,
    Completion,
    Direction,
    Hyperband,
    Objective,
    Scale,
    Span,
    Strategy,
    Tuning,
    WarmStart,
    WarmStartKind,
)
from tests.core.run.examples import MINIMAL, TEXTS, WORDS, parsed

NUMBERS = st.one_of(st.integers(-(10**9), 10**9), st.floats(allow_nan=False, allow_infinity=False)).map(
    lambda number: number_text(number) or ""
)
RANGES = st.one_of(
    st.builds(Span, NUMBERS, NUMBERS, st.sampled_from(Scale)),
    st.builds(Choices, st.lists(TEXTS, min_size=1, max_size=4).map(tuple)),
)
COUNTS = st.none() | st.integers(1, 500)
FEW_WORDS = st.lists(WORDS, min_size=1, max_size=3).map(tuple)
SEARCHES = st.builds(
    Tuning,
    ranges=st.dictionaries(st.from_regex(r"[a-z][a-z_-]{0,20}", fullmatch=True) | TEXTS, RANGES, max_size=3),
    objective=st.none() | st.builds(Objective, WORDS, st.none() | st.sampled_from(Direction), st.none() | WORDS),
    strategy=st.sampled_from(Strategy),
    max_jobs=COUNTS,
    parallel=st.integers(1, 9),
    early_stopping=st.booleans(),
    max_runtime=st.none() | st.integers(1, 10**6),
    completion=st.none()
    | st.builds(
        Completion,
        st.none() | st.floats(allow_nan=False, allow_infinity=False).map(float),
        COUNTS,
        st.none() | st.booleans(),
    ),
    warm_start=st.none() | st.builds(WarmStart, FEW_WORDS, st.sampled_from(WarmStartKind)),
    hyperband=st.none() | st.builds(Hyperband, COUNTS, COUNTS),
    autotune=st.none() | st.builds(Autotune, FEW_WORDS | st.just(())),
    random_seed=st.none() | st.integers(0, 10**6),
)


@given(SEARCHES)
def test_a_search_survives_the_run_file_and_the_draft(search: Tuning) -> None:
    from dataclasses import replace

    run = replace(parse_run(MINIMAL), tuning=search)

    assert parse_run(dump_run(run)) == run
    assert read_draft(draft_document(run)) == run


def test_a_run_without_a_search_is_written_as_before() -> None:
    assert parse_run(MINIMAL).tuning is None
    assert "tuning" not in dump_run(parse_run(MINIMAL))


def test_a_search_is_written_with_a_line_for_each_range() -> None:
    search = "{max_jobs: 12, ranges: {learning_rate: 1e-5..1e-2:log, batch_size: [16, 32]}}"

    assert dump_run(parsed(tuning=search)).split("tuning:\n")[1] == (
        "  strategy: bayesian\n  max_jobs: 12\n  parallel: 1\n  early_stopping: false\n  ranges:\n"
        "    learning_rate: {min: 1e-05, max: 0.01, scale: log}\n    batch_size: {values: [16, 32]}\n"
    )


SAME = {
    "a range": ("{ranges: {x: {min: 1e-5, max: 0.01, scale: log}}}", "{ranges: {x: '1e-05..1e-2:Logarithmic'}}"),
    "values": ("{ranges: {x: {values: [16, 32]}}}", "{ranges: {x: [16, 32]}}"),
    "values of a word": ("{ranges: {x: {values: [16, 32]}}}", "{ranges: {x: '16,32'}}"),
    "switches": ("{ranges: {x: {values: ['True', 'False']}}}", "{ranges: {x: [true, false]}}"),
    "the API's words": (
        "{strategy: bayesian, early_stopping: true, objective: {metric: m, direction: maximize}}",
        "{strategy: Bayesian, early_stopping: Auto, objective: {metric: m, direction: Maximize}}",
    ),
    "an objective": ("{objective: {metric: a:b}}", "{objective: a:b}"),
    "a former search": ("{warm_start: {from: [a], type: transfer}}", "{warm_start: a}"),
    "former searches": ("{warm_start: {from: [a, b], type: TransferLearning}}", "{warm_start: [a, b]}"),
    "autotune": ("{autotune: {}}", "{autotune: true}"),
    "no autotune": ("{}", "{autotune: false}"),
}


@pytest.mark.parametrize("name", SAME)
def test_two_ways_to_say_the_same(name: str) -> None:
    plain, short = SAME[name]
    assert parsed(tuning=plain) == parsed(tuning=short)


REFUSED = {
    "{maxjobs: 3}": "unknown key 'tuning.maxjobs' (did you mean max_jobs)",
    "{ranges: {x: {min: 1, maximum: 2}}}": "unknown key 'tuning.ranges.x.maximum'",
    "{ranges: {x: {min: 1}}}": "tuning.ranges.x.max is missing",
    "{ranges: {x: 3}}": "tuning.ranges.x must be like",
    "{ranges: {x: {min: low, max: 2}}}": "tuning.ranges.x.min must be a number, not 'low'",
    "{ranges: {x: 1..b}}": "tuning.ranges.x: 'b' is not a number",
    "{ranges: {x: '1..2:logg'}}": "log",
    "{ranges: {x: []}}": "tuning.ranges.x must be a list of values",
    "{ranges: [x]}": "tuning.ranges must be a mapping",
    "{strategy: baysian}": "tuning.strategy must be bayesian, random, hyperband or grid, not 'baysian'. Did you mean",
    "{objective: {metric: m, direction: up}}": "tuning.objective.direction must be maximize or minimize",
    "{objective: {direction: minimize}}": "tuning.objective.metric is missing",
    "{max_jobs: 0}": "tuning.max_jobs must be a whole number of at least 1",
    "{parallel: many}": "tuning.parallel must be a whole number",
    "{early_stopping: sometimes}": "tuning.early_stopping must be true or false",
    "{completion: {target: good}}": "tuning.completion.target must be a number",
    "{completion: {goal: 1}}": "unknown key 'tuning.completion.goal'",
    "{warm_start: {type: identical}}": "tuning.warm_start.from is missing",
    "{autotune: {leave: [a]}}": "unknown key 'tuning.autotune.leave'",
    "{random_seed: -1}": "tuning.random_seed must be",
    "[1]": "tuning must be a mapping of",
}


@pytest.mark.parametrize("text", REFUSED)
def test_a_wrong_search_is_refused_with_what_would_be_right(text: str) -> None:
    with pytest.raises(Problem) as refused:
        parsed(tuning=text)

    assert refused.value.code == "BadRunFile"
    assert REFUSED[text] in refused.value.message


@given(RANGES.filter(lambda tried: isinstance(tried, Span)))
def test_a_span_survives_the_command_line(tried: Any) -> None:
    assert parse_range(range_text(tried)) == tried


def test_the_number_of_jobs_of_a_grid_is_that_of_its_combinations() -> None:
    grid = parsed(tuning="{strategy: grid, ranges: {a: [1, 2, 3], b: [x, y]}}").tuning
    other = parsed(tuning="{ranges: {a: [1, 2, 3]}}").tuning

    assert grid is not None
    assert other is not None
    assert (grid.jobs, other.jobs) == (6, 10)
