"""`jsft deploy`."""

from __future__ import annotations

import time

import click

from jsft_tui.cli.console.output import EXIT_CODES, out, print_document, print_json, say
from jsft_tui.cli.console.prompts import confirm_cost, require_person
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.following.serving import follow_state
from jsft_tui.cli.options import global_options
from jsft_tui.cli.results.deploy_findings import print_dry_run, print_findings
from jsft_tui.core.common.durations import duration_words, parse_duration
from jsft_tui.core.common.errors import Problem, ProblemKind, usage
from jsft_tui.core.common.text import dollars
from jsft_tui.core.run.confirmation import confirmation
from jsft_tui.core.serving.deploy.deployment import Deployment
from jsft_tui.core.serving.deploy.export import deploy_exports
from jsft_tui.core.serving.deploy.mode import Asynchronous, Mode, Serverless
from jsft_tui.core.serving.deploy.plan import DeployPlan
from jsft_tui.core.serving.documents import deploy_document, export_document
from jsft_tui.core.serving.endpoint import Endpoint, EndpointStatus
from jsft_tui.core.serving.offers import deploy_bound
from jsft_tui.core.storage.uri import S3Uri
from jsft_tui.services.preflight.run import refuse_blocked
from jsft_tui.services.serving.known import known_of
from jsft_tui.services.session.services import Services

UNSCALED = "Its instances run until it scales to zero: repeat this command when it is in service, or leave jsft open."
NOT_DEPLOYED = "Nothing was deployed."


