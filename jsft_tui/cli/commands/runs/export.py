"""`jsft export`."""

from __future__ import annotations

from pathlib import Path

import click

from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.options import global_options
from jsft_tui.cli.output import print_json
from jsft_tui.cli.run_files import RUN_FILE, read_run
from jsft_tui.core.common.errors import usage
from jsft_tui.core.request.export import export_formats
from jsft_tui.core.request.export.past_job import past_request
from jsft_tui.services.preflight.run import checked_request


@click.command("export")
@click.argument("path", metavar="RUN.yaml", type=RUN_FILE, required=False)
@click.option("--job", "name", metavar="NAME", help="An existing training job instead of a run file.")
@click.option(
    "--as",
    "form",
    type=click.Choice(list(export_formats())),
    default="json",
    show_default=True,
    help="Output format.",
)
@global_options
@click.pass_context
def command(context: click.Context, path: Path | None, name: str | None, form: str) -> None:
    """Write the request of a run or an existing job as code."""
    if (path is None) == (name is None):
        raise usage(
            "BadUsage", "export takes a run file, or --job NAME.", "For example: jsft export run.yaml --as boto3"
        )
    run = read_run(path) if path is not None else None
    services = open_services(context)
    request = checked_request(services.plan(run)) if run is not None else past_request(services.jobs.get(name or ""))
    text = export_formats()[form].write(request, services.target.region)
    if options_of(context).json:
        print_json({"form": form, "text": text})
    else:
        click.echo(text, nl=False)
