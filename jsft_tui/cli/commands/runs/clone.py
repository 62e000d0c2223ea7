"""`jsft clone`."""

from __future__ import annotations

from pathlib import Path

import click

from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.options import global_options
from jsft_tui.cli.output import print_json, say
from jsft_tui.cli.run_files import RUN_FILE, write_run_file
from jsft_tui.core.common.errors import usage
from jsft_tui.core.request.rerun.resume import SAME_CLASSES
from jsft_tui.core.run.run_file import dump_run, run_document


@click.command("clone")
@click.argument("name")
@click.option("-o", "--output", "path", type=RUN_FILE, help="Write to this file instead of stdout.")
@click.option("--force", is_flag=True, help="Overwrite the file.")
@click.option("--fix", is_flag=True, help="Apply the suggested fix for the failure and show what it changes.")
@click.option("--continue", "continue_from", is_flag=True, help="Continue from the job's model (incremental training).")
@global_options
@click.pass_context
def command(context: click.Context, name: str, path: Path | None, force: bool, fix: bool, continue_from: bool) -> None:
    """Write an existing JumpStart job as a run file.

    The run has a new name. Settings that a run file cannot express are omitted and listed.
    """
    if fix and continue_from:
        why = "--fix and --continue exclude each other: a failed job left no model."
        raise usage("BadUsage", why, "Use one of them.")
    services = open_services(context)
    if fix:
        fixed = services.fixed_clone(name)
        say(f"Changed: {fixed.change}")
        run, note = fixed.run, fixed.note
    else:
        cloned = services.continued(name) if continue_from else services.clone(name)
        run, note = cloned.run, cloned.note
    if note:
        say(note)
    if continue_from:
        say(f"Continues from {run.model.artifact}. {SAME_CLASSES}.")
    if path is None and options_of(context).json:
        print_json(run_document(run))
        return
    write_run_file(context, dump_run(run), run, path, force=force)
