"""`jsft launch`."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import click

from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.follow import follow_job, job_problem, print_output
from jsft_tui.cli.json_documents import job_document
from jsft_tui.cli.options import global_options
from jsft_tui.cli.output import EXIT_CODES, for_target, level_word, print_json, say
from jsft_tui.cli.prompts import confirm, prompt
from jsft_tui.cli.run_files import RUN_FILE, read_run
from jsft_tui.core.common.errors import usage
from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.text import clean, dollars
from jsft_tui.core.jobs.training_job import JobStatus
from jsft_tui.core.preflight.base.check import Finding, Plan
from jsft_tui.services.launch.launch import Cleared, Launched
from jsft_tui.services.preflight.run import checked_request
from jsft_tui.services.session.services import Services

NOT_LAUNCHED = "Nothing was launched."


@click.command("launch")
@click.argument("path", metavar="RUN.yaml", type=RUN_FILE)
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.option("--dry-run", is_flag=True, help="Print the exact CreateTrainingJob request and stop.")
@click.option("--follow", is_flag=True, help="Follow the job until it ends.")
@global_options
@click.pass_context
def command(context: click.Context, path: Path, yes: bool, dry_run: bool, follow: bool) -> None:
    """Launch a run.

    Launching the same file again finds the job instead of paying twice.
    """
    run = read_run(path)
    services = open_services(context)
    plan_ = services.plan(run)
    if dry_run:
        print_json(checked_request(plan_))
        return
    launched = launch_plan(services, plan_, context, assume_yes=yes)
    if follow:
        _follow_to_end(services, launched.name, as_json=options_of(context).json)
    elif options_of(context).json:
        print_json({"name": launched.name, "arn": launched.arn, "existed": launched.existed})
    else:
        click.echo(launched.arn)
        say(for_target(f"Follow it: jsft logs {launched.name} --follow", options_of(context)))


def launch_plan(services: Services, plan_: Plan, context: click.Context, *, assume_yes: bool) -> Launched:
    """Check, confirm and launch; find the job instead when this run was launched before.

    Raises:
        Problem: preflight blocks, confirmation is impossible or refused, or AWS refused.
    """
    cleared = services.launch_guard.clear(plan_, _print_doubt)
    if isinstance(cleared, Launched):
        say(_already_launched(cleared))
        return cleared
    if not assume_yes:
        _confirm(cleared, services, plan_, context)
    launched = services.launch_guard.launch(cleared)
    say(f"Launched {launched.name} ({services.target.label}).")
    return launched


def _print_doubt(finding: Finding) -> None:
    if finding.level in (Level.WARN, Level.UNKNOWN):
        say(f"{level_word(finding.level)} {finding.check}: {clean(finding.message)}")


def _already_launched(launched: Launched) -> str:
    ended = JobStatus.parse(launched.status)
    again = " To run it again, change its name." if ended.is_final else ""
    return f"{launched.name} was already launched ({launched.status}); nothing was launched now.{again}"


def _confirm(cleared: Cleared, services: Services, plan_: Plan, context: click.Context) -> None:
    if not sys.stdin.isatty() or options_of(context).json:
        raise usage("NotConfirmed", "confirmation required, but stdin is not interactive.", "Add --yes.")
    choice = plan_.run.instance
    say(f"{plan_.run.name}: {choice.count} x {choice.type}, at most {dollars(cleared.bound)}, {services.target.label}.")
    asked = cleared.confirmation
    if asked.is_typed:
        question = f"Type the whole dollars ({asked.whole_dollars}) to launch"
        accepted = asked.accepts(prompt(question, NOT_LAUNCHED))
    else:
        accepted = confirm("Launch?", NOT_LAUNCHED)
    if not accepted:
        raise usage("NotConfirmed", "not launched.", "")


def _follow_to_end(services: Services, name: str, *, as_json: bool) -> None:
    job = follow_job(services, name, say if as_json else click.echo)
    if as_json:
        print_json(job_document(job, services.jobs.metrics(job), services.prices.table(), time.time()))
    else:
        print_output(job, services)
    if problem := job_problem(job):
        if as_json:
            raise click.exceptions.Exit(EXIT_CODES[problem.kind])
        raise problem
