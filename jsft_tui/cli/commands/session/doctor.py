"""`jsft doctor`."""

from __future__ import annotations

from collections.abc import Iterator

import click

from jsft_tui.cli.console.output import EXIT_CODES, for_this_target, print_finding, print_json
from jsft_tui.cli.context import config_of, open_services, options_of
from jsft_tui.cli.options import GlobalOptions, global_options
from jsft_tui.core.common.errors import Problem, ProblemKind
from jsft_tui.core.common.findings import Level, verdict
from jsft_tui.core.common.text import plural
from jsft_tui.paths import Paths
from jsft_tui.services.session.doctor import Diagnosis, examine_installation, examine_target

BAD_CONFIG = "BadConfig"
"""Problem code of invalid settings."""


@click.command("doctor")
@global_options
@click.pass_context
def command(context: click.Context) -> None:
    """Check the installation, credentials and permissions.

    Nothing is written.
    """
    found = [*examine_installation(), *_examine_settings(options_of(context))]
    try:
        found += examine_target(open_services(context))
    except Problem as problem:
        if problem.kind is ProblemKind.USAGE and problem.code == "BadUsage":
            raise
        if problem.code != BAD_CONFIG:  # reported already
            found.append(Diagnosis("target", Level.BLOCK, problem.message, problem.remedy))
    if options_of(context).json:
        rows = [
            {
                "subject": each.subject,
                "level": each.level.value,
                "message": each.message,
                "remedy": for_this_target(each.remedy) or None,
            }
            for each in found
        ]
        print_json({"verdict": verdict(d.level for d in found).value, "findings": rows})
    else:
        for diagnosis in found:
            print_finding(diagnosis.level, diagnosis.subject, diagnosis.message, diagnosis.remedy)
    if verdict(d.level for d in found) is Level.BLOCK:
        context.exit(EXIT_CODES[ProblemKind.REFUSED])


def _examine_settings(options: GlobalOptions) -> Iterator[Diagnosis]:
    """Check the settings file and the keys in it."""
    paths = Paths.from_environment()
    file = options.config or paths.config_file
    try:
        config = config_of(options, paths)
    except Problem as problem:
        yield Diagnosis("settings", Level.BLOCK, problem.message, problem.remedy)
        return
    there = f"{file}." if file.exists() else f"{file} does not exist: all settings have their defaults."
    yield Diagnosis("settings", Level.PASS, there)
    if not config.keys or options.check_keys is None:
        return
    try:
        options.check_keys(config.keys, file)
    except Problem as problem:
        yield Diagnosis("keys", Level.BLOCK, problem.message, problem.remedy)
    else:
        yield Diagnosis("keys", Level.PASS, f"{plural(len(config.keys), 'action')} with custom keys.")
