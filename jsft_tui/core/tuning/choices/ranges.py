"""Ranges to start from, and what is wrong with a range."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from jsft_tui.core.catalog.spec.hyperparameter import HyperparameterSpec, HyperparameterType, Scope
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.text import did_you_mean
from jsft_tui.core.hyperparameters.batch import batch_rule
from jsft_tui.core.run.range_text import number_text
from jsft_tui.core.run.tuning import Choices, Range, Scale, Span, Strategy, Tuning
from jsft_tui.core.tuning.choices.documented import documented_range
from jsft_tui.core.tuning.choices.tunable import NUMBERS, can_be_tuned, is_bookkeeping, is_switch

MOST_VALUES = 30
"""Values of a categorical range (CategoricalParameterRange)."""
MOST_RANGES = 30
"""Hyperparameters that one search may vary (developer guide, automatic-model-tuning-limits)."""
LONGEST_VALUE = 256
"""Characters of a value (ParameterValue)."""

_FACTOR = 10
"""How far a span around a default reaches, on a logarithmic scale: to a tenth and to ten times of it."""
_LORA_RANKS = Choices(("8", "16", "32", "64"))


def suggested_range(spec: ModelSpec, name: str, value: str | None = None) -> Range | None:
    """Return a range to start from: the documented one, else a span around the value; always inside the spec's.

    Args:
        spec: the model.
        name: the hyperparameter.
        value: its present value; None: the default of the spec.

    Returns:
        None for what cannot be searched, or has no value to start from.
    """
    declared = spec.hyperparameter(name)
    if declared is None or not can_be_tuned(declared) or is_bookkeeping(declared):
        return None
    documented = documented_range(spec.model_id, name)
    if documented is not None and (inside := _inside(documented, declared)) is not None:
        return inside
    if is_switch(declared) or declared.options:
        both = ("0", "1") if declared.type is HyperparameterType.INT else ("True", "False")
        return Choices(declared.options[:MOST_VALUES] or both)
    if name == "lora_r":
        return _inside(_LORA_RANKS, declared)
    start = _number(value) if _number(value) is not None else _number(declared.default_text)
    if start is None or start < 0:  # -1 often means that it is off
        return None
    return _around(spec, declared, start)


def _around(spec: ModelSpec, declared: HyperparameterSpec, start: float) -> Range | None:
    rule = batch_rule(spec)
    if rule is not None and declared.name == rule.parameter and start >= 1:
        return _inside(Choices(tuple(str(max(1, round(start * by))) for by in (0.5, 1, 2))), declared)
    if declared.type is HyperparameterType.INT:
        low, high = (start // 2, start * 2) if start else (0, 10)
        return _inside(Span(str(int(max(low, min(start, 1)))), str(int(high))), declared)
    if declared.maximum is not None and declared.maximum <= 1 and start >= 0.01:  # a share
        return _inside(Span(_plain(max(0.0, start - 0.25)), _plain(start + 0.25)), declared)
    if start == 0:
        return _inside(Span("0.0", "1.0"), declared)
    return _inside(Span(_plain(start / _FACTOR), _plain(start * _FACTOR), Scale.LOG), declared)


def _inside(tried: Range, declared: HyperparameterSpec) -> Range | None:
    """Return the part of a range that the spec allows; None if there is none."""
    if isinstance(tried, Choices):
        allowed = tuple(dict.fromkeys(value for value in tried.values if declared.error(value) is None))
        return Choices(allowed) if allowed else None
    low, high = _allowed_bounds(declared)
    found = tried
    if low is not None and float(tried.minimum) < low:
        found = replace(found, minimum=_bound_text(low, declared))
    if high is not None and float(tried.maximum) > high:
        found = replace(found, maximum=_bound_text(high, declared))
    if found.scale is Scale.LOG and float(found.minimum) <= 0:
        found = replace(found, scale=Scale.AUTO)
    return found if float(found.minimum) < float(found.maximum) and not any(span_errors(found, declared)) else None


def _allowed_bounds(declared: HyperparameterSpec) -> tuple[float | None, float | None]:
    """Return the lowest and the highest value that the spec allows, a little inside bounds that are excluded."""
    whole = declared.type is HyperparameterType.INT
    low, high = declared.minimum, declared.maximum
    if (above := declared.exclusive_minimum) is not None:
        low = above + (1 if whole else max(abs(above) * 1e-3, 1e-6))
    if (below := declared.exclusive_maximum) is not None:
        high = below - (1 if whole else max(abs(below) * 1e-3, 1e-6))
    return low, high


def _bound_text(bound: float, declared: HyperparameterSpec) -> str:
    if declared.type is HyperparameterType.INT:
        return str(int(bound))
    return number_text(float(bound)) or ""


def _plain(number: float) -> str:
    return number_text(float(f"{number:.3g}")) or ""


def _number(value: str | None) -> float | None:
    text = number_text(value)
    return None if text is None else float(text)


def range_errors(tuning: Tuning, spec: ModelSpec) -> Iterator[str]:
    """Yield what is wrong with the ranges of a search, a sentence each."""
    by_name = {declared.name: declared for declared in spec.hyperparameters}
    for name, tried in tuning.ranges.items():
        declared = by_name.get(name)
        if declared is None:
            yield f"{name} is not a hyperparameter of this model. {did_you_mean(name, by_name)}".strip()
        elif not can_be_tuned(declared):
            why = "a free text" if declared.scope is Scope.ALGORITHM else "set by the container"
            yield f"{name} cannot be searched: it is {why}."
        else:
            yield from (f"{name} {error}." for error in _errors(tried, declared, tuning.strategy))


def _errors(tried: Range, declared: HyperparameterSpec, strategy: Strategy) -> Iterator[str]:
    if isinstance(tried, Choices):
        yield from choice_errors(tried, declared)
        return
    if strategy is Strategy.GRID:
        yield "has a range from and to; a grid tries lists of values only"
    if declared.type not in NUMBERS:
        yield f"is no number; list its values: {declared.allowed.replace(', ', ',') or 'a,b'}"
        return
    yield from span_errors(tried, declared)


def choice_errors(tried: Choices, declared: HyperparameterSpec) -> Iterator[str]:
    """Yield what is wrong with a list of values of a hyperparameter."""
    if len(tried.values) > MOST_VALUES:
        yield f"has {len(tried.values)} values; a search takes {MOST_VALUES}"
    if len(set(tried.values)) < len(tried.values):
        yield "has a value twice"
    for value in tried.values:
        if (error := declared.error(value)) is not None:
            yield error.rstrip(".")
        elif len(value) > LONGEST_VALUE:
            yield f"has a value of {len(value)} characters; a search takes {LONGEST_VALUE}"


def span_errors(tried: Span, declared: HyperparameterSpec) -> Iterator[str]:
    """Yield what is wrong with a span of a hyperparameter that is a number."""
    low, high = float(tried.minimum), float(tried.maximum)
    if low >= high:
        yield f"goes from {tried.minimum} to {tried.maximum}; the first must be the lower one"
        return
    for bound in (tried.minimum, tried.maximum):
        if (error := declared.error(bound)) is not None:
            yield error.rstrip(".")
    if tried.scale is Scale.LOG and low <= 0:
        yield "is searched on a logarithmic scale, which has no 0: begin above it"
    if tried.scale is Scale.REVERSE_LOG:
        yield from _reverse_errors(declared, low, high)


def _reverse_errors(declared: HyperparameterSpec, low: float, high: float) -> Iterator[str]:
    # ParameterRange: "Reverse logarithmic scaling works only for ranges that are entirely within the range 0<=x<1.0".
    if declared.type is HyperparameterType.INT:
        yield "is a whole number; reverse logarithmic scaling is for fractions"
    elif not 0 <= low < high < 1:
        yield "is searched on a reverse logarithmic scale, which needs a range within 0 to below 1"
