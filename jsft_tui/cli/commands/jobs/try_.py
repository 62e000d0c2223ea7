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
def command(context: click.Context, name: str, item: str) -> None:
    """Predict with a model from the sandbox.

    ITEM is a text, the features of a row as comma-separated numbers, or an image file, depending on the model's task.
    Put an ITEM that begins with a minus after two of them: jsft try NAME -- -1,2

    Prints labels with their probabilities. Models of a real account need their own container and are refused here.
    """
    labels = try_model(open_services(context), name, item)
    if options_of(context).json:
        print_json([{"label": label, "probability": probability} for label, probability in labels])
    else:
        table(("PROBABILITY", "LABEL"), [(f"{each:.4f}", clean(label)) for label, each in labels], right=(0,))
