"""Read and write the `tuning` section of a run file."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any, TypeVar

from jsft_tui.core.catalog.spec.hyperparameter import as_text
from jsft_tui.core.common.durations import format_duration
from jsft_tui.core.common.strict_yaml import write_yaml
from jsft_tui.core.run.file.section_reader import SectionReader, key_text, shown, typed, without_none
from jsft_tui.core.run.range_text import number_text, parse_range, word_of
from jsft_tui.core.run.tuning import (
    Autotune,
    Choices,
    Completion,
    Direction,
    Hyperband,
    Objective,
    Range,
    Scale,
    Span,
    Strategy,
    Tuning,
    WarmStart,
    WarmStartKind,
)

E = TypeVar("E", bound=Enum)

_KEYS = (
    "objective",
    "strategy",
    "max_jobs",
    "parallel",
    "early_stopping",
    "max_runtime",
    "ranges",
    "completion",
    "warm_start",
    "hyperband",
    "autotune",
    "random_seed",
)


class TuningReader(SectionReader):
    """Reads the section and collects the errors."""

    def tuning(self, value: Any, at: str) -> Tuning | None:
        """Read the section."""
        section = self.section(value, at, _KEYS)
        if section is None:
            return None
        return Tuning(
            ranges=self.optional(section, "ranges", at, self._ranges) or {},
            objective=self.optional(section, "objective", at, self._objective),
            strategy=self.optional(section, "strategy", at, self._word_of(Strategy)) or Strategy.BAYESIAN,
            max_jobs=self.optional(section, "max_jobs", at, self.count),
            parallel=self.optional(section, "parallel", at, self.count) or 1,
            early_stopping=self.optional(section, "early_stopping", at, self._early_stopping) or False,
            max_runtime=self.optional(section, "max_runtime", at, self.duration),
            completion=self.optional(section, "completion", at, self._completion),
            warm_start=self.optional(section, "warm_start", at, self._warm_start),
            hyperband=self.optional(section, "hyperband", at, self._hyperband),
            autotune=self.optional(section, "autotune", at, self._autotune),
            random_seed=self.optional(section, "random_seed", at, self._seed),
        )

    def _objective(self, value: Any, at: str) -> Objective | None:
        if isinstance(value, str):  # shorthand: `objective: val-accuracy`
            metric = self.word(value, at)
            return Objective(metric) if metric else None
        section = self.section(value, at, ("metric", "direction", "regex"))
        if section is None:
            return None
        return Objective(
            self.required(section, "metric", at, self.word) or "",
            self.optional(section, "direction", at, self._word_of(Direction)),
            self.optional(section, "regex", at, self.word),
        )

    def _ranges(self, value: Any, at: str) -> dict[str, Range] | None:
        if not isinstance(value, Mapping):
            self.errors.append(f"{at} must be a mapping like {{learning_rate: {{min: 1e-5, max: 1e-2, scale: log}}}}")
            return None
        found = {as_text(name): self._range(tried, f"{at}.{key_text(name)}") for name, tried in value.items()}
        return {name: tried for name, tried in found.items() if tried is not None}

    def _range(self, value: Any, at: str) -> Range | None:
        if isinstance(value, str):  # shorthand, as on the command line
            try:
                return parse_range(value)
            except ValueError as error:
                self.errors.append(f"{at}: {error}")
                return None
        if isinstance(value, list):  # shorthand: `[16, 32, 64]`
            return self._choices(value, at)
        if not isinstance(value, Mapping):
            self.errors.append(f"{at} must be like {{min: 1, max: 10}} or {{values: [1, 2]}}, not {shown(value)}")
            return None
        if "values" in value:
            self.known(value, ("values",), at)
            return self._choices(value["values"], f"{at}.values")
        self.known(value, ("min", "max", "scale", "values"), at)
        low = self.required(value, "min", at, self._number)
        high = self.required(value, "max", at, self._number)
        scale = self.optional(value, "scale", at, self._word_of(Scale)) or Scale.AUTO
        return Span(low, high, scale) if low is not None and high is not None else None

    def _choices(self, values: Any, at: str) -> Choices | None:
        if not isinstance(values, list) or not values or any(isinstance(each, (list, Mapping)) for each in values):
            self.errors.append(f"{at} must be a list of values, not {shown(values)}")
            return None
        return Choices(tuple(map(as_text, values)))

    def _completion(self, value: Any, at: str) -> Completion | None:
        section = self.section(value, at, ("target", "not_improving", "converged"))
        if section is None:
            return None
        target = self.optional(section, "target", at, self._number)
        return Completion(
            float(target) if target is not None else None,
            self.optional(section, "not_improving", at, self.count),
            self.optional(section, "converged", at, self.flag),
        )

    def _warm_start(self, value: Any, at: str) -> WarmStart | None:
        if isinstance(value, (str, list)):  # shorthand: the names
            return self._warm_start({"from": value}, at)
        section = self.section(value, at, ("from", "type"))
        if section is None:
            return None
        parents = self.required(section, "from", at, self.words)
        kind = self.optional(section, "type", at, self._word_of(WarmStartKind)) or WarmStartKind.TRANSFER
        return WarmStart(parents, kind) if parents else None

    def _hyperband(self, value: Any, at: str) -> Hyperband | None:
        section = self.section(value, at, ("min_resource", "max_resource"))
        if section is None:
            return None
        return Hyperband(
            self.optional(section, "min_resource", at, self.count),
            self.optional(section, "max_resource", at, self.count),
        )

    def _autotune(self, value: Any, at: str) -> Autotune | None:
        if isinstance(value, bool):
            return Autotune() if value else None
        section = self.section(value, at, ("keep",))
        return None if section is None else Autotune(self.optional(section, "keep", at, self.words) or ())

    def _early_stopping(self, value: Any, at: str) -> bool | None:
        words = {"auto": True, "off": False}  # the API's
        return words[value.lower()] if isinstance(value, str) and value.lower() in words else self.flag(value, at)

    def _seed(self, value: Any, at: str) -> int | None:
        if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
            return value
        self.errors.append(f"{at} must be a whole number of at least 0, not {shown(value)}")
        return None

    def _number(self, value: Any, at: str) -> str | None:
        found = number_text(value) if isinstance(value, (str, int, float)) else None
        if found is None:
            self.errors.append(f"{at} must be a number, not {shown(value)}")
        return found

    def _word_of(self, kind: type[E]) -> Callable[[Any, str], E | None]:
        def read(value: Any, at: str) -> E | None:
            try:
                return word_of(kind, str(value))
            except ValueError as error:
                self.errors.append(f"{at} {error}")
                return None

        return read


def tuning_document(tuning: Tuning) -> dict[str, Any]:
    """Return a search as plain values, in the structure of the run file."""
    objective, done, warm, hyperband = tuning.objective, tuning.completion, tuning.warm_start, tuning.hyperband
    return without_none(
        {
            "objective": objective and _objective_document(objective),
            "strategy": tuning.strategy.value,
            "max_jobs": tuning.max_jobs,
            "parallel": tuning.parallel,
            "early_stopping": tuning.early_stopping,
            "max_runtime": format_duration(tuning.max_runtime) if tuning.max_runtime else None,
            "ranges": {name: range_document(tried) for name, tried in tuning.ranges.items()} or None,
            "completion": done
            and without_none(
                {"target": done.target, "not_improving": done.not_improving, "converged": done.converged},
            ),
            "warm_start": warm and {"from": list(warm.parents), "type": warm.kind.value},
            "hyperband": hyperband
            and without_none({"min_resource": hyperband.min_resource, "max_resource": hyperband.max_resource}),
            "autotune": _autotune_document(tuning.autotune),
            "random_seed": tuning.random_seed,
        }
    )


def range_document(tried: Range) -> dict[str, Any]:
    """Return a range as plain values."""
    if isinstance(tried, Choices):
        return {"values": list(map(typed, tried.values))}
    span = {"min": typed(tried.minimum), "max": typed(tried.maximum)}
    return span if tried.scale is Scale.AUTO else {**span, "scale": tried.scale.value}


def _objective_document(objective: Objective) -> dict[str, Any]:
    direction = objective.direction and objective.direction.value
    return without_none({"metric": objective.metric, "direction": direction, "regex": objective.regex})


def _autotune_document(autotune: Autotune | None) -> Any:
    if autotune is None:
        return None
    return {"keep": list(autotune.keep)} if autotune.keep else True


def dump_tuning(document: Mapping[str, Any]) -> str:
    """Write the section: a line for each key and for each range."""
    ranges = document.get("ranges") or {}
    if not all(_PLAIN_NAME.fullmatch(str(name)) for name in ranges):
        return write_yaml({"tuning": document}, flow=False)
    lines = ["tuning:"]
    for key, value in document.items():
        if key == "ranges":
            lines += ["  ranges:", *(f"    {_entry(name, tried)}" for name, tried in ranges.items())]
        else:
            lines.append(f"  {_entry(key, value)}")
    return "\n".join(lines) + "\n"


_PLAIN_NAME = re.compile(r"[A-Za-z_][\w.-]{0,60}", re.ASCII)
"""A name that stands before its colon as it is."""


def _entry(key: str, value: Any) -> str:
    """Write a key and its value on one line, without the braces around them."""
    return write_yaml({key: value}, flow=True).rstrip("\n").removeprefix("{").removesuffix("}")
