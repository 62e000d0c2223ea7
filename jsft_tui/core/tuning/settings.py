"""The settings of a search beside its ranges: what each is called, how it is written, and what a text makes of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Enum

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.durations import format_duration, parse_duration
from jsft_tui.core.common.errors import Problem
from jsft_tui.core.jobs.metrics.objective import short_name
from jsft_tui.core.run.name import TUNING_GRAMMAR
from jsft_tui.core.run.range_text import number_text, word_of
from jsft_tui.core.run.tuning import (
    Autotune,
    Completion,
    Hyperband,
    Strategy,
    Tuning,
    WarmStart,
    WarmStartKind,
)
from jsft_tui.core.tuning.objectives import candidates, chosen_objective, true_direction

ON, OFF = "on", "off"
NONE = "none"
OWN = "own"
"""Key of the choice of a metric of one's own."""


class SettingKind(Enum):
    """How a setting is chosen."""

    CHOICE = "choice"
    TEXT = "text"
    OBJECTIVE = "objective"


@dataclass(frozen=True)
class SearchSetting:
    """A setting.

    Attributes:
        key: identifies it.
        label: what it is called.
        about: what it does, in a sentence.
        written: the text that it has now; empty where it is not set.
        taken: the search with the setting that a text means; raises ValueError, whose message says what is wrong.
        choices: the texts to choose from; none for a free one.
        kind: how it is chosen.
    """

    key: str
    label: str
    about: str
    written: Callable[[Tuning], str]
    taken: Callable[[Tuning, str], Tuning]
    choices: tuple[str, ...] = ()
    kind: SettingKind = SettingKind.TEXT

    def complaint(self, tuning: Tuning, text: str) -> str | None:
        """Return what is wrong with a text; None if it can be taken."""
        try:
            self.taken(tuning, text)
        except ValueError as error:
            return str(error)
        return None


def objective_words(tuning: Tuning, spec: ModelSpec, instance_type: str) -> str:
    """Return the objective with its direction: `maximize val-accuracy`; or why there is none."""
    try:
        chosen = chosen_objective(tuning, spec, instance_type)
    except Problem as problem:
        return problem.message
    return f"{chosen.direction.value} {short_name(chosen.metric)}{' (own regex)' if chosen.regex else ''}"


def objective_choices(spec: ModelSpec, instance_type: str) -> list[tuple[str, str]]:
    """Return the metrics that can be the objective, the most telling first, each with its direction in words."""
    found = []
    for metric in candidates(spec, instance_type):
        direction = true_direction(metric)
        found.append((metric, direction.value if direction is not None else "direction to be said"))
    return found


def _count(text: str, least: int = 1) -> int:
    if not text.isascii() or not text.isdecimal() or int(text) < least:
        raise ValueError(f"must be a whole number of at least {least}, not {text!r}")
    return int(text)


def _optional_count(text: str, least: int = 1) -> int | None:
    return _count(text, least) if text and text != NONE else None


def _completed(tuning: Tuning, **changed: float | bool | None) -> Tuning:
    done = replace(tuning.completion or Completion(), **changed)  # type: ignore[arg-type]  # one member, of its type
    return replace(tuning, completion=None if done == Completion() else done)


def _with_target(tuning: Tuning, text: str) -> Tuning:
    if not text or text == NONE:
        return _completed(tuning, target=None)
    number = number_text(text)
    if number is None:
        raise ValueError(f"must be a number, not {text!r}")
    return _completed(tuning, target=float(number))


def _with_limit(tuning: Tuning, text: str) -> Tuning:
    return replace(tuning, max_runtime=parse_duration(text) if text and text != NONE else None)


def _with_parents(tuning: Tuning, text: str) -> Tuning:
    names = tuple(dict.fromkeys(text.replace(",", " ").split())) if text != NONE else ()
    if wrong := [name for name in names if not TUNING_GRAMMAR.fullmatch(name)]:
        raise ValueError(f"{wrong[0]!r} is not the name of a search: at most 32 letters, digits and hyphens")
    if not names:
        return replace(tuning, warm_start=None)
    kind = tuning.warm_start.kind if tuning.warm_start is not None else WarmStartKind.TRANSFER
    return replace(tuning, warm_start=WarmStart(names, kind))


def _with_kind(tuning: Tuning, text: str) -> Tuning:
    if tuning.warm_start is None:
        raise ValueError("no former search is named")
    return replace(tuning, warm_start=replace(tuning.warm_start, kind=word_of(WarmStartKind, text)))


def _with_epochs(tuning: Tuning, text: str) -> Tuning:
    if not text or text == NONE:
        return replace(tuning, hyperband=None)
    low, _, high = text.partition("..")
    return replace(tuning, hyperband=Hyperband(_optional_count(low.strip()), _optional_count(high.strip())))


def _epochs(tuning: Tuning) -> str:
    if (limits := tuning.hyperband) is None:
        return ""
    return f"{limits.min_resource or ''}..{limits.max_resource or ''}"


