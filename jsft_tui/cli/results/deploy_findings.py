"""Print what the checks before a deploy or a transform job found."""

from __future__ import annotations

from collections.abc import Sequence

import click

from jsft_tui.cli.console.output import EXIT_CODES, print_finding, print_json, say
from jsft_tui.cli.context import options_of
from jsft_tui.cli.json_documents import check_document
from jsft_tui.core.common.errors import ProblemKind
from jsft_tui.core.common.findings import Level, verdict
from jsft_tui.core.preflight.base.check import Finding


def print_findings(findings: Sequence[Finding]) -> None:
    """Print findings, the worst first."""
    for each in sorted(findings, key=lambda finding: finding.level.badness):
        if not each.told.is_silent:
            print_finding(each.level, each.check, each.message, each.remedy, write=say)


def print_dry_run(context: click.Context, findings: Sequence[Finding], requests: object) -> None:
    """Print what would be sent, and exit with the code of a blocked run where a check blocks."""
    if options_of(context).json:
        found = check_document(findings, None)
        print_json({"verdict": found["verdict"], "findings": found["findings"], "requests": requests})
    else:
        print_findings(findings)
        print_json(requests)
    if verdict(finding.level for finding in findings) is Level.BLOCK:
        context.exit(EXIT_CODES[ProblemKind.BLOCKED])
