"""`jsft compare`."""

from __future__ import annotations

import time

import click

from jsft_tui.cli.commands.follow import say_unused
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.options import global_options
from jsft_tui.cli.output import print_json, table
from jsft_tui.core.common.errors import usage
from jsft_tui.core.common.text import clean, fit
from jsft_tui.core.jobs.comparison import FEWEST, MOST, as_csv, compare, differing, unused_definitions

WIDEST = 36
"""Cells of a value in the table; CSV and JSON have it whole."""


@click.command("compare")
@click.argument("names", nargs=-1, required=True, metavar="NAME NAME...")
@click.option("--all", "show_all", is_flag=True, help="Also what is the same for all.")
@click.option("--csv", "as_table", is_flag=True, help="As CSV, with all rows.")
@global_options
@click.pass_context
def compare_jobs(context: click.Context, names: tuple[str, ...], show_all: bool, as_table: bool) -> None:
    """Two to six jobs side by side: what was set differently, what it cost, how good each became."""
    if not FEWEST <= len(set(names)) <= MOST:
        raise usage("BadUsage", f"compare takes {FEWEST} to {MOST} different jobs.", "See which there are: jsft jobs")
    services = open_services(context)
    jobs = [services.jobs.with_metrics(name) for name in dict.fromkeys(names)]
    say_unused(unused_definitions(jobs))
    rows = compare(jobs, services.prices.table(), time.time())
    titles = [each.job.name for each in jobs]
    if options_of(context).json:
        print_json(
            [{"label": r.label, "differs": r.differs, "values": dict(zip(titles, r.values, strict=True))} for r in rows]
        )
    elif as_table:
        click.echo(as_csv(titles, rows), nl=False)
    else:
        shown = rows if show_all else differing(rows)
        table(("", *titles), [(clean(r.label), *(fit(clean(v), WIDEST) for v in r.values)) for r in shown])


COMMANDS = {"compare": compare_jobs}
