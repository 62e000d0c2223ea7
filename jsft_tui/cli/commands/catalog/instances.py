"""`jsft instances`."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import click

from jsft_tui.cli.console.output import print_json, say, table
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.options import global_options
from jsft_tui.cli.run_options.recipe_options import customization_of, recipe_options
from jsft_tui.core.catalog.spec.recipe import Recipe
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.customization.customization import SERVERLESS
from jsft_tui.core.request.recipe_job import refusal
from jsft_tui.core.sizing.offers import InstanceOffer, Supply, all_types, offers, types_of
from jsft_tui.services.preflight.quotas import quotas_by_type
from jsft_tui.services.session.services import Services

T = TypeVar("T")


@click.command("instances")
@click.argument("model_id", required=False)
@click.option("--gpus", type=click.IntRange(0), help="Only types with this number of GPUs.")
@click.option("--all", "show_all", is_flag=True, help="Include types that the model does not support.")
@recipe_options
@global_options
@click.pass_context
def command(
    context: click.Context,
    model_id: str | None,
    gpus: int | None,
    show_all: bool,
    technique: str | None,
    adapter: str | None,
    sequence_length: str,
) -> None:
    """List instance types, with prices and quotas.

    With MODEL: the types that it supports, and the batch size on each. With --technique: those of a recipe, and the
    price of serverless.
    """
    wanted = customization_of(technique, adapter, sequence_length)
    if wanted is not None and not model_id:
        raise usage("BadUsage", "--technique is for the recipes of a model.", "Name the model.")
    services = open_services(context)
    spec = services.catalog.spec(model_id) if model_id else None
    if spec is not None and wanted is not None:
        spec = services.catalog.customized_spec(spec, wanted)
    types = all_types(spec) if show_all else types_of(spec)
    quotas = _known(lambda: quotas_by_type(services.quotas.applied(), spot=False))
    supply = Supply(services.prices.table(), quotas, _known(lambda: services.quotas.held(spot=False)))
    found = offers([type_ for type_ in types if gpus is None or type_.gpus == gpus], spec, supply)
    if options_of(context).json:
        serverless = [_serverless_document(services, spec.recipe)] if spec is not None and spec.recipe else []
        print_json([*serverless, *(_instance_document(offer) for offer in found)])
        return
    if spec is not None and spec.recipe:
        say(_serverless_text(services, spec.recipe))
        say(_on_instances_text(spec, spec.recipe, services.target.region))
    table(
        ("TYPE", "GPUS", "GPU", "GIB", "VCPU", "RAM", "$/HOUR", "QUOTA", "BATCH", "NOTE"),
        [_instance_row(offer) for offer in found],
        right=(1, 3, 4, 5, 6),
    )
    if services.prices.denied:
        say(f"Prices come from the bundled table: {services.prices.denied.message}")
    if quotas is None:
        say("Quotas are unknown: they could not be read.")


def _serverless_document(services: Services, recipe: Recipe) -> dict[str, object]:
    price = _known(lambda: services.customization.price(recipe))
    return {
        "type": SERVERLESS,
        "supported": bool(recipe.sku_in(services.target.region)),
        "price_usd_per_million_tokens": price and price.usd_per_million_tokens,
        "price_usd_per_hour": price and price.usd_per_hour,
        "price_source": price and price.source,
    }


def _serverless_text(services: Services, recipe: Recipe) -> str:
    """Return what is known of serverless."""
    region = services.target.region
    if not recipe.sku_in(region):
        return f"{recipe.title} is not offered serverless in {region}."
    price = _known(lambda: services.customization.price(recipe))
    cost = price.text if price else "price unknown"
    return f"serverless: {cost}."


def _on_instances_text(spec: ModelSpec, recipe: Recipe, region: str) -> str:
    """Return how the recipe runs on the types below, or why it does not."""
    if not recipe.image_in(region):
        return f"{recipe.title} is not offered on instances in {region}."
    if why := refusal(spec, recipe.technique):
        return why
    count = f", {recipe.instance_count} at once" if recipe.instance_count > 1 else ""
    return f"On these types{count}: jsft plan {spec.model_id} --technique {recipe.technique.value} --instance TYPE"


def _known(ask: Callable[[], T]) -> T | None:
    try:
        return ask()
    except Problem:
        return None  # not allowed to see it: unknown, reported below the table


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
