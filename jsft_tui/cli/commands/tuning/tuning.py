"""`jsft tuning`."""

from __future__ import annotations

import time

import click

from jsft_tui.cli.console.output import EXIT_CODES, out, print_json, say
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.options import global_options
from jsft_tui.cli.results.search_output import follow_search, print_search, search_problem
from jsft_tui.core.tuning.documents import search_document


@click.command("tuning")
@click.argument("name")
@click.option("-f", "--follow", is_flag=True, help="Follow the search until it ends, with at most six calls a minute.")
@global_options
@click.pass_context
def command(context: click.Context, name: str, follow: bool) -> None:
    """Show one search: its trials, the best first, and its cost."""
    services = open_services(context)
    as_json = options_of(context).json
    search = follow_search(services, name, say if as_json else out) if follow else services.searches.whole(name)
    if as_json:
        print_json(search_document(search, services.prices.table(), time.time()))
    else:
        print_search(search, services)
    if follow and (problem := search_problem(search)):
        if as_json:
            raise click.exceptions.Exit(EXIT_CODES[problem.kind])
        raise problem
