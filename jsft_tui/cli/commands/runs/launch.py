"""`jsft launch`."""

from __future__ import annotations

import time
from pathlib import Path

import click

from jsft_tui.cli.console.output import EXIT_CODES, level_word, out, print_json, say
from jsft_tui.cli.console.prompts import confirm_cost, require_person
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.following.job import follow_job, job_problem, print_output
from jsft_tui.cli.json_documents import job_document
from jsft_tui.cli.options import global_options
from jsft_tui.cli.results.search_output import follow_search, print_search, search_problem
from jsft_tui.cli.results.settled import settle_launches
from jsft_tui.cli.run_options.run_files import RUN_FILE, read_run
from jsft_tui.core.common.errors import usage
from jsft_tui.core.common.findings import Level
from jsft_tui.core.common.text import dollars, plural
from jsft_tui.core.jobs.training_job import JobStatus
from jsft_tui.core.preflight.base.check import Finding, Plan
from jsft_tui.core.preflight.checks.customization.cost import CHECK as CUSTOMIZATION_COST
from jsft_tui.core.run.confirmation import Confirmation
from jsft_tui.core.tuning.documents import search_document
from jsft_tui.services.launch.launched import Launched
from jsft_tui.services.preflight.run import checked_request
from jsft_tui.services.session.services import Services

NOT_LAUNCHED = "Nothing was launched."


@click.command("launch")
@click.argument("path", metavar="RUN.yaml", type=RUN_FILE)
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.option("--dry-run", is_flag=True, help="Print the exact request and stop.")
@click.option("--follow", is_flag=True, help="Follow the job, or the search, until it ends.")
@global_options
@click.pass_context
def command(context: click.Context, path: Path, yes: bool, dry_run: bool, follow: bool) -> None:
    """Launch a run.

    Launching the same file again finds the job instead of paying twice.
    """
    run = read_run(path)
    services = open_services(context)
    plan_ = services.planning.plan(run)
    if dry_run:
        print_json(checked_request(plan_))
        return
    settle_launches(services)
    launched = launch_plan(services, plan_, context, assume_yes=yes)
    if follow:
        to_end = _follow_to_end if run.tuning is None else _follow_search_to_end
        to_end(services, launched.name, as_json=options_of(context).json)
    elif options_of(context).json:
        print_json({"name": launched.name, "arn": launched.arn, "existed": launched.existed})
    else:
        out(launched.arn)
        look = "logs" if run.tuning is None else "tuning"
        say(f"Follow it: jsft {look} {launched.name} --follow")


def launch_plan(services: Services, plan_: Plan, context: click.Context, *, assume_yes: bool) -> Launched:
    """Check, confirm and launch; find the job instead when this run was launched before.

    Raises:
        Problem: preflight blocks, confirmation is impossible or refused, or AWS refused.
    """
    checked = services.launch.check(plan_, _print_doubt)
    if isinstance(checked, Launched):
        say(_already_launched(checked))
        return checked
    if not assume_yes:
        _confirm(checked, services, plan_, context)
    launched = services.launch.send(plan_)
    say(f"Launched {launched.name} ({services.target.label}).")
    return launched


def _print_doubt(finding: Finding) -> None:
    if finding.level in (Level.WARN, Level.UNKNOWN) or finding.check == CUSTOMIZATION_COST.name:
        say(level_word(finding.level), f" {finding.check}: {finding.message}")


def _already_launched(launched: Launched) -> str:
    ended = JobStatus.parse(launched.status)
    again = " To run it again, change its name." if ended.is_final else ""
    return f"{launched.name} was already launched ({launched.status}); nothing was launched now.{again}"


def _confirm(asked: Confirmation, services: Services, plan_: Plan, context: click.Context) -> None:
    require_person(as_json=options_of(context).json)
    choice = plan_.run.instance
    if plan_.run.customization is not None and choice.is_serverless:
        what = f"{plan_.run.customization.title}, {choice.type}"  # what it costs was said with the findings
    else:
        trials = plural(plan_.run.tuning.jobs, "trial") + " of " if plan_.run.tuning is not None else ""
        what = f"{trials}{choice.count} x {choice.type}, at most {dollars(asked.bound)}"
    say(f"{plan_.run.name}: {what}, {services.target.label}.")
    if not confirm_cost(asked, services.config.confirm_above_usd, "launch", NOT_LAUNCHED):
        raise usage("NotConfirmed", "not launched.", "")


def _follow_to_end(services: Services, name: str, *, as_json: bool) -> None:
    job = follow_job(services, name, say if as_json else out)
    if as_json:
        print_json(job_document(job, services.jobs.metrics(job), services.prices.table(), time.time()))
    else:
        print_output(job, services)
    if problem := job_problem(job):
        if as_json:
            raise click.exceptions.Exit(EXIT_CODES[problem.kind])
        raise problem


def _follow_search_to_end(services: Services, name: str, *, as_json: bool) -> None:
    search = follow_search(services, name, say if as_json else out)
    if as_json:
        print_json(search_document(search, services.prices.table(), time.time()))
    else:
        print_search(search, services)
    if problem := search_problem(search):
        if as_json:
            raise click.exceptions.Exit(EXIT_CODES[problem.kind])
        raise problem
