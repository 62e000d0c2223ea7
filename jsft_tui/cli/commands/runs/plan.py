"""`jsft plan`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.options import global_options, setting, settings_option
from jsft_tui.cli.output import print_json
from jsft_tui.cli.run_files import RUN_FILE, write_run_file
from jsft_tui.core.catalog.spec import ModelSpec
from jsft_tui.core.common.errors import usage
from jsft_tui.core.hyperparameters.rules import refuse_wrong
from jsft_tui.core.run.name import GRAMMAR, suggest
from jsft_tui.core.run.run import DEFAULT_DATA, Run
from jsft_tui.core.run.run_file import dump_run, run_document
from jsft_tui.core.sizing.names import refuse_unknown_type
from jsft_tui.core.storage.uri import S3Uri


@click.command("plan")
@click.argument("model_id", metavar="MODEL")
@click.option("--model-version", default="*", metavar="VERSION", help="A version, or a pattern like 2.*")
@click.option("--name", default="", help="Training job name (default: made from the model's name).")
@click.option("--data", metavar="URI", help="S3 URI of the training data (default: the model's own dataset).")
@click.option("--instance", metavar="TYPE", help="The instance type.")
@settings_option
@click.option("-o", "--output", "path", type=RUN_FILE, help="Write to this file instead of stdout.")
@click.option("--force", is_flag=True, help="Overwrite the file.")
@global_options
@click.pass_context
def command(
    context: click.Context,
    model_id: str,
    model_version: str,
    name: str,
    data: str | None,
    instance: str | None,
    settings: tuple[str, ...],
    path: Path | None,
    force: bool,
) -> None:
    """Write a run file with defaults for a model."""
    if name and not GRAMMAR.fullmatch(name):
        offer = f"Use {suggest(name)!r}, for example." if suggest(name) else ""
        raise usage("BadName", f"{name!r} is not a valid job name: use 1 to 63 letters, digits and hyphens.", offer)
    services = open_services(context)
    run, spec = services.first_run(model_id, model_version, name)
    run = replace(
        run,
        data={"training": str(S3Uri.parse(data))} if data and data != DEFAULT_DATA else {},
        instance=replace(run.instance, type=instance or run.instance.type),
        hyperparameters={**run.hyperparameters, **dict(map(setting, settings))},
    )
    if instance:
        refuse_unknown_type(instance, spec)
    if settings:
        refuse_wrong(run, spec)
    if path is None and options_of(context).json:
        print_json(run_document(run))
        return
    write_run_file(context, dump_run(run) + _other_hyperparameters(run, spec), run, path, force=force)


def _other_hyperparameters(run: Run, spec: ModelSpec) -> str:
    others = [declared for declared in spec.algorithm_hyperparameters if declared.name not in run.hyperparameters]
    if not others:
        return ""
    lines = [f"#   {d.name}: {d.default_text}" + (f"  # {d.allowed}" if d.allowed else "") for d in others]
    return "\n".join(["# Further hyperparameters of this model, with their defaults:", *lines, ""])
