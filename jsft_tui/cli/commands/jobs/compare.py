"""`jsft compare`."""

from __future__ import annotations

import time

import click

from jsft_tui.cli.console.output import print_json, print_lines, table
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.following.job import report_skipped_metrics
from jsft_tui.cli.options import global_options
from jsft_tui.core.common.errors import usage
from jsft_tui.core.common.text import clean, fit
from jsft_tui.core.jobs.compare.comparison import MAX_JOBS, MIN_JOBS, as_csv, compare, differing, unused_definitions

WIDEST = 36
"""Cells of a value in the table; CSV and JSON have the whole value."""


@click.command("compare")
@click.argument("names", nargs=-1, required=True, metavar="NAME NAME...")
@click.option("--all", "show_all", is_flag=True, help="Include rows that are the same for all jobs.")
@click.option("--csv", "as_table", is_flag=True, help="Print CSV, with all rows.")
@global_options
@click.pass_context
def command(context: click.Context, names: tuple[str, ...], show_all: bool, as_table: bool) -> None:
    """Compare two to six jobs: settings, cost and metrics."""
    if not MIN_JOBS <= len(set(names)) <= MAX_JOBS:
        raise usage("BadUsage", f"compare takes {MIN_JOBS} to {MAX_JOBS} different jobs.", "List them: jsft jobs")
    services = open_services(context)
    jobs = [services.jobs.with_metrics(name) for name in dict.fromkeys(names)]
    report_skipped_metrics(unused_definitions(jobs))
    rows = compare(jobs, services.prices.table(), time.time())
    titles = [each.job.name for each in jobs]
    if options_of(context).json:
        print_json(
            [{"label": r.label, "differs": r.differs, "values": dict(zip(titles, r.values, strict=True))} for r in rows]
        )
    elif as_table:
        print_lines(as_csv(titles, rows).splitlines())
    else:
        shown = rows if show_all else differing(rows)
        table(("", *titles), [(clean(r.label), *(fit(clean(v), WIDEST) for v in r.values)) for r in shown])
