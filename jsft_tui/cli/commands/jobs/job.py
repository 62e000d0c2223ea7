"""`jsft job`."""

from __future__ import annotations

import time

import click

from jsft_tui.cli.console.output import for_target, labeled, out, print_json, print_lines
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.following.job import print_output, report_skipped_metrics
from jsft_tui.cli.json_documents import job_document
from jsft_tui.cli.options import GlobalOptions, global_options
from jsft_tui.core.common.durations import clock
from jsft_tui.core.jobs.customization.customization_job import customization_job
from jsft_tui.core.jobs.phases.waiting import waiting
from jsft_tui.core.jobs.reports.summary import Summary


@click.command("job")
@click.argument("name")
@click.option("--summary", "is_summary", is_flag=True, help="Print a few lines of plain text, to paste into a chat.")
@global_options
@click.pass_context
def command(context: click.Context, name: str, is_summary: bool) -> None:
    """Show one training job: phases, metrics, output, diagnosis."""
    services = open_services(context)
    found = services.jobs.with_metrics(name)
    job, metrics = found.job, found.metrics
    report_skipped_metrics(found.unused)
    if is_summary:
        _print_summary(services.summaries.of(found, time.time()), options_of(context))
        return
    if options_of(context).json:
        document = job_document(job, metrics, services.prices.table(), time.time())
        if (customization := customization_job(job)) is not None:
            cost = services.customization.costs.of(job, customization)
            document |= {"cost_usd": cost.usd, "cost_reasoning": cost.reasoning}
        print_json(document)
        return
    print_output(job, services)
    now = time.time()
    if (waits := waiting(job, now)) is not None:
        labeled("Waiting", waits.text)
    for phase in job.transitions:
        out(f"  {phase.status:<14}{clock(phase.seconds(now)):>8}  {phase.message}")
    for metric, points in metrics.items():
        values = [value for _, value in points]
        out(f"  {metric}: last {values[-1]:g}, lowest {min(values):g}, highest {max(values):g} ({len(values)})")


def _print_summary(summary: Summary, options: GlobalOptions) -> None:
    if options.json:
        print_json(summary.document)
    else:
        print_lines(for_target(summary.text, options).splitlines())
