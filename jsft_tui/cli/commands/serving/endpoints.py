"""`jsft endpoints`."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence

import click
import humanize

from jsft_tui.cli.console.output import EXIT_CODES, Part, Styled, print_json, say, table
from jsft_tui.cli.console.prompts import confirm, require_person
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.options import global_options
from jsft_tui.cli.results.search_output import status_part
from jsft_tui.core.common.errors import SIGNED_OUT, Problem, ProblemKind, usage
from jsft_tui.core.common.text import dollars
from jsft_tui.core.serving.cost import HOURS_PER_MONTH
from jsft_tui.core.serving.documents import endpoint_document, hourly, leftovers_document
from jsft_tui.core.serving.endpoint import Endpoint
from jsft_tui.core.serving.traffic import DAY, Calls
from jsft_tui.core.sizing.pricing import Price
from jsft_tui.services.session.services import Services

HEADERS = ("NAME", "STATUS", "MODEL", "INSTANCES", "AGE", "PER HOUR", "PER MONTH", "CALLS 24 H")


@click.command("endpoints")
@click.option("--expired", is_flag=True, help="Only those whose lifetime is over.")
@click.option("--delete", is_flag=True, help="With --expired: tear them down.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.option("--leftovers", is_flag=True, help="Configurations and models without an endpoint instead.")
@global_options
@click.pass_context
def command(context: click.Context, expired: bool, delete: bool, yes: bool, leftovers: bool) -> None:
    """List the endpoints of the region and what they cost.

    With --expired --delete an endpoint that cannot be deleted is told, and keeps no other one from it; the exit code is
    that of the first problem.
    """
    if delete and not expired:
        raise usage("BadUsage", "--delete needs --expired.", "One endpoint: jsft teardown NAME")
    services, now = open_services(context), time.time()
    if leftovers:
        _print_leftovers(context)
        return
    found = services.endpoints.expired(now) if expired else services.endpoints.all()
    if delete:
        _delete(context, services, found, assume_yes=yes)
        return
    prices, calls = services.hosting_prices.table(), services.endpoint_facts.calls(found, now)
    if not expired:
        services.known_endpoints.learn(found, prices, calls, now)
    if options_of(context).json:
        print_json([endpoint_document(each, prices, now, calls.get(each.name)) for each in found])
    elif found:
        table(HEADERS, [_cells(each, prices, now, calls.get(each.name)) for each in found], right=(5, 6, 7))
        costs = [hourly(each, prices) for each in found]
        total = sum(cost for cost in costs if cost is not None)
        unknown = " and what has no known price" if None in costs else ""
        say(f"{dollars(total)}/h in all{unknown}, {dollars(total * HOURS_PER_MONTH)} a month.")
        if services.endpoint_facts.unknown is not None:
            say(f"Calls are not known: {services.endpoint_facts.unknown.message}")
    else:
        say("No endpoints." if not expired else "No expired endpoints.")


def _delete(context: click.Context, services: Services, found: Sequence[Endpoint], *, assume_yes: bool) -> None:
    names = [each.name for each in found]
    if names and not assume_yes:
        require_person(as_json=options_of(context).json)
        if not confirm(f"Delete {', '.join(names)}?", "Nothing was deleted."):
            raise usage("NotConfirmed", "not deleted.", "")
    failed = _delete_each(services, names)
    if options_of(context).json:
        missed = [{"name": name, "code": each.code, "message": each.message} for name, each in failed.items()]
        print_json({"deleted": [name for name in names if name not in failed], "failed": missed})
    elif not names:
        say("No expired endpoints.")
    if failed:
        context.exit(EXIT_CODES[next(iter(failed.values())).kind])


def _delete_each(services: Services, names: Sequence[str]) -> dict[str, Problem]:
    """Tear endpoints down; return why some of them stay: the others cost money, too, and go.

    Raises:
        Problem: nobody is signed in, or the session is read-only.
    """
    failed: dict[str, Problem] = {}
    for name in names:
        try:
            services.endpoints.delete(services.endpoints.teardown(name))
        except Problem as problem:
            if problem.code in SIGNED_OUT or problem.kind is ProblemKind.USAGE:
                raise
            failed[name] = problem
            say(f"{name}: {problem}")
        else:
            services.known_endpoints.forget(name)
            say(f"Deleted {name}.")
    return failed


def _print_leftovers(context: click.Context) -> None:
    found = open_services(context).endpoints.leftovers()
    if options_of(context).json:
        print_json(leftovers_document(found))
        return
    rows = [("endpoint configuration", name) for name in found.configs] + [("model", name) for name in found.models]
    if rows:
        table(("KIND", "NAME"), rows)
        say("Delete one: jsft teardown NAME --leftover config, or model.")
    else:
        say("No leftovers.")


def _cells(endpoint: Endpoint, prices: Mapping[str, Price], now: float, calls: Calls | None) -> tuple[Part, ...]:
    cost = hourly(endpoint, prices)
    instances = ", ".join(f"{count} x {name}" for name, count in endpoint.instances.items())
    return (
        endpoint.name,
        status_part(endpoint.status.as_status, endpoint.status.value),
        endpoint.model_id or "-",
        instances or "-",
        humanize.naturaldelta(endpoint.age(now)),
        dollars(cost),
        dollars(None if cost is None else cost * HOURS_PER_MONTH),
        calls_part(endpoint, calls, now),
    )


def calls_part(endpoint: Endpoint, calls: Calls | None, now: float) -> Part:
    """Return the calls of a day; of an idle endpoint for how long nobody has called it."""
    if calls is None:
        return "unknown"
    if calls.is_idle(endpoint.created, now):
        return Styled(f"0 for {humanize.naturaldelta(calls.quiet(endpoint.created, now))}", "yellow")
    return f"{calls.within(DAY, now):,}"
