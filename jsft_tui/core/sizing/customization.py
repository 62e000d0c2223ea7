"""Suggest a first customization for a model, with a sensible value for every setting."""

from __future__ import annotations

import re
from dataclasses import replace

from jsft_tui.core.catalog.model_name import shortest_model_id
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.customization.customization import SERVERLESS, SERVERLESS_RUNTIME, Customization
from jsft_tui.core.run.defaults import Defaults
from jsft_tui.core.run.name import job_name
from jsft_tui.core.run.run import InstanceChoice, ModelChoice, Run, on_instance

_MAIN_HYPERPARAMETERS = ("max_epochs", "learning_rate", "global_batch_size", "preset_reward_function")
_GROUP_END, _MOST_GROUP = "-tuned", 63
_NOT_IN_GROUP = re.compile(r"[^a-zA-Z0-9]+")


def first_customization(spec: ModelSpec, wanted: Customization, defaults: Defaults, now: float, name: str = "") -> Run:
    """Suggest a serverless run.

    Args:
        spec: the model, with the recipe's hyperparameters.
        wanted: the customization.
        defaults: role, output and so on.
        now: epoch seconds, for the job's name.
        name: the job's name; empty to make one.
    """
    base = f"{spec.resource_name_base or spec.model_id}-{wanted.technique.value.lower()}"
    return Run(
        name=name or job_name(base, now),
        model=ModelChoice(spec.model_id, spec.version),
        instance=InstanceChoice(SERVERLESS, max_runtime=SERVERLESS_RUNTIME),
        output=defaults.output or "",
        hyperparameters={
            each: declared.default_text
            for each in _MAIN_HYPERPARAMETERS
            if (declared := spec.hyperparameter(each)) and declared.default not in (None, "")
        },
        role=defaults.role,
        max_cost_usd=defaults.max_cost_usd,
        customization=wanted,
    )


def placed(choice: InstanceChoice, type_: str, spec: ModelSpec) -> InstanceChoice:
    """Return the choice with another type; from serverless to instances, with as many as the recipe is made for."""
    other = on_instance(choice, type_)
    if spec.recipe is None or other.is_serverless or not choice.is_serverless:
        return other
    return replace(other, count=spec.recipe.instance_count)


def run_on(run: Run, type_: str, spec: ModelSpec | None) -> Run:
    """Return the run on another instance type, or serverless."""
    choice = placed(run.instance, type_, spec) if spec is not None else on_instance(run.instance, type_)
    return replace(run, instance=choice)


def suggested_group(model_id: str) -> str:
    """Return a name for a new model package group for a model: `qwen3-06b-tuned`."""
    short = _NOT_IN_GROUP.sub("-", shortest_model_id(model_id)).strip("-")
    return f"{short[: _MOST_GROUP - len(_GROUP_END)].rstrip('-') or 'models'}{_GROUP_END}"
