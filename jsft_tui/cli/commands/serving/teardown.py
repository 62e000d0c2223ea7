"""`jsft teardown`."""

from __future__ import annotations

import click

from jsft_tui.cli.console.output import print_json, say
from jsft_tui.cli.console.prompts import confirm, require_person
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.options import global_options
from jsft_tui.core.common.errors import Problem, blocked
from jsft_tui.core.common.remedy import Remedy, RemedyCommand
from jsft_tui.core.serving.documents import teardown_document
from jsft_tui.core.serving.teardown import CONFIG, MODEL, Shared, Teardown

NOT_DELETED = "Nothing was deleted."
LEFTOVERS = {"config": CONFIG, "model": MODEL}
"""Word of the option -> kind of what was left behind."""


@click.command("teardown")
@click.argument("name")
@click.option(
    "--leftover",
    type=click.Choice(list(LEFTOVERS)),
    help="Delete only the configuration, or the model, of that name; never an endpoint.",
)
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.option("--dry-run", is_flag=True, help="Say what would be deleted and stop.")
@global_options
@click.pass_context
def command(context: click.Context, name: str, leftover: str | None, yes: bool, dry_run: bool) -> None:
    """Delete an endpoint with its configuration and models.

    What other endpoints use is kept, and so are the model's files in S3. Repeat it after an interruption: it goes on.

    jsft endpoints --leftovers lists configurations and models without an endpoint; --leftover deletes one of them, also
    where an endpoint has the same name.
    """
    services, as_json = open_services(context), options_of(context).json

    def look() -> Teardown:
        if leftover is None:
            return services.endpoints.teardown(name)
        return services.endpoints.teardown_leftover(LEFTOVERS[leftover], name)

    found = look()
    _refuse_nothing(found, name, leftover)
    if not as_json:
        _say(found)
    if not dry_run:
        _refuse_all_used(found, name)
        if not _is_agreed(assume_yes=yes, as_json=as_json):
            say(NOT_DELETED)
            return
        services.endpoints.delete_agreed(found, look)
        if found.endpoint:
            services.known_endpoints.forget(name)
    if as_json:
        print_json({**teardown_document(found), "deleted": not dry_run})
    elif not dry_run:
        say("Deleted.")


def _say(found: Teardown) -> None:
    for kind, each in found.names:
        say(f"Deletes the {kind} {each}.")
    for kept in found.shared:
        say(f"Keeps {_kept(kept)}.")


def _kept(kept: Shared) -> str:
    return f"the {kept.kind} {kept.name}: used by {', '.join(kept.users)}"


def _is_agreed(*, assume_yes: bool, as_json: bool) -> bool:
    if not assume_yes:
        require_person(as_json=as_json)
    return assume_yes or confirm("Delete?", NOT_DELETED)


def _refuse_all_used(found: Teardown, name: str) -> None:
    if found.is_empty:
        kept = "; ".join(map(_kept, found.shared))
        raise blocked("InUse", f"nothing of {name} can be deleted: {kept}.", "Delete first what uses it.")


def _refuse_nothing(found: Teardown, name: str, leftover: str | None) -> None:
    """Refuse a leftover that is not there; an endpoint that is not there was refused before."""
    if leftover is not None and found.is_empty and not found.shared:
        remedy = Remedy("List them", RemedyCommand.SHELL, "jsft endpoints --leftovers")
        raise Problem("NoSuchLeftover", f"there is no {LEFTOVERS[leftover]} {name}.", remedy)
