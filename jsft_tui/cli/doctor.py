"""`jsft doctor`."""

from __future__ import annotations

import click

from jsft_tui.cli.options import global_options
from jsft_tui.cli.output import EXIT_CODES, finding_lines, print_json
from jsft_tui.cli.workbench import open_workbench, options_of
from jsft_tui.core.errors import Problem, ProblemKind
from jsft_tui.core.findings import Level, verdict
from jsft_tui.services.doctor import Diagnosis, examine_installation, examine_target


@click.command()
@global_options
@click.pass_context
def doctor(context: click.Context) -> None:
    """Who am I, what may I do, what is missing? Nothing is written."""
    found = list(examine_installation())
    try:
        found += examine_target(open_workbench(context))
    except Problem as problem:
        if problem.kind is ProblemKind.USAGE and problem.code == "BadUsage":
            raise
        found.append(Diagnosis("target", Level.BLOCK, problem.message, problem.remedy))
    if options_of(context).json:
        rows = [
            {"subject": d.subject, "level": d.level.value, "message": d.message, "remedy": d.remedy or None}
            for d in found
        ]
        print_json({"verdict": verdict(d.level for d in found).value, "findings": rows})
    else:
        for diagnosis in found:
            for line in finding_lines(diagnosis.level, diagnosis.subject, diagnosis.message, diagnosis.remedy):
                click.echo(line)
    if verdict(d.level for d in found) is Level.BLOCK:
        context.exit(EXIT_CODES[ProblemKind.REFUSED])


COMMANDS = {"doctor": doctor}
