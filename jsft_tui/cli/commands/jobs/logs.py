"""`jsft logs`."""

from __future__ import annotations

import click

from jsft_tui.cli.console.output import print_json_list, print_lines, say
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.following.job import follow_job, job_problem, print_output
from jsft_tui.cli.options import global_options
from jsft_tui.core.common.errors import usage
from jsft_tui.core.jobs.training_job import TrainingJob, iso


@click.command("logs")
@click.argument("name")
@click.option("-f", "--follow", is_flag=True, help="Follow the log until the job ends.")
@global_options
@click.pass_context
def command(context: click.Context, name: str, follow: bool) -> None:
    """Show a job's log."""
    as_json = options_of(context).json
    if follow and as_json:
        raise usage("BadUsage", "--follow and --json exclude each other here.", "Use: jsft launch --follow --json")
    services = open_services(context)
    if follow:
        job = follow_job(services, name)
        print_output(job, services)
        if problem := job_problem(job):
            raise problem
        return
    lines = services.jobs.log(name)
    if as_json:
        print_json_list({"time": iso(line.time), "stream": line.stream, "message": line.text} for line in lines)
        return
    if not print_lines(line.text for line in lines):
        say(_why_empty(services.jobs.get(name)))


def _why_empty(job: TrainingJob) -> str:
    if not job.status.is_final:
        return f"{job.name} has not written any log lines yet."
    # CloudWatch Logs deletes a log when its retention ends; SageMaker makes it when the container starts.
    return f"{job.name} is {job.status.value}; it wrote no log lines, or its log has been deleted."