def _switched(text: str) -> bool:
    if text not in (ON, OFF):
        raise ValueError(f"must be {ON} or {OFF}, not {text!r}")
    return text == ON


def _with_autotune(tuning: Tuning, text: str) -> Tuning:
    return replace(tuning, autotune=(tuning.autotune or Autotune()) if _switched(text) else None)


def _with_seed(tuning: Tuning, text: str) -> Tuning:
    return replace(tuning, random_seed=_optional_count(text, 0))


def _on_off(is_on: bool | None) -> str:
    return ON if is_on else OFF


def _done(tuning: Tuning) -> Completion:
    return tuning.completion or Completion()


def _text(value: object) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)


SETTINGS = (
    SearchSetting(
        "objective", "Objective", "The metric that tells which trial is best.", lambda _: "", lambda tuning, _: tuning,
        kind=SettingKind.OBJECTIVE,
    ),
    SearchSetting(
        "strategy", "Strategy", "How the next values to try are chosen.",
        lambda tuning: tuning.strategy.value,
        lambda tuning, text: replace(tuning, strategy=word_of(Strategy, text)),
        tuple(each.value for each in Strategy), SettingKind.CHOICE,
    ),
    SearchSetting(
        "max_jobs", "Trials at most", "Each is a training job, and costs what one costs.",
        lambda tuning: _text(tuning.max_jobs or tuning.jobs),
        lambda tuning, text: replace(tuning, max_jobs=_optional_count(text)),
    ),
    SearchSetting(
        "parallel", "At a time", "Each takes from the quota of training jobs; fewer learn more from each other.",
        lambda tuning: str(tuning.parallel), lambda tuning, text: replace(tuning, parallel=_count(text)),
    ),
    SearchSetting(
        "early_stopping", "Early stopping", "Stop trials that are worse than the median of the others.",
        lambda tuning: _on_off(tuning.early_stopping),
        lambda tuning, text: replace(tuning, early_stopping=_switched(text)), (OFF, ON), SettingKind.CHOICE,
    ),
    SearchSetting(
        "target", "Enough at", "End as soon as the objective is at least as good as this number; empty: never.",
        lambda tuning: _text(_done(tuning).target), _with_target,
    ),
    SearchSetting(
        "not_improving", "Without gain", "End after so many trials in a row without a better one, at least 3.",
        lambda tuning: _text(_done(tuning).not_improving),
        lambda tuning, text: _completed(tuning, not_improving=_optional_count(text, 3)),
    ),
    SearchSetting(
        "converged", "Converged", "End when the service does not expect an improvement any more.",
        lambda tuning: _on_off(_done(tuning).converged),
        lambda tuning, text: _completed(tuning, converged=True if _switched(text) else None),
        (OFF, ON), SettingKind.CHOICE,
    ),
    SearchSetting(
        "max_runtime", "Time limit", "The whole search is stopped after so long, like 6h or 90m; empty: no limit.",
        lambda tuning: format_duration(tuning.max_runtime) if tuning.max_runtime else "", _with_limit,
    ),
    SearchSetting(
        "warm_start", "Learns from", "Names of up to five former searches with the same objective; empty: none.",
        lambda tuning: " ".join(tuning.warm_start.parents) if tuning.warm_start else "", _with_parents,
    ),
    SearchSetting(
        "warm_start_type", "Which are", "identical: the same data and algorithm; transfer: other data or images.",
        lambda tuning: tuning.warm_start.kind.value if tuning.warm_start else "", _with_kind,
        tuple(each.value for each in WarmStartKind), SettingKind.CHOICE,
    ),
    SearchSetting(
        "hyperband", "Hyperband epochs", "The least and the most epochs of a trial, like 1..10; empty: as it decides.",
        _epochs, _with_epochs,
    ),
    SearchSetting(
        "autotune", "Autotune", "The service chooses ranges for the numbers that have none.",
        lambda tuning: _on_off(tuning.autotune is not None), _with_autotune, (OFF, ON), SettingKind.CHOICE,
    ),
    SearchSetting(
        "random_seed", "Random seed", "Makes the choice of values repeatable, as far as the service can.",
        lambda tuning: _text(tuning.random_seed), _with_seed,
    ),
)  # fmt: skip
"""All settings, in the order in which they are offered."""


def offered_settings(tuning: Tuning) -> tuple[SearchSetting, ...]:
    """Return the settings that a search has: those of another strategy, or of no warm start, are left out."""
    left_out = set()
    if tuning.warm_start is None:
        left_out.add("warm_start_type")
    if tuning.strategy is not Strategy.HYPERBAND:
        left_out.add("hyperband")
    else:
        left_out.add("early_stopping")
    return tuple(each for each in SETTINGS if each.key not in left_out)


def setting_of(key: str) -> SearchSetting:
    """Return a setting by its key."""
    return next(each for each in SETTINGS if each.key == key)
