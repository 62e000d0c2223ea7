"""`jsft jobs`."""

from __future__ import annotations

import time

import click

from jsft_tui.cli.console.output import Part, print_json, say, status_word, table
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.options import GlobalOptions, global_options, parse_status
from jsft_tui.cli.results import running_line
from jsft_tui.cli.results.settled import settle_launches
from jsft_tui.core.common.errors import usage
from jsft_tui.core.jobs.columns import PRINTED, SPARE, JobRow, job_row_document
from jsft_tui.core.jobs.training_job import JobStatus


@click.command("jobs")
@click.option("--status", "status_name", metavar="STATUS", help="Only jobs with this status, for example Failed.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="Maximum number of jobs.")
@click.option("--watch", "is_watched", is_flag=True, help="Show the running jobs in one line, until ctrl+c.")
@click.option(
    "--format",
    "layout",
    type=click.Choice(["table", "tmux"]),
    default="table",
    help="tmux: print the running jobs once, in one line, for a status line.",
)
@click.option("--refresh", is_flag=True, hidden=True, help="Update what --format tmux prints, and print nothing.")
@global_options
@click.pass_context
def command(
    context: click.Context, status_name: str | None, limit: int, is_watched: bool, layout: str, refresh: bool
) -> None:
    """List training jobs, newest first."""
    if is_watched or layout == "tmux":
        _refuse_json(options_of(context))
    if refresh:
        running_line.refresh(options_of(context))
    elif layout == "tmux":
        running_line.print_for_tmux(options_of(context))
    elif is_watched:
        running_line.watch(open_services(context))
    else:
        _list(context, parse_status(JobStatus, status_name), limit)


def _refuse_json(options: GlobalOptions) -> None:
    if options.json:
        raise usage("BadUsage", "a line for people has no JSON document.", "Use: jsft jobs --json")


def _list(context: click.Context, status: JobStatus | None, limit: int) -> None:
    services = open_services(context)
    settle_launches(services)
    found = services.jobs.newest(status, limit)
    prices, now = services.prices.table(), time.time()
    rows = [JobRow(job, prices, now) for job in found]
    if options_of(context).json:
        print_json([job_row_document(row) for row in rows])
    elif rows:
        numbers = [place for place, column in enumerate(PRINTED) if column.is_number]
        spare = [place for key in SPARE for place, column in enumerate(PRINTED) if column.key == key]
        table([column.header for column in PRINTED], list(map(_cells, rows)), right=numbers, spare=spare)
    else:
        say("No matching training jobs.")


def _cells(row: JobRow) -> list[Part]:
    return [
        status_word(row.job.status) if column.key == "status" else column.text(row) or column.unknown
        for column in PRINTED
    ]