@click.command("deploy")
@click.argument("job")
@click.option("--instance", "instance_type", default="", metavar="TYPE", help="Instance type; else the model's own.")
@click.option("--count", type=click.IntRange(1), default=1, show_default=True, help="Number of instances.")
@click.option("--name", default="", help="Name of endpoint, configuration and model; else the job's.")
@click.option("--role", default="", metavar="ARN", help="Role that reads the model; else the job's.")
@click.option("--lifetime", metavar="TIME", help="When the endpoint is to be deleted, for example 2h.")
@click.option(
    "--scheduler-role", default="", metavar="ARN", help="With --lifetime: role of a schedule that deletes it."
)
@click.option("--async", "queue", metavar="S3-URI", help="Asynchronous: answers become objects there; scales to zero.")
@click.option("--max-instances", type=click.IntRange(1), default=1, show_default=True, help="With --async: the most.")
@click.option("--serverless", type=int, metavar="MB", help="No instances: 1024 to 6144 MB, billed by its requests.")
@click.option(
    "--max-concurrency", type=int, default=5, show_default=True, help="With --serverless: requests at a time."
)
@click.option("--max-per-month", type=click.FloatRange(0), metavar="USD", help="Refuse what may cost more in a month.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.option("--dry-run", is_flag=True, help="Make the checks, print the exact requests and stop.")
@click.option("-f", "--follow", is_flag=True, help="Wait until it is in service.")
@click.option("--as", "form", type=click.Choice(list(deploy_exports())), help="Print the requests as code and stop.")
@global_options
@click.pass_context
def command(
    context: click.Context,
    job: str,
    instance_type: str,
    count: int,
    name: str,
    role: str,
    lifetime: str | None,
    scheduler_role: str,
    queue: str | None,
    max_instances: int,
    serverless: int | None,
    max_concurrency: int,
    max_per_month: float | None,
    yes: bool,
    dry_run: bool,
    follow: bool,
    form: str | None,
) -> None:
    """Deploy the model of a finished job to an endpoint.

    The endpoint has the name of the job, so that deploying it again finds the endpoint instead of paying twice. It
    costs money until it is deleted (jsft teardown NAME).

    A lifetime is a tag on the endpoint: jsft warns at its start when it is over, and jsft endpoints --expired --delete
    deletes it. With a role for EventBridge Scheduler (--scheduler-role, or scheduler_role in config.yaml) a schedule in
    the account deletes it, whether jsft runs or not.

    Exit code 3 when a check blocks; with --follow 5 when it does not come into service.
    """
    services = open_services(context)
    keeper = scheduler_role or services.config.scheduler_role or ""
    mode = _mode(queue, max_instances, serverless, max_concurrency)
    wanted = Deployment(name, instance_type, count, role, lifetime_of(lifetime), keeper, max_per_month, mode)
    plan = services.deploying.plan(services.jobs.get(job), wanted, time.time())
    if form is not None:
        _print_code(context, plan, form)
        return
    findings = services.deploying.check(plan)
    if dry_run:
        print_dry_run(context, findings, deploy_document(plan))
        return
    if not options_of(context).json:
        print_findings(findings)
    refuse_blocked(findings)
    if not yes:
        _confirm(context, services, plan)
    if plan.requests.repack is not None:
        say("Packing the code into the model; this takes as long as a download and an upload of it.")
    deployed = services.deploying.send(plan)
    _remember(services, deployed.name)
    failure = _follow(services, plan) if follow else None
    if failure is not None and not options_of(context).json:
        raise failure
    waits = services.deploying.scale(plan) if failure is None else failure
    if options_of(context).json:
        print_json({"name": deployed.name, "created": list(deployed.created), "scales": _scales(plan, waits)})
        context.exit(0 if failure is None else EXIT_CODES[failure.kind])
    out(deployed.name)
    say(f"Created: {', '.join(deployed.created)}." if deployed.created else "All of it was there already.")
    if waits is not None:
        say(UNSCALED)
    say(f"See it: jsft endpoint {deployed.name}. Delete it: jsft teardown {deployed.name}")


def _follow(services: Services, plan: DeployPlan) -> Problem | None:
    """Follow an endpoint until it is in service; return why it is not.

    Raises:
        Problem: it was interrupted (kind INTERRUPTED), or is gone.
    """
    name = plan.deployment.name
    watcher = services.endpoint_facts.watch(name, until_in_service=True)
    try:
        return endpoint_problem(follow_state(watcher, name, lambda found: found.status.value, say))
    except Problem as problem:
        if problem.kind is ProblemKind.INTERRUPTED and isinstance(plan.deployment.mode, Asynchronous):
            raise Problem(problem.code, problem.message, UNSCALED, kind=problem.kind) from problem
        raise


def endpoint_problem(endpoint: Endpoint) -> Problem | None:
    """Return the Problem of an endpoint that has failed; None otherwise."""
    if endpoint.status is not EndpointStatus.FAILED:
        return None
    why, name = endpoint.failure_reason or endpoint.status.value, endpoint.name
    remedy = f"Read its log: jsft endpoint {name} --logs. Delete it: jsft teardown {name}"
    return Problem("EndpointFailed", f"{name} did not come into service: {why}", remedy, kind=ProblemKind.JOB)


def _remember(services: Services, name: str) -> None:
    """Remember an endpoint as it is, also where an earlier attempt created it."""
    found = services.account.serving.find(name)
    if found is not None and found.status.is_billed:
        services.known_endpoints.add(known_of(found, services.hosting_prices.table(), time.time()), time.time())


def _mode(queue: str | None, max_instances: int, serverless: int | None, max_concurrency: int) -> Mode:
    if queue is not None and serverless is not None:
        raise usage("BadUsage", "an endpoint is either asynchronous or serverless.", "Leave out one of the options.")
    if queue is not None:
        return Asynchronous(S3Uri.parse(queue), max_instances)
    return None if serverless is None else Serverless(serverless, max_concurrency)


def _scales(plan: DeployPlan, waits: Problem | None) -> bool | None:
    """Return whether it scales to zero: False, not yet; None, it never does."""
    return None if not isinstance(plan.deployment.mode, Asynchronous) else waits is None


def _print_code(context: click.Context, plan: DeployPlan, form: str) -> None:
    written = deploy_exports()[form]
    text = written.write(export_document(plan), plan.place.region)
    if plan.deployment.lifetime_seconds is not None:
        say(
            "The code has no lifetime, which counts from the deploy. Give it one then: jsft endpoint NAME --lifetime 2h"
        )
    if options_of(context).json:
        print_json({"form": form, "text": text})
    else:
        print_document(text, written.escape)


def lifetime_of(lifetime: str | None) -> int | None:
    """Return the seconds of a lifetime; None: no end.

    Raises:
        Problem: it is no duration (code `BadLifetime`).
    """
    try:
        return None if lifetime is None else parse_duration(lifetime)
    except ValueError as error:
        raise usage("BadLifetime", f"{error}.", "For example: --lifetime 2h") from error


def _confirm(context: click.Context, services: Services, plan: DeployPlan) -> None:
    require_person(as_json=options_of(context).json)
    chosen, above = plan.deployment, services.config.confirm_above_usd
    bound = deploy_bound(chosen, services.hosting_prices.table().get(chosen.instance_type))
    say(f"{chosen.name}: {_what(chosen, bound)}, {services.target.label}.")
    if not confirm_cost(confirmation(bound, above), above, "deploy", NOT_DEPLOYED):
        raise usage("NotConfirmed", "not deployed.", "")


def _what(chosen: Deployment, bound: float | None) -> str:
    if isinstance(chosen.mode, Serverless):
        return f"serverless, {chosen.mode.memory_mb} MB, billed by its requests"
    until = "a month" if chosen.lifetime_seconds is None else f"in {duration_words(chosen.lifetime_seconds)}"
    cost = "cost unknown" if bound is None else f"at most {dollars(bound)} {until}"
    return f"{chosen.most_instances} x {chosen.instance_type}, {cost}"
