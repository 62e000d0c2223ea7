"""`jsft plan`."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import click

from jsft_tui.cli.console.output import print_json
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.options import global_options, setting, settings_option
from jsft_tui.cli.run_options.recipe_options import customization_of, recipe_options
from jsft_tui.cli.run_options.run_files import RUN_FILE, write_run_file
from jsft_tui.cli.run_options.tune_options import SearchOptions, tune_options, tuning_of
from jsft_tui.core.catalog.spec.spec import ModelSpec
from jsft_tui.core.common.errors import usage
from jsft_tui.core.customization.customization import SERVERLESS
from jsft_tui.core.hyperparameters.rules import refuse_wrong
from jsft_tui.core.run.file.run_file import commented_defaults, dump_run, run_document
from jsft_tui.core.run.name import (
    GRAMMAR,
    MAX_NAME,
    MAX_TUNING_NAME,
    TUNING_GRAMMAR,
    suggest,
    suggest_tuning_name,
    tuning_name,
)
from jsft_tui.core.run.run import DEFAULT_DATA, Run
from jsft_tui.core.sizing.customization import placed
from jsft_tui.core.sizing.names import refuse_unknown_type
from jsft_tui.core.storage.uri import S3Uri


@click.command("plan")
@click.argument("model_id", metavar="MODEL")
@click.option("--model-version", default="*", metavar="VERSION", help="A version, or a pattern like 2.*")
@click.option("--name", default="", help="Training job name (default: made from the model's name).")
@click.option("--data", metavar="URI", help="S3 URI of the training data (default: the model's own dataset).")
@click.option("--instance", metavar="TYPE", help="The instance type.")
@recipe_options
@click.option("--serverless", is_flag=True, help="A customization whose instances SageMaker chooses (the default).")
@click.option("--group", default="", metavar="NAME", help="Model package group that a customization registers with.")
@settings_option
@tune_options
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
    technique: str | None,
    adapter: str | None,
    sequence_length: str,
    serverless: bool,
    group: str,
    settings: tuple[str, ...],
    search: SearchOptions,
    path: Path | None,
    force: bool,
) -> None:
    """Write a run file with defaults for a model.

    With --technique: a customization by recipe. Models without a training script have no other way.
    With --tune: a search, in which SageMaker trains the model several times with different values.
    """
    _refuse_bad_name(name, is_search=search != SearchOptions())
    if serverless and instance not in (None, SERVERLESS):
        raise usage("BadUsage", f"--serverless and --instance {instance} exclude each other.", "Use one of them.")
    wanted = customization_of(technique, adapter, sequence_length)
    services = open_services(context)
    run, spec = services.planning.first_run(model_id, model_version, name, wanted)
    _refuse_misplaced(run, serverless=serverless or instance == SERVERLESS, group=group)
    run = replace(
        run,
        data={"training": str(S3Uri.parse(data))} if data and data != DEFAULT_DATA else {},
        instance=run.instance if instance is None else placed(run.instance, instance, spec),
        customization=run.customization and replace(run.customization, model_package_group=group),
        hyperparameters={**run.hyperparameters, **dict(map(setting, settings))},
    )
    if instance and instance != SERVERLESS:
        refuse_unknown_type(instance, spec)
    if settings:
        refuse_wrong(run, spec)
    run = _with_search(run, spec, search, name)
    if path is None and options_of(context).json:
        print_json(run_document(run))
        return
    text = dump_run(run) + commented_defaults(spec.algorithm_hyperparameters, _given(run))
    write_run_file(context, text, run, path, force=force)


def _given(run: Run) -> frozenset[str]:
    """Return the names of the hyperparameters that the run has a value or a range for."""
    return frozenset([*run.hyperparameters, *(run.tuning.ranges if run.tuning is not None else ())])


def _with_search(run: Run, spec: ModelSpec, search: SearchOptions, name: str) -> Run:
    """Return the run as the search that was asked for; unchanged if none was."""
    if run.customization is not None and search != SearchOptions():
        raise usage("BadUsage", "a search trains by the model's training script, not by a recipe.", "Leave --tune out.")
    tuning = tuning_of(search, spec, run.hyperparameters, run.instance.type)
    if tuning is None:
        return run
    values = {key: value for key, value in run.hyperparameters.items() if key not in tuning.ranges}
    own_name = name or tuning_name(spec.resource_name_base or spec.model_id, time.time())
    return replace(run, name=own_name, hyperparameters=values, tuning=tuning)


def _refuse_bad_name(name: str, *, is_search: bool) -> None:
    grammar, nearest = (TUNING_GRAMMAR, suggest_tuning_name) if is_search else (GRAMMAR, suggest)
    if name and not grammar.fullmatch(name):
        offer = f"Use {nearest(name)!r}, for example." if nearest(name) else ""
        longest = MAX_TUNING_NAME if is_search else MAX_NAME
        why = f"{name!r} is not a valid job name: use 1 to {longest} letters, digits and hyphens."
        raise usage("BadName", why, offer)


def _refuse_misplaced(run: Run, *, serverless: bool, group: str) -> None:
    """Refuse options of customizations for a run by the training script.

    Raises:
        Problem: there is one (code `BadUsage`).
    """
    given = "--serverless" if serverless else "--group" if group else ""
    if given and run.customization is None:
        why = f"{given} is for customizations; {run.model.id} would be trained by its script."
        raise usage("BadUsage", why, "Add --technique SFT.")
