"""`jsft tunings`."""

from __future__ import annotations

import time

import click
import humanize

from jsft_tui.cli.console.output import Part, print_json, say, table
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.options import global_options, parse_status
from jsft_tui.cli.results.search_output import status_part
from jsft_tui.cli.results.settled import settle_launches
from jsft_tui.core.tuning.documents import summary_document
from jsft_tui.core.tuning.results.tuning_job import TuningStatus, TuningSummary


@click.command("tunings")
@click.option("--status", "status_name", metavar="STATUS", help="Only searches with this status, for example Failed.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="Maximum number of searches.")
@global_options
@click.pass_context
def command(context: click.Context, status_name: str | None, limit: int) -> None:
    """List searches (hyperparameter tuning jobs)."""
    status = parse_status(TuningStatus, status_name)
    services = open_services(context)
    settle_launches(services)
    found = services.searches.newest(status, limit)
    if options_of(context).json:
        print_json(list(map(summary_document, found)))
    elif found:
        now = time.time()
        table(("NAME", "STATUS", "STRATEGY", "TRIALS", "CREATED"), [_cells(row, now) for row in found], right=(3,))
    else:
        say("No matching searches.")


def _cells(row: TuningSummary, now: float) -> tuple[Part, ...]:
    trials = f"{row.counts.ended} of {row.max_jobs}" if row.max_jobs else f"{row.counts.ended}"
    created = humanize.naturaltime(now - row.created)
    return row.name, status_part(row.status.as_status, row.status.value), row.strategy, trials, created
