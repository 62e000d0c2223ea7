"""Render a recipe from its template, as the trainers of the SageMaker SDK do for `compute=TrainingJobCompute(...)`.

Source: sagemaker-train 1.27, `BaseTrainer._train_serverful_smtj`, `_render_recipe_placeholders`,
`sm_recipes.utils._get_args_from_llmft_recipe`. One difference: the SDK also takes values from keys of the recipe that
only happen to be called like a parameter (`flatten_resolved_recipe`, the last one wins), so that a `learning_rate` in a
recipe's `scale_config` replaces the one that was asked for. Here the run's values stand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from jsft_tui.core.catalog.spec.recipe_template import RecipeTemplate
from jsft_tui.core.common.errors import Problem, blocked
from jsft_tui.core.customization.on_instances.recipe_yaml import RecipeYamlError, read_recipe, write_recipe

KINDS = ("llm_finetuning_aws", "verl")
"""Values of a recipe's `run.model_type` that the SDK gives to the container as they are; it runs others another way."""
INSTEAD = "Set instance: serverless, or use Studio or the SDK (TrainingJobCompute)."

_ADDED = ("name", "data_s3_path", "output_s3_path", "mlflow_tracking_uri", "mlflow_experiment_name", "mlflow_run_name")
"""Parameters that templates may have and files of override parameters may not: empty then."""
_INTERPOLATION = "${"


def rendered_recipe(template: RecipeTemplate, values: Mapping[str, str], system: Mapping[str, str]) -> str:
    """Return the recipe of a job as YAML.

    Args:
        template: of the recipe.
        values: hyperparameters as the trainers send them; an empty one leaves the place to the default.
        system: what the job's channels and settings say of parameters that nobody types: paths, MLflow.

    Raises:
        Problem: the template is of a kind that is not rendered here (kind BLOCKED, code `BadRecipe`).
    """
    texts = {name: _text(template, name, system) for name in (*template.parameters, *_ADDED, *system)}
    texts |= {name: value for name, value in values.items() if value}
    text = template.text
    for name, value in texts.items():
        for placeholder in (f"'{{{{{name}}}}}'", f'"{{{{{name}}}}}"', f"{{{{{name}}}}}"):
            text = text.replace(placeholder, value)
    if left := sorted(set(re.findall(r"\{\{([^}]+)\}\}", text))):
        raise _bad(f"its template asks for {', '.join(left)}, which its parameters do not declare")
    return write_recipe(_checked(text))


def _text(template: RecipeTemplate, name: str, system: Mapping[str, str]) -> str:
    """Return a value as it stands in YAML."""
    value: Any = system.get(name, template.default(name))
    if value is None:
        return "''" if template.is_text(name) or (name in _ADDED and name not in template.parameters) else "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value) if value != "" else "''"


def _checked(text: str) -> dict[Any, Any]:
    try:
        recipe = read_recipe(text)
    except RecipeYamlError as error:
        raise _bad(f"with these values it is no YAML: {error}") from error
    run = recipe.get("run")
    kind = str(run.get("model_type") or "").lower() if isinstance(run, Mapping) else ""
    if kind not in KINDS or not recipe.get("training_config"):
        raise _bad(f"its template is of the kind {kind or 'unknown'}, not {' or '.join(KINDS)}")
    if _INTERPOLATION in text:
        raise _bad("its template has references (${...}), which jsft does not resolve")
    return recipe


def _bad(why: str) -> Problem:
    return blocked("BadRecipe", f"the recipe cannot be rendered: {why}.", INSTEAD)
