"""`jsft check`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.json_documents import check_document
from jsft_tui.cli.options import GlobalOptions, global_options
from jsft_tui.cli.output import EXIT_CODES, finding_lines, for_target, print_json, say
from jsft_tui.cli.run_files import RUN_FILE, read_run
from jsft_tui.core.common.errors import ProblemKind
from jsft_tui.core.common.findings import Level, verdict
from jsft_tui.core.common.text import dollars, plural
from jsft_tui.core.preflight.base.check import Finding, Plan
from jsft_tui.core.sizing.pricing import max_cost
from jsft_tui.services.session.services import Services


@click.command("check")
@click.argument("path", metavar="RUN.yaml", type=RUN_FILE)
@global_options
@click.pass_context
def command(context: click.Context, path: Path) -> None:
    """Run the preflight checks and show the maximum cost.

    Exit code 3 when a finding blocks the launch.
    """
    run = read_run(path)
    services = open_services(context)
    as_json = options_of(context).json
    plan_ = services.plan(run)
    findings: list[Finding] = []
    is_watched = sys.stdout.isatty() and not as_json
    for finding in services.preflight.run(plan_):
        findings.append(finding)
        if is_watched:
            _print_finding(finding, options_of(context))
    if as_json:
        print_json(check_document(findings, _bound(services, plan_)))
    else:
        # Nobody watches them arrive: the worst come first, as in `jsft lint`.
        for finding in [] if is_watched else sorted(findings, key=lambda each: each.level.badness):
            _print_finding(finding, options_of(context))
        say(_summary(findings, _bound(services, plan_)))
    if verdict(finding.level for finding in findings) is Level.BLOCK:
        context.exit(EXIT_CODES[ProblemKind.BLOCKED])


def _bound(services: Services, plan_: Plan) -> float | None:
    return max_cost(plan_.run.instance, services.prices.table())


def _print_finding(finding: Finding, options: GlobalOptions) -> None:
    remedy = for_target(finding.remedy, options)
    for line in finding_lines(finding.level, finding.check, finding.message, remedy):
        click.echo(line)


def _summary(findings: Sequence[Finding], bound: float | None) -> str:
    """Count the findings of each level and name their checks: they may have scrolled away."""
    found = {level: [finding.check for finding in findings if finding.level is level] for level in Level}
    blocks, warnings, unknown = found[Level.BLOCK], found[Level.WARN], found[Level.UNKNOWN]
    parts = [
        _of(plural(len(blocks), "finding blocks", "findings block") if blocks else "nothing blocks", blocks),
        _of(plural(len(warnings), "warning"), warnings),
        _of(f"{len(unknown)} unknown", unknown),
    ]
    return f"{', '.join(parts)}; at most {dollars(bound)}."


def _of(count: str, checks: Sequence[str]) -> str:
    return f"{count} ({', '.join(dict.fromkeys(checks))})" if checks else count
