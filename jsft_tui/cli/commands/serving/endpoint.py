"""`jsft endpoint`."""

from __future__ import annotations

import time

import click
import humanize

from jsft_tui.cli.commands.serving.deploy import lifetime_of
from jsft_tui.cli.commands.serving.endpoints import calls_part
from jsft_tui.cli.console.output import labeled, print_json, print_json_list, print_lines, say
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.following.serving import follow_state
from jsft_tui.cli.options import global_options
from jsft_tui.core.common.errors import usage
from jsft_tui.core.common.text import dollars
from jsft_tui.core.failures import diagnose
from jsft_tui.core.jobs.training_job import iso
from jsft_tui.core.serving.cost import HOURS_PER_MONTH
from jsft_tui.core.serving.documents import endpoint_document, hourly
from jsft_tui.core.serving.endpoint import Endpoint
from jsft_tui.services.session.services import Services


@click.command("endpoint")
@click.argument("name")
@click.option("--logs", is_flag=True, help="Show its log instead.")
@click.option("-f", "--follow", is_flag=True, help="With --logs: follow it until ctrl+c.")
@click.option("--lifetime", metavar="TIME", help="Change when it is to be deleted, for example 2h from now.")
@click.option(
    "--scheduler-role", default="", metavar="ARN", help="With --lifetime: role of a schedule that deletes it."
)
@global_options
@click.pass_context
def command(
    context: click.Context, name: str, logs: bool, follow: bool, lifetime: str | None, scheduler_role: str
) -> None:
    """Show one endpoint, its calls and cost, or its log."""
    if follow and (not logs or options_of(context).json):
        raise usage("BadUsage", "--follow needs --logs, and no --json.", f"For example: jsft endpoint {name} --logs -f")
    services, seconds = open_services(context), lifetime_of(lifetime)
    if seconds is not None:
        found, role = services.account.serving.describe(name), scheduler_role or services.config.scheduler_role or ""
        services.endpoints.keep_until(found, seconds, time.time(), role)
    if follow:
        follow_state(services.endpoint_facts.watch(name), name, lambda found: found.status.value)
    elif logs:
        _print_log(context, services, name)
    else:
        _print_endpoint(context, services, name)


def _print_log(context: click.Context, services: Services, name: str) -> None:
    lines = services.endpoint_facts.log(name)
    if options_of(context).json:
        print_json_list({"time": iso(line.time), "stream": line.stream, "message": line.text} for line in lines)
    elif not print_lines(line.text for line in lines):
        say(f"{name} has not written any log lines.")


def _print_endpoint(context: click.Context, services: Services, name: str) -> None:
    found, prices, now = services.account.serving.describe(name), services.hosting_prices.table(), time.time()
    calls = services.endpoint_facts.calls([found], now).get(name)
    if options_of(context).json:
        print_json(endpoint_document(found, prices, now, calls))
        return
    facts = {
        "Name": found.name,
        "Status": found.status.value,
        "Failure": found.failure_reason,
        "Meaning": f"{known.cause} {known.remedy}" if (known := diagnose(found.failure_reason)) else "",
        "Job": found.job,
        "Model": found.model_id,
        "Configuration": found.config,
        "Instances": ", ".join(f"{count} x {kind}" for kind, count in found.instances.items()),
        "Age": humanize.naturaldelta(found.age(now)),
        "Delete after": _end(found),
        "Calls in 24 h": str(calls_part(found, calls, now)),
        "Cost": _cost(hourly(found, prices), found.age(now)),
    }
    for label, text in facts.items():
        if text:
            labeled(label, text)
    say(f"Its log: jsft endpoint {found.name} --logs. Delete it: jsft teardown {found.name}")


def _end(endpoint: Endpoint) -> str:
    if endpoint.expires is None:
        return "no lifetime"
    keeper = f"the schedule {endpoint.schedule}" if endpoint.schedule else "you: jsft endpoints --expired --delete"
    return f"{iso(endpoint.expires)}, by {keeper}"


def _cost(per_hour: float | None, seconds: float) -> str:
    if per_hour is None:
        return "unknown"
    month, so_far = per_hour * HOURS_PER_MONTH, per_hour * seconds / 3600
    return f"{dollars(per_hour)}/h, {dollars(month)} a month, {dollars(so_far)} so far"
