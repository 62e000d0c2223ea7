"""`jsft job`."""

from __future__ import annotations

import time

import click

from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.follow import print_output, report_skipped_metrics
from jsft_tui.cli.json_documents import job_document
from jsft_tui.cli.options import global_options
from jsft_tui.cli.output import print_json
from jsft_tui.core.common.durations import clock
from jsft_tui.core.jobs.waiting import waiting


@click.command("job")
@click.argument("name")
@global_options
@click.pass_context
def command(context: click.Context, name: str) -> None:
    """Show one training job: phases, metrics, output, diagnosis."""
    services = open_services(context)
    found = services.jobs.with_metrics(name)
    job, metrics = found.job, found.metrics
    report_skipped_metrics(found.unused)
    if options_of(context).json:
        print_json(job_document(job, metrics, services.prices.table(), time.time()))
        return
    print_output(job, services)
    now = time.time()
    if (waits := waiting(job, now)) is not None:
        click.echo(f"{'Waiting':<19}{waits.text}")
    for phase in job.transitions:
        click.echo(f"  {phase.status:<14}{clock(phase.seconds(now)):>8}  {phase.message}")
    for metric, points in metrics.items():
        values = [value for _, value in points]
        click.echo(f"  {metric}: last {values[-1]:g}, lowest {min(values):g}, highest {max(values):g} ({len(values)})")
