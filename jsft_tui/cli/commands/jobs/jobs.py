"""`jsft jobs`."""

from __future__ import annotations

import time

import click

from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.options import global_options
from jsft_tui.cli.output import print_json, say, status_word, table
from jsft_tui.core.common.errors import usage
from jsft_tui.core.common.text import did_you_mean
from jsft_tui.core.jobs.columns import JobRow, Layout, columns_of, job_row_document
from jsft_tui.core.jobs.training_job import JobStatus

_PRINTED = columns_of(Layout.PRINTED)


@click.command("jobs")
@click.option("--status", "status_name", metavar="STATUS", help="Only jobs with this status, for example Failed.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="Maximum number of jobs.")
@global_options
@click.pass_context
def command(context: click.Context, status_name: str | None, limit: int) -> None:
    """List training jobs, newest first."""
    status = _status(status_name)
    services = open_services(context)
    found = services.jobs.newest(status, limit)
    prices, now = services.prices.table(), time.time()
    rows = [JobRow(job, prices, now) for job in found]
    if options_of(context).json:
        print_json([job_row_document(row) for row in rows])
    elif rows:
        numbers = [place for place, column in enumerate(_PRINTED) if column.is_number]
        table([column.header for column in _PRINTED], list(map(_cells, rows)), right=numbers)
    else:
        say("No matching training jobs.")


def _status(name: str | None) -> JobStatus | None:
    if name is None:
        return None
    known = {status.value.lower(): status for status in JobStatus if status is not JobStatus.UNKNOWN}
    status = known.get(name.lower().replace("-", "").replace("_", ""))
    if status is None:
        names = [found.value for found in known.values()]
        hint = did_you_mean(name, names) or f"Known: {', '.join(names)}."
        raise usage("UnknownStatus", f"there is no status {name!r}.", hint)
    return status


def _cells(row: JobRow) -> list[str]:
    return [
        status_word(row.job.status) if column.key == "status" else column.text(row) or column.unknown
        for column in _PRINTED
    ]
