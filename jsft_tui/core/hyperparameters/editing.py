"""A value that is being edited: what is wrong with it, and the value one step up or down."""

from __future__ import annotations

from jsft_tui.core.catalog.spec.hyperparameter import HyperparameterType
from jsft_tui.core.hyperparameters.advice.guide import Scale, guide
from jsft_tui.core.hyperparameters.form import FormRow
from jsft_tui.core.run.run import AUTO, SCALED

UNIT_BELOW = 10
"""A span from which a number on a linear scale is stepped by one, below by a tenth."""


def completed(row: FormRow, text: str) -> str:
    """Return the value that a text means: the one choice that begins so, whatever its case; else the text."""
    text = text.strip()
    lower = text.lower()
    same = [option for option in row.options if option.lower() == lower]
    begin = [option for option in row.options if lower and option.lower().startswith(lower)]
    found = same or begin
    return found[0] if text not in row.options and len(found) == 1 else text


def complaint(row: FormRow, text: str) -> str | None:
    """Return what is wrong with a text in a few words, for the line under it; None if it can be kept."""
    value = completed(row, text)
    wrong = row.wrong(value)
    if wrong is None:
        return None
    if row.options:
        return "must be one of the choices"
    number = _number(value)
    if row.declared.is_number and number is not None and row.declared.is_outside(number):
        bounds = row.declared.allowed
        return f"must be from {bounds}" if " to " in bounds else f"must be {bounds}"
    return wrong


def step_words(row: FormRow) -> str:
    """Return what a step does: `step by 10 ×`; empty for a text, which has no steps."""
    if row.options:
        return "other choice"
    if not row.declared.is_number:
        return ""
    found = guide(row.name)
    return f"step by {found.factor} ×" if found.scale is Scale.LOG else f"step by {_unit(row):g}"


def stepped(row: FormRow, text: str, steps: int) -> str:
    """Return the value so many steps up (down if negative); the same where there is none.

    Numbers are multiplied on a log scale, else added to; of choices the one above is one step up.
    """
    value = completed(row, text)
    if row.options:
        return _other_choice(row, value, -steps)
    if not row.declared.is_number:
        return text
    number = _number(value)
    if number is None or value in (AUTO, SCALED):
        return row.default
    return _as_text(row, _within(row, _moved(row, number, steps)), fallback=text)


def _other_choice(row: FormRow, value: str, by: int) -> str:
    if value not in row.options:
        return row.options[0]
    at = row.options.index(value) + by
    return row.options[max(0, min(at, len(row.options) - 1))]


def _moved(row: FormRow, number: float, steps: int) -> float:
    found = guide(row.name)
    if found.scale is Scale.LINEAR:
        return round(number + steps * _unit(row), 10)
    if number == 0:  # no multiple of it is another number
        return (1.0 if row.declared.type is HyperparameterType.INT else 1e-6) if steps > 0 else 0.0
    return number * float(found.factor) ** steps


def _within(row: FormRow, number: float) -> float:
    low, high = row.declared.minimum, row.declared.maximum
    number = number if low is None else max(low, number)
    return number if high is None else min(high, number)


def _as_text(row: FormRow, number: float, fallback: str) -> str:
    is_whole = row.declared.type is HyperparameterType.INT
    text = str(round(number)) if is_whole else f"{number:.10g}"
    return fallback if row.wrong(text) else text


def _unit(row: FormRow) -> float:
    declared = row.declared
    if declared.type is HyperparameterType.INT:
        return 1
    low, high = declared.minimum, declared.maximum
    return 0.1 if low is not None and high is not None and high - low < UNIT_BELOW else 1


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None
