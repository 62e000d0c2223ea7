"""`jsft model`."""

from __future__ import annotations

import click

from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.json_documents import card_document
from jsft_tui.cli.options import global_options
from jsft_tui.cli.output import print_json, table
from jsft_tui.core.catalog.spec import ModelSpec
from jsft_tui.core.datasets.registry import data_format
from jsft_tui.core.hyperparameters.batch import batch_rule
from jsft_tui.core.request.build import default_dataset
from jsft_tui.core.sizing.model_card import card_notes
from jsft_tui.services.session.services import Services


@click.command("model")
@click.argument("model_id")
@click.option("--model-version", default="*", metavar="VERSION", help="An older version, or one like 2.*")
@global_options
@click.pass_context
def command(context: click.Context, model_id: str, model_version: str) -> None:
    """Show one model: data format, hyperparameters, instances."""
    services = open_services(context)
    spec = services.catalog.spec(model_id, model_version)
    if options_of(context).json:
        print_json(_model_document(spec, services))
    else:
        _print_model(spec, services)


def _model_document(spec: ModelSpec, services: Services) -> dict[str, object]:
    wants, rule = data_format(spec.task), batch_rule(spec)
    place = services.somewhere()
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
                "scope": declared.scope.value,
            }
            for declared in spec.hyperparameters
        ],
        "instance_types": list(spec.instance_types),
        "default_dataset_uri": default_dataset(spec, place),
        "data_format": {"task": wants.task.value, "summary": wants.summary, "rules": list(wants.rules)},
        "batch": rule and {"parameter": rule.parameter, "meaning": rule.meaning.value, "base": rule.base},
        "metrics": [{"name": metric.name, "regex": metric.regex} for metric in spec.metrics],
        "eula_uri": f"s3://{place.buckets.content}/{spec.eula_key}" if spec.eula_key else None,
        "incremental_training": spec.incremental_training_supported,
    }


def _print_model(spec: ModelSpec, services: Services) -> None:
    wants, rule = data_format(spec.task), batch_rule(spec)
    place = services.somewhere()
    facts = [
        ("model", f"{spec.model_id} {spec.version}"),
        ("task", f"{spec.task.label} ({spec.framework})"),
        ("notes", card_notes(spec.card) or "fine-tunable"),
        ("data", wants.summary),
        *(("", f"- {line}") for line in wants.rules),
        ("default data", default_dataset(spec, place) or "none"),
        ("batch", f"{rule.parameter}: {rule.meaning.value.replace('_', ' ')}, {rule.why}" if rule else "none"),
        ("instances", ", ".join(spec.instance_types) or "none"),
        ("incremental", "can continue from an earlier job's model" if spec.incremental_training_supported else "no"),
        *(("license", f"s3://{place.buckets.content}/{spec.eula_key}") for _ in [0] if spec.eula_key),
    ]
    for label, text in facts:
        click.echo(f"{label:<13}{text}")
    click.echo()
    declared = spec.algorithm_hyperparameters
    table(
        ("HYPERPARAMETER", "TYPE", "DEFAULT", "ALLOWED"),
        [(d.name, d.type.value, d.default_text, d.allowed) for d in declared],
    )
