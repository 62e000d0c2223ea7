"""`jsft transforms`."""

from __future__ import annotations

import time

import click
import humanize

from jsft_tui.cli.console.output import print_json, print_json_list, print_lines, say, table
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.options import global_options
from jsft_tui.cli.results.search_output import status_part
from jsft_tui.cli.results.transform_output import follow_transform, print_transform
from jsft_tui.core.common.errors import usage
from jsft_tui.core.jobs.training_job import iso
from jsft_tui.core.serving.transform.job import transform_document
from jsft_tui.services.session.services import Services


@click.command("transforms")
@click.argument("name", required=False)
@click.option("-f", "--follow", is_flag=True, help="Follow NAME until it ends, then delete the model made for it.")
@click.option("--logs", is_flag=True, help="Show the log of NAME instead.")
@click.option("--clean", is_flag=True, help="Delete the models that jsft made for transform jobs that have ended.")
@click.option("--limit", type=click.IntRange(1), default=20, show_default=True, help="Maximum number of jobs.")
@global_options
@click.pass_context
def command(context: click.Context, name: str | None, follow: bool, logs: bool, clean: bool, limit: int) -> None:
    """List batch transform jobs, or show one of them.

    jsft stop NAME stops one.
    """
    if name is None and (follow or logs):
        raise usage("BadUsage", "--follow and --logs need the NAME of a transform job.", "List them: jsft transforms")
    services, as_json = open_services(context), options_of(context).json
    if clean:
        _clean(context, services, limit)
    elif name is None:
        _list(context, services, limit)
    elif logs:
        lines = services.transforming.log(name)
        if as_json:
            print_json_list({"time": iso(line.time), "stream": line.stream, "message": line.text} for line in lines)
        elif not print_lines(line.text for line in lines):
            say(f"{name} has not written any log lines.")
    elif follow:
        follow_transform(context, services, name)
    else:
        print_transform(context, services, services.account.transforms.describe(name))


def _list(context: click.Context, services: Services, limit: int) -> None:
    found, now = services.account.transforms.newest(limit), time.time()
    if options_of(context).json:
        print_json([transform_document(job, {}, now) for job in found])
    elif found:
        rows = [
            (job.name, status_part(job.status.as_status, job.status.value), humanize.naturaltime(now - job.created))
            for job in found
        ]
        table(("NAME", "STATUS", "CREATED"), rows)
    else:
        say("No transform jobs.")


def _clean(context: click.Context, services: Services, limit: int) -> None:
    names = [job.name for job in services.account.transforms.newest(limit) if job.status.is_final]
    deleted = [
        job.model for job in map(services.account.transforms.describe, names) if services.transforming.delete_model(job)
    ]
    if options_of(context).json:
        print_json({"deleted": deleted})
    else:
        for name in deleted:
            say(f"Deleted the model {name}.")
        if not deleted:
            say("No models of transform jobs that have ended.")
