"""`jsft stop`."""

from __future__ import annotations

import sys

import click

from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.options import global_options
from jsft_tui.cli.output import print_json, say
from jsft_tui.cli.prompts import confirm
from jsft_tui.core.jobs.training_job import JobStatus
from jsft_tui.services.jobs.training_jobs import stopping


@click.command("stop")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@global_options
@click.pass_context
def command(context: click.Context, name: str, yes: bool) -> None:
    """Stop a job; it has two minutes to save its model."""
    services = open_services(context)
    job = services.jobs.get(name)
    if (refused := services.jobs.not_stopped(job)) is not None:
        raise refused
    ask = not yes and sys.stdin.isatty() and not options_of(context).json
    if ask and not confirm(f"Stop {name} ({job.secondary_status})?", f"{name} was not stopped."):
        say("Not stopped.")
        return
    services.jobs.stop(name)
    if options_of(context).json:
        print_json({"name": name, "status": JobStatus.STOPPING.value})
    else:
        say(stopping(name))
