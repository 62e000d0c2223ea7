"""The form of a search: the rows of a run with what is tried in place of single values, and changes of that."""

from __future__ import annotations

from dataclasses import replace

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.hyperparameters.form import Form, form
from jsft_tui.core.hyperparameters.rules import value_errors
from jsft_tui.core.hyperparameters.values import with_hyperparameter
from jsft_tui.core.run.name import TUNING_GRAMMAR, tuning_name
from jsft_tui.core.run.range_text import BETWEEN, parse_range
from jsft_tui.core.run.run import Run
from jsft_tui.core.run.tuning import Choices, Range, Scale, Strategy, Tuning
from jsft_tui.core.tuning.choices.ranges import range_errors, suggested_range
from jsft_tui.core.tuning.choices.tunable import can_be_tuned, is_bookkeeping


def search_form(run: Run, spec: ModelSpec) -> Form:
    """Return the form of a draft; what is searched has the errors of its range, not those of its value."""
    plain = form(run, spec)
    if run.tuning is None:
        return plain
    wrong = {name: tuple(_errors_of(name, tried, spec, run.tuning)) for name, tried in run.tuning.ranges.items()}
    rows = tuple(row if row.tried is None else replace(row, errors=wrong[row.name]) for row in plain.rows)
    left_out = sum(error.name in wrong for error in value_errors(run, spec))
    count = max(0, plain.error_count - left_out) + sum(map(len, wrong.values()))
    return replace(plain, rows=rows, error_count=count)


def _errors_of(name: str, tried: Range, spec: ModelSpec, tuning: Tuning) -> list[str]:
    return list(range_errors(replace(tuning, ranges={name: tried}), spec))


def tried_words(tried: Range) -> str:
    """Return a range as a row shows it: `0.0001 … 0.1  log`, `32, 64, 128`."""
    if isinstance(tried, Choices):
        return ", ".join(tried.values)
    scale = "" if tried.scale is Scale.AUTO else f"  {tried.scale.value.replace('_', ' ')}"
    return f"{tried.minimum} … {tried.maximum}{scale}"


def is_range_text(text: str) -> bool:
    """Return whether a text is meant as a range or a list, not as one value."""
    return BETWEEN in text or "," in text


def typed_range(text: str) -> Range | None:
    """Return the range that a text means; None for a single value, which is no search.

    Raises:
        ValueError: it is none; the message says what is wrong.
    """
    found = parse_range(text)
    return None if isinstance(found, Choices) and len(found.values) == 1 else found


def range_complaint(spec: ModelSpec, name: str, text: str, strategy: Strategy) -> str | None:
    """Return what is wrong with a typed range in a few words; None if it can be kept."""
    try:
        tried = typed_range(text)
    except ValueError as error:
        return str(error)
    if tried is None:
        return None
    wrong = _errors_of(name, tried, spec, Tuning(strategy=strategy))
    return wrong[0].removeprefix(f"{name} ").removesuffix(".") if wrong else None


def other_scale(text: str, steps: int) -> str:
    """Return a typed span on the scale so many steps further on; any other text as it is."""
    bounds, _, word = text.partition(":")
    if BETWEEN not in bounds:
        return text
    scales = list(Scale)
    now = next((scale for scale in scales if scale.value == word.strip()), Scale.AUTO)
    scale = scales[(scales.index(now) + steps) % len(scales)]
    return bounds if scale is Scale.AUTO else f"{bounds}:{scale.value}"


def range_to_start(run: Run, spec: ModelSpec, name: str) -> Range | None:
    """Return the range that a value is turned into; None if none can be suggested."""
    row = form(run, spec).row(name)
    found = suggested_range(spec, name, row.value if row is not None else None)
    if isinstance(found, Choices) and len(found.values) < 2:
        return None
    return found


def why_not_tuned(spec: ModelSpec, name: str) -> str:
    """Return why no range was suggested for a hyperparameter."""
    declared = spec.hyperparameter(name)
    if declared is None or not can_be_tuned(declared):
        return f"{name} cannot be searched: it is a text."
    if is_bookkeeping(declared):
        return f"{name} says how the script works or what is measured: a search over it compares nothing."
    return f"No range can be suggested for {name}: edit it, and type one like 10{BETWEEN}100 or 10,20,50."


def with_range(run: Run, spec: ModelSpec, name: str, tried: Range, now: float, former: Tuning | None = None) -> Run:
    """Return a run that searches a hyperparameter; a run becomes a search with that.

    Args:
        run: the draft.
        spec: its model.
        name: the hyperparameter.
        tried: what to try.
        now: epoch seconds, for the name of a search, which is shorter than that of a job.
        former: how the run was searched before it was no search; its ranges are left out.
    """
    base = run.tuning or replace(former or Tuning(), ranges={})
    searched = replace(run, tuning=replace(base, ranges={**base.ranges, name: tried}))
    return with_search_name(searched, spec, now)


def with_search_name(run: Run, spec: ModelSpec, now: float) -> Run:
    """Return a search with a name that the service takes."""
    if TUNING_GRAMMAR.fullmatch(run.name):
        return run
    return replace(run, name=tuning_name(spec.resource_name_base or spec.model_id, now))


def without_range(run: Run, name: str, value: str | None = None) -> Run:
    """Return a run that does not search a hyperparameter; without any range it is no search any more.

    Args:
        run: the draft.
        name: the hyperparameter.
        value: its one value; None: as it was.
    """
    if value is not None:
        run = with_hyperparameter(run, name, value)
    if run.tuning is None:
        return run
    left = {other: tried for other, tried in run.tuning.ranges.items() if other != name}
    is_search = bool(left) or run.tuning.autotune is not None
    return replace(run, tuning=replace(run.tuning, ranges=left) if is_search else None)
