"""Options that make a run a search."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import wraps
from typing import Any, TypeVar, cast

import click

from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import usage
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.common.text import did_you_mean
from jsft_tui.core.run.range_text import parse_range, word_of
from jsft_tui.core.run.tuning import Autotune, Direction, Objective, Range, Strategy, Tuning, WarmStart
from jsft_tui.core.tuning.choices.ranges import range_errors, suggested_range
from jsft_tui.core.tuning.objectives import chosen_objective

F = TypeVar("F", bound=Callable[..., Any])

EXAMPLE = "For example: --tune learning_rate=1e-5..1e-2:log --tune batch_size=16,32,64"


@dataclass(frozen=True)
class SearchOptions:
    """What the options of a search say; None and empty where they were not given."""

    tune: tuple[str, ...] = ()
    objective: str | None = None
    metric_regex: str | None = None
    strategy: str | None = None
    max_jobs: int | None = None
    parallel: int | None = None
    early_stopping: bool = False
    autotune: bool = False
    warm_start: tuple[str, ...] = ()


def tune_options(command: F) -> F:
    """Add the options of a search; the command gets them as `search`."""

    @wraps(command)
    def with_search(*arguments: Any, **values: Any) -> Any:
        given = {field.name: values.pop(field.name) for field in fields(SearchOptions)}
        return command(*arguments, search=SearchOptions(**given), **values)

    options = (
        click.option(
            "--tune",
            metavar="NAME=RANGE",
            multiple=True,
            help="Search a hyperparameter: 1e-5..1e-2:log, 8..64, or 16,32,64; NAME alone takes a suggested range. "
            "Can be repeated.",
        ),
        click.option(
            "--objective", metavar="METRIC[:minimize]", help="The metric that the search is for (default: the best)."
        ),
        click.option(
            "--metric-regex", metavar="REGEX", help="Finds the objective in the log, if the model does not define it."
        ),
        click.option("--strategy", metavar="STRATEGY", help="bayesian (default), random, hyperband, or grid."),
        click.option("--max-jobs", type=click.IntRange(1), help="Trials at most (default: 10)."),
        click.option("--parallel", type=click.IntRange(1), help="Trials at the same time (default: 1)."),
        click.option("--early-stopping", is_flag=True, help="Stop trials that are worse than the median."),
        click.option("--autotune", is_flag=True, help="Let SageMaker choose ranges for the other numbers."),
        click.option(
            "--warm-start", metavar="NAME", multiple=True, help="Learn from a former search. Can be repeated."
        ),
    )
    wrapped = cast(F, with_search)  # click keeps what it is given
    for option in reversed(options):
        wrapped = option(wrapped)
    return wrapped


def tuning_of(options: SearchOptions, spec: ModelSpec, values: Mapping[str, str], instance_type: str) -> Tuning | None:
    """Return the search that the options ask for; None if they ask for none.

    Args:
        options: what was given.
        spec: the model.
        values: the hyperparameters of the run, around which ranges are suggested.
        instance_type: on which the metrics are looked for.

    Raises:
        Problem: a range, word or metric is wrong (code `BadUsage`, `BadRange`, and those of the objective).
    """
    if options == SearchOptions():
        return None
    if not options.tune and not options.autotune:
        raise usage("BadUsage", "a search needs --tune NAME=RANGE, or --autotune.", EXAMPLE)
    tuning = Tuning(
        ranges=dict(_range(each, spec, values) for each in options.tune),
        objective=_objective(options),
        strategy=_word(Strategy, options.strategy, "--strategy") if options.strategy else Strategy.BAYESIAN,
        max_jobs=options.max_jobs,
        parallel=options.parallel or 1,
        early_stopping=options.early_stopping,
        warm_start=WarmStart(options.warm_start) if options.warm_start else None,
        autotune=Autotune() if options.autotune else None,
    )
    if wrong := list(range_errors(tuning, spec)):
        remedy = Remedy("See the valid values", RemedyCommand.HYPERPARAMETERS, spec.model_id)
        raise usage("BadRange", " ".join(wrong), remedy)
    chosen_objective(tuning, spec, instance_type)
    return tuning


def _range(text: str, spec: ModelSpec, values: Mapping[str, str]) -> tuple[str, Range]:
    name, equals, tried = (part.strip() for part in text.partition("="))
    if equals:
        try:
            return name, parse_range(tried)
        except ValueError as error:
            raise usage("BadUsage", f"--tune {name}: {error}.", EXAMPLE) from error
    found = suggested_range(spec, name, values.get(name))
    if found is None:
        known = [each.name for each in spec.algorithm_hyperparameters]
        if name in known:
            raise usage(
                "BadUsage", f"--tune {name}: no range can be suggested for it.", f"Give one: --tune {name}=1..10"
            )
        hint = did_you_mean(name, known) or f"It has: {', '.join(known[:12])}."
        raise usage("BadUsage", f"--tune {name}: is not a hyperparameter of this model.", hint)
    return name, found


def _objective(options: SearchOptions) -> Objective | None:
    if options.objective is None:
        if options.metric_regex is not None:
            raise usage("BadUsage", "--metric-regex needs --objective.", "Name the metric: --objective accuracy")
        return None
    metric, colon, word = options.objective.rpartition(":")
    # A metric's own name may have a colon: the last part counts only if it is a direction.
    if colon and word.lower() in ("minimize", "maximize", "min", "max"):
        return Objective(metric, word_of(Direction, word), options.metric_regex)
    return Objective(options.objective, None, options.metric_regex)


def _word(kind: type[Strategy], text: str, option: str) -> Strategy:
    try:
        return word_of(kind, text)
    except ValueError as error:
        raise usage("BadUsage", f"{option} {error}") from error
