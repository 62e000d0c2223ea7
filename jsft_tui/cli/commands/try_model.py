"""`jsft try`."""

from __future__ import annotations

import click

from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.options import global_options
from jsft_tui.cli.output import print_json, table
from jsft_tui.core.common.text import clean
from jsft_tui.services.session.prediction import try_model


@click.command("try")
@click.argument("name")
@click.argument("item", metavar="ITEM")
@global_options
@click.pass_context
def try_job(context: click.Context, name: str, item: str) -> None:
    """Ask the model of a job in the sandbox about ITEM: labels with their probabilities.

    ITEM is a sentence, the features of a row as numbers with commas between, or the file of a picture, by the
    model's task. What begins with a minus goes behind two of them: jsft try NAME -- -1,2

    Models of a real account need their own container and are refused here.
    """
    labels = try_model(open_services(context), name, item)
    if options_of(context).json:
        print_json([{"label": label, "probability": probability} for label, probability in labels])
    else:
        table(("PROBABILITY", "LABEL"), [(f"{each:.4f}", clean(label)) for label, each in labels], right=(0,))


COMMANDS = {"try": try_job}
