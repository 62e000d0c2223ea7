"""`jsft clone`."""

from __future__ import annotations

from pathlib import Path

import click

from jsft_tui.cli.console.output import print_json, say
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.options import global_options
from jsft_tui.cli.run_options.run_files import RUN_FILE, write_run_file
from jsft_tui.core.common.errors import Problem, usage
from jsft_tui.core.request.rerun.clone import ClonedRun
from jsft_tui.core.request.rerun.resume import SAME_CLASSES
from jsft_tui.core.run.file.run_file import dump_run, run_document
from jsft_tui.core.run.run import Run
from jsft_tui.services.session.services import Services


@click.command("clone")
@click.argument("name")
@click.option("-o", "--output", "path", type=RUN_FILE, help="Write to this file instead of stdout.")
@click.option("--force", is_flag=True, help="Overwrite the file.")
@click.option("--fix", is_flag=True, help="Apply the suggested fix for the failure and show what it changes.")
@click.option("--continue", "continue_from", is_flag=True, help="Continue from the job's model (incremental training).")
@click.option("--best", is_flag=True, help="NAME is a search: write its best trial as a run.")
@click.option("--warm-start", "is_warm", is_flag=True, help="NAME is a search: write a search that learns from it.")
@global_options
@click.pass_context
def command(
    context: click.Context,
    name: str,
    path: Path | None,
    force: bool,
    fix: bool,
    continue_from: bool,
    best: bool,
    is_warm: bool,
) -> None:
    """Write an existing JumpStart job, or a search, as a run file.

    The run has a new name. Settings that a run file cannot express are omitted and listed.
    """
    if sum((fix, continue_from, best, is_warm)) > 1:
        why = "--fix, --continue, --best and --warm-start exclude each other."
        raise usage("BadUsage", why, "Use one of them.")
    services = open_services(context)
    if fix:
        fixed = services.reruns.fixed_clone(name)
        say(f"Changed: {fixed.change}")
        run, note = fixed.run, fixed.note
    else:
        cloned = (
            services.reruns.continued(name) if continue_from else _cloned(services, name, best=best, is_warm=is_warm)
        )
        run, note = cloned.run, cloned.note
    if note:
        say(note)
    if continue_from:
        say(_continues(run))
    if path is None and options_of(context).json:
        print_json(run_document(run))
        return
    write_run_file(context, dump_run(run), run, path, force=force)


def _cloned(services: Services, name: str, *, best: bool, is_warm: bool) -> ClonedRun:
    if best:
        best_trial = services.searches.best_of(services.searches.get(name))
        return services.reruns.clone(best_trial.name)
    if is_warm:
        return services.searches.cloned(services.searches.get(name), services.catalog, is_warm=True)
    try:
        return services.reruns.clone(name)
    except Problem as problem:
        search = services.searches.find(name).search if problem.code == "NoSuchJob" else None
        if search is None:
            raise
        return services.searches.cloned(search, services.catalog)


def _continues(run: Run) -> str:
    if run.customization is not None:
        return f"Continues from {run.customization.source_model_package}."
    return f"Continues from {run.model.artifact}. {SAME_CLASSES}."
