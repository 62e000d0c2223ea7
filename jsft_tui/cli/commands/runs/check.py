"""`jsft check`."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import click

from jsft_tui.cli.console.output import EXIT_CODES, print_finding, print_json, say
from jsft_tui.cli.console.streams import is_terminal
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.json_documents import check_document
from jsft_tui.cli.options import global_options
from jsft_tui.cli.run_options.run_files import RUN_FILE, read_run
from jsft_tui.core.common.errors import ProblemKind
from jsft_tui.core.common.findings import Level, verdict
from jsft_tui.core.common.text import dollars
from jsft_tui.core.customization.method import Method
from jsft_tui.core.preflight.base.check import Finding, Plan
from jsft_tui.core.preflight.checks.customization.cost import CHECK as CUSTOMIZATION_COST
from jsft_tui.core.preflight.review import Review
from jsft_tui.core.preflight.summary import verdict as review_verdict
from jsft_tui.core.sizing.pricing import run_bound
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
    plan_ = services.planning.plan(run)
    findings: list[Finding] = []
    is_watched = is_terminal(sys.stdout) and not as_json
    for finding in services.preflight.run(plan_):
        findings.append(finding)
        if is_watched:
            _print_finding(finding)
    if as_json:
        document = check_document(findings, _bound(services, plan_))
        if run.method is Method.RECIPE:
            cost = services.preflight.estimate(plan_)
            document |= {"estimated_cost_usd": cost.usd, "cost_reasoning": cost.reasoning}
        print_json(document)
    else:
        # Nobody watches them arrive: the worst come first, as in `jsft lint`.
        for finding in [] if is_watched else sorted(findings, key=lambda each: each.level.badness):
            _print_finding(finding)
        say(f"{_summary(findings)}, {_cost(services, plan_, findings)}.")
    if verdict(finding.level for finding in findings) is Level.BLOCK:
        context.exit(EXIT_CODES[ProblemKind.BLOCKED])


def _bound(services: Services, plan_: Plan) -> float | None:
    return run_bound(plan_.run, services.prices.table())


def _cost(services: Services, plan_: Plan, findings: Sequence[Finding]) -> str:
    """Return the cost in words: a bound for instances, what its check says for a customization."""
    if plan_.run.method is not Method.RECIPE:
        return f"at most {dollars(_bound(services, plan_))}"
    told = [found.told.headline for found in findings if found.check == CUSTOMIZATION_COST.name]
    return next(filter(None, told), "cost unknown")


def _print_finding(finding: Finding) -> None:
    if finding.told.is_silent:
        return  # the check does not apply; JSON has it
    print_finding(finding.level, finding.check, finding.message, finding.remedy)


def _summary(findings: Sequence[Finding]) -> str:
    """Return the verdict, with the checks of each level that need a look: they may have scrolled away."""
    answer = review_verdict(Review(tuple(findings), is_done=True))
    found = {level: [finding.check for finding in findings if finding.level is level] for level in Level}
    named = [
        f"{level.value}: {', '.join(dict.fromkeys(found[level]))}"
        for level in (Level.BLOCK, Level.WARN, Level.UNKNOWN)
        if found[level]
    ]
    parts = "; ".join([answer.counts, *named])
    return f"{answer.text} ({parts})"
