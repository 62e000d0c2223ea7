"""`jsft model`."""

from __future__ import annotations

import click

from jsft_tui.cli.console.output import labeled, out, print_json, say, table
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.json_documents import card_document
from jsft_tui.cli.options import global_options
from jsft_tui.cli.run_options.recipe_options import customization_of, recipe_options
from jsft_tui.core.catalog.spec.recipe import Recipe
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.customization.recipes.choice import methods_of
from jsft_tui.core.datasets.registry import format_of
from jsft_tui.core.hyperparameters.batch import batch_rule
from jsft_tui.core.request.build import default_dataset
from jsft_tui.core.sizing.model_card import card_notes, recipe_row
from jsft_tui.services.session.services import Services


@click.command("model")
@click.argument("model_id")
@click.option("--model-version", default="*", metavar="VERSION", help="An older version, or one like 2.*")
@recipe_options
@global_options
@click.pass_context
def command(
    context: click.Context,
    model_id: str,
    model_version: str,
    technique: str | None,
    adapter: str | None,
    sequence_length: str,
) -> None:
    """Show a model: data format, recipes, hyperparameters, instances.

    With --technique: the data format and hyperparameters of that recipe.
    """
    wanted = customization_of(technique, adapter, sequence_length)
    services = open_services(context)
    spec = services.catalog.spec(model_id, model_version)
    if wanted is not None:
        spec = services.catalog.customized_spec(spec, wanted)
    if options_of(context).json:
        print_json(_model_document(spec, services))
    else:
        _print_model(spec, services)


def _model_document(spec: ModelSpec, services: Services) -> dict[str, object]:
    wants, rule = format_of(spec), batch_rule(spec)
    place = services.planning.somewhere()
    return {
        **card_document(spec.card),
        "hyperparameters": [
            {
                "name": declared.name,
                "type": declared.type.value,
                "default": declared.default,
                "min": declared.minimum,
                "max": declared.maximum,
                "exclusive_min": declared.exclusive_minimum,
                "exclusive_max": declared.exclusive_maximum,
                "options": list(declared.options) or None,
                "description": declared.description or None,
                "scope": declared.scope.value,
            }
            for declared in spec.hyperparameters
        ],
        "instance_types": list(spec.instance_types),
        "default_dataset_uri": default_dataset(spec, place),
        "data_format": {"task": spec.task.value, "summary": wants.summary, "rules": list(wants.rules)},
        "batch": rule and {"parameter": rule.parameter, "meaning": rule.meaning.value, "base": rule.base},
        "metrics": [{"name": metric.name, "regex": metric.regex} for metric in spec.metrics],
        "eula_uri": f"s3://{place.buckets.content}/{spec.eula_key}" if spec.eula_key else None,
        "incremental_training": spec.incremental_training_supported,
        "recipes": [_recipe_document(recipe, services.target.region) for recipe in spec.recipes],
    }


def _recipe_document(recipe: Recipe, region: str) -> dict[str, object]:
    return {
        "name": recipe.name,
        "technique": recipe.technique.value,
        "adapter": recipe.adapter.value,
        "sequence_length": recipe.sequence_length or None,
        "ways": list(recipe.ways_in(region)),
        "serverless_sku": recipe.sku_in(region) or None,
        "metering": recipe.metering or None,
        "serverless_regions": list(recipe.serverless_regions),
        "instance_regions": list(recipe.instance_regions),
        "instance_types": list(recipe.instance_types),
        "instance_count": recipe.instance_count,
        "needs_subscription": recipe.needs_subscription,
    }


def _print_model(spec: ModelSpec, services: Services) -> None:
    wants, rule = format_of(spec), batch_rule(spec)
    place = services.planning.somewhere()
    facts = [
        ("model", f"{spec.model_id} {spec.version}"),
        ("task", f"{spec.task.label} ({spec.framework})"),
        ("notes", card_notes(spec.card) or "fine-tunable"),
        ("methods", ", ".join(method.label for method in methods_of(spec)) or "none"),
        ("data", wants.summary),
        *(("", f"- {line}") for line in wants.rules),
        ("default data", default_dataset(spec, place) or "none"),
        ("batch", f"{rule.parameter} {rule.base}, {rule.meaning_text}" if rule else "none"),
        ("instances", ", ".join(spec.instance_types) or "none"),
        ("incremental", "can continue from an earlier job's model" if spec.incremental_training_supported else "no"),
        *(("license", f"s3://{place.buckets.content}/{spec.eula_key}") for _ in [0] if spec.eula_key),
    ]
    for label, text in facts:
        labeled(label, text, 13)
    if spec.recipes:
        out()
        _print_recipes(spec, services.target.region)
    declared = spec.algorithm_hyperparameters
    if not declared:
        return
    out()
    table(
        ("HYPERPARAMETER", "TYPE", "DEFAULT", "ALLOWED"),
        [(d.name, d.type.value, d.default_text, d.allowed) for d in declared],
    )


def _print_recipes(spec: ModelSpec, region: str) -> None:
    """Print the recipes, and which command shows their hyperparameters."""
    table(
        ("TECHNIQUE", "ADAPTER", "LENGTH", f"IN {region.upper()}", "INSTANCES"),
        [recipe_row(recipe, region) for recipe in spec.recipes],
    )
    first = spec.recipes[0]
    say(f"Hyperparameters of a recipe: jsft model {spec.model_id} --technique {first.technique.value}")
