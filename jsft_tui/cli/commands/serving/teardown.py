"""`jsft teardown`."""

from __future__ import annotations

import click

from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.options import global_options
from jsft_tui.cli.output import print_json, say
from jsft_tui.cli.prompts import confirm, require_person
from jsft_tui.core.serving.documents import teardown_document

NOT_DELETED = "Nothing was deleted."


@click.command("teardown")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@click.option("--dry-run", is_flag=True, help="Say what would be deleted and stop.")
@global_options
@click.pass_context
def command(context: click.Context, name: str, yes: bool, dry_run: bool) -> None:
    """Delete an endpoint with its configuration and models.

    What other endpoints use is kept, and so are the model's files in S3. Repeat it after an interruption: it goes on.
    """
    services, as_json = open_services(context), options_of(context).json
    found = services.endpoints.teardown(name)
    if not as_json:
        for kind, each in found.names:
            say(f"Deletes the {kind} {each}.")
        for kept in found.shared:
            say(f"Keeps the {kept.kind} {kept.name}: used by {', '.join(kept.users)}.")
    if not dry_run:
        if not yes:
            require_person(as_json=as_json)
        if not yes and not confirm("Delete?", NOT_DELETED):
            say(NOT_DELETED)
            return
        services.endpoints.delete(found)
        services.known_endpoints.forget(name)
    if as_json:
        print_json({**teardown_document(found), "deleted": not dry_run})
    elif not dry_run:
        say("Deleted.")
