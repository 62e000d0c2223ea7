"""`jsft models`, `jsft model`, `jsft instances`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.options import global_options
from jsft_tui.cli.output import bar, print_json, say, table
from jsft_tui.core.catalog.spec import ModelCard, ModelSpec, search
from jsft_tui.core.catalog.task import Task, find_task
from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.common.text import plural
from jsft_tui.core.datasets.registry import data_format
from jsft_tui.core.hyperparameters.batch import batch_rule
from jsft_tui.core.request.build import default_dataset
from jsft_tui.core.sizing.model_card import card_notes
from jsft_tui.core.sizing.offers import InstanceOffer, Supply, all_types, offers, types_of
from jsft_tui.services.preflight.quotas import quotas_by_type
from jsft_tui.services.session.services import Services

T = TypeVar("T")


@click.command()
@click.argument("query", nargs=-1)
@click.option("--task", "task_name", metavar="TASK", help="Only this task, for example image-classification or ic.")
@click.option("--all", "show_all", is_flag=True, help="Also models that cannot be fine-tuned.")
@click.option("--runnable", is_flag=True, help="Only what the sandbox itself can train.")
@global_options
@click.pass_context
def models(
    context: click.Context, query: tuple[str, ...], task_name: str | None, show_all: bool, runnable: bool
) -> None:
    """List models that can be fine-tuned. QUERY: words in id, task or framework."""
    task = _task(task_name)
    services = open_services(context)
    cards = _cards(services)
    found = [card for card in search(cards, " ".join(query), task) if show_all or card.fine_tunable]
    if runnable:
        found = [card for card in found if card.sandbox_runnable]
    if options_of(context).json:
        print_json([card_document(card) for card in found])
        return
    rows = [(card.model_id, card.version, card.task.abbreviation, card.framework, card_notes(card)) for card in found]
    if rows:
        table(("MODEL", "VERSION", "TASK", "FRAMEWORK", "NOTES"), rows)
    tunable = sum(card.fine_tunable for card in cards)
    say(f"{len(found):,} of {tunable:,} fine-tunable, {len(cards):,} in all ({services.target.label}).")


def _cards(services: Services) -> list[ModelCard]:
    seen = 0
    with bar("catalogue", services.catalog.cards_to_fetch()) as advance:

        def on_progress(done: int, _: int) -> None:
            nonlocal seen
            advance(done - seen)
            seen = done

        cards = services.catalog.cards(on_progress)
    if services.catalog.stale:
        say(f"From the cache: {services.catalog.stale.message}")
    if left_out := services.catalog.left_out:
        say(f"{plural(len(left_out), 'model')} left out: {left_out[0].message}")
    return cards


def _task(name: str | None) -> Task | None:
    if name is None:
        return None
    task = find_task(name)
    if task is None:
        known = ", ".join(f"{task.value} ({task.abbreviation})" for task in Task)
        raise usage("UnknownTask", f"there is no task {name!r}.", f"Known: {known}.")
    return task


def card_document(card: ModelCard) -> dict[str, object]:
    """A model as `jsft models --json` has it."""
    return {
        "model_id": card.model_id,
        "version": card.version,
        "task": card.task.value,
        "framework": card.framework,
        "fine_tunable": card.fine_tunable,
        "gated": card.gated,
        "deprecated": card.deprecated,
        "vulnerable": card.vulnerable,
        "default_instance_type": card.default_instance_type,
        "sandbox_runnable": card.sandbox_runnable,
    }


@click.command()
@click.argument("model_id")
@click.option("--model-version", default="*", metavar="VERSION", help="An older version, or one like 2.*")
@global_options
@click.pass_context
def model(context: click.Context, model_id: str, model_version: str) -> None:
    """Show one model: data format, hyperparameters, instances, batch."""
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
        ("incremental", "can go on from a former job" if spec.incremental_training_supported else "no"),
        *(("licence", f"s3://{place.buckets.content}/{spec.eula_key}") for _ in [0] if spec.eula_key),
    ]
    for label, text in facts:
        click.echo(f"{label:<13}{text}")
    click.echo()
    declared = spec.algorithm_hyperparameters
    table(
        ("HYPERPARAMETER", "TYPE", "DEFAULT", "ALLOWED"),
        [(d.name, d.type.value, d.default_text, d.allowed) for d in declared],
    )


@click.command()
@click.argument("model_id", required=False)
@click.option("--gpus", type=click.IntRange(0), help="Only types with so many GPUs.")
@click.option("--all", "show_all", is_flag=True, help="All types, not only those that the model supports.")
@global_options
@click.pass_context
def instances(context: click.Context, model_id: str | None, gpus: int | None, show_all: bool) -> None:
    """List instance types with GPUs, prices and quotas; with MODEL, those it supports and the batch on each."""
    services = open_services(context)
    spec = services.catalog.spec(model_id) if model_id else None
    types = all_types(spec) if show_all else types_of(spec)
    quotas = _known(lambda: quotas_by_type(services.quotas.applied(), spot=False))
    supply = Supply(services.prices.table(), quotas, _known(lambda: services.quotas.held(spot=False)))
    found = offers([type_ for type_ in types if gpus is None or type_.gpus == gpus], spec, supply)
    if options_of(context).json:
        print_json([_instance_document(offer) for offer in found])
        return
    table(
        ("TYPE", "GPUS", "GPU", "GIB", "VCPU", "RAM", "$/HOUR", "QUOTA", "BATCH", "NOTE"),
        [_instance_row(offer) for offer in found],
        right=(1, 3, 4, 5, 6),
    )
    if services.prices.denied:
        say(f"Prices are from the bundled table: {services.prices.denied.message}")
    if quotas is None:
        say("Quotas are unknown: they could not be read.")


def _known(ask: Callable[[], T]) -> T | None:
    try:
        return ask()
    except Problem:
        return None  # not allowed to see it: unknown, said below the table


def _instance_document(offer: InstanceOffer) -> dict[str, object]:
    hardware, price = offer.hardware, offer.price
    return {
        "type": offer.name,
        "gpus": hardware.gpus,
        "gpu_model": hardware.gpu_model,
        "gpu_memory_gib": hardware.gpu_memory_gib,
        "vcpus": hardware.vcpus or None,
        "memory_gib": hardware.memory_gib or None,
        "price_usd_per_hour": price.usd_per_hour if price else None,
        "price_source": price.origin if price else None,
        "quota": offer.quota,
        "in_use": offer.in_use,
        "supported": offer.supported,
    }


def _instance_row(offer: InstanceOffer) -> tuple[str, ...]:
    gpus, gpu_memory, vcpus, memory = offer.hardware_texts
    return (
        offer.name,
        gpus,
        offer.accelerator,
        gpu_memory,
        vcpus,
        memory,
        offer.price_text if offer.price else "unknown",
        offer.quota_text if offer.quota is not None else "unknown",
        offer.batch_text,
        ", ".join(offer.notes),
    )


COMMANDS = {"models": models, "model": model, "instances": instances}
