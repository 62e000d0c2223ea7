"""`jsft models`."""

from __future__ import annotations

import click

from jsft_tui.cli.console.output import bar, print_json, say, table
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.json_documents import card_document
from jsft_tui.cli.options import global_options
from jsft_tui.cli.run_options.recipe_options import technique_of
from jsft_tui.core.catalog.cards import ModelCard, search
from jsft_tui.core.catalog.task import Task, find_task
from jsft_tui.core.common.errors import usage
from jsft_tui.core.common.text import plural
from jsft_tui.core.sizing.model_card import card_notes
from jsft_tui.services.session.services import Services


@click.command("models")
@click.argument("query", nargs=-1)
@click.option("--task", "task_name", metavar="TASK", help="Only this task, for example image-classification or ic.")
@click.option("--technique", metavar="NAME", help="Only models with recipes for it: SFT, DPO, RLVR, RLAIF.")
@click.option("--all", "show_all", is_flag=True, help="Include models that cannot be fine-tuned.")
@click.option("--runnable", is_flag=True, help="Only models that the sandbox can train.")
@global_options
@click.pass_context
def command(
    context: click.Context,
    query: tuple[str, ...],
    task_name: str | None,
    technique: str | None,
    show_all: bool,
    runnable: bool,
) -> None:
    """List models that can be fine-tuned.

    QUERY: words in the id, task or framework.
    """
    task = _task(task_name)
    wanted = technique_of(technique).value if technique else None
    services = open_services(context)
    cards = _cards(services)
    found = [card for card in search(cards, " ".join(query), task) if show_all or card.fine_tunable]
    if wanted:
        found = [card for card in found if wanted in card.techniques]
    if runnable:
        found = [card for card in found if card.sandbox_runnable]
    if options_of(context).json:
        region = services.target.region
        print_json([{**card_document(card), "techniques_here": list(card.techniques_in(region))} for card in found])
        return
    region = services.target.region
    rows = [
        (card.model_id, card.version, card.task.abbreviation, card.framework, _notes(card, region)) for card in found
    ]
    if rows:
        table(("MODEL", "VERSION", "TASK", "FRAMEWORK", "NOTES"), rows)
    tunable = sum(card.fine_tunable for card in cards)
    here = sum(bool(card.sandbox_runnable) for card in cards)
    trains = f", {here:,} train here and the others are to look at" if services.target.sandbox else ""
    say(f"{len(found):,} of {tunable:,} fine-tunable, {len(cards):,} total ({services.target.label}){trains}.")


def _notes(card: ModelCard, region: str) -> str:
    """Return the notes of a card, and that a region does not offer the recipes of a model that has no other way."""
    elsewhere = "" if card.is_trainable_in(region) or not card.recipes else f"not in {region}"
    return ", ".join(filter(None, (card_notes(card), elsewhere)))


def _cards(services: Services) -> list[ModelCard]:
    seen = 0
    with bar("catalog", services.catalog.cards_to_fetch()) as advance:

        def on_progress(done: int, _: int) -> None:
            nonlocal seen
            advance(done - seen)
            seen = done

        cards = services.catalog.cards(on_progress)
    if services.catalog.stale:
        say(f"From the cache: {services.catalog.stale.message}")
    if left_out := services.catalog.left_out:
        say(f"{plural(len(left_out), 'model')} skipped: {left_out[0].message}")
    return cards


def _task(name: str | None) -> Task | None:
    if name is None:
        return None
    task = find_task(name)
    if task is None:
        known = ", ".join(f"{task.value} ({task.abbreviation})" for task in Task)
        raise usage("UnknownTask", f"there is no task {name!r}.", f"Known: {known}.")
    return task
