"""`jsft export`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import click

from jsft_tui.cli.console.output import print_document, print_json
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.options import global_options
from jsft_tui.cli.run_options.run_files import RUN_FILE, read_run
from jsft_tui.core.common.errors import usage
from jsft_tui.core.common.escapes import Escape, code_escape
from jsft_tui.core.request.export import export_formats
from jsft_tui.core.request.export.past_job import past_request
from jsft_tui.core.request.recipe_job import launch_files
from jsft_tui.core.tuning.results.past_search import past_search
from jsft_tui.services.preflight.run import checked_request
from jsft_tui.services.session.services import Services

RECIPE = "recipe"
"""The form that writes the rendered recipe instead of the request."""


@click.command("export")
@click.argument("path", metavar="RUN.yaml", type=RUN_FILE, required=False)
@click.option("--job", "name", metavar="NAME", help="An existing job or search instead of a run file.")
@click.option(
    "--as",
    "form",
    type=click.Choice([*export_formats(), RECIPE]),
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
    plan = services.planning.plan(run) if run is not None else None
    request = checked_request(plan) if plan is not None else _past(services, name or "")
    files = launch_files(plan.run, plan.spec) if plan is not None else {}
    text, escape = _written(form, request, services.target.region, files)
    if options_of(context).json:
        print_json({"form": form, "text": text})
    else:
        print_document(text, escape)


def _written(form: str, request: Mapping[str, Any], region: str, files: Mapping[str, str]) -> tuple[str, Escape]:
    """Return the text of a form, and the escape of its language."""
    if form == RECIPE:
        return _recipe(files), code_escape
    chosen = export_formats()[form]
    return chosen.write(request, region, files), chosen.escape


def _recipe(files: Mapping[str, str]) -> str:
    """Return the recipe of a job on instances, which is a file beside its request."""
    if not files:
        why = "there is no recipe to write: only the run file of a customization on instances has one."
        raise usage("NoRecipe", why, "Choose another form.")
    return next(iter(files.values()))


def _past(services: Services, name: str) -> dict[str, Any]:
    found = services.searches.find(name)
    if found.search is not None:
        return past_search(found.search)
    return past_request(found.job or services.jobs.get(name))
