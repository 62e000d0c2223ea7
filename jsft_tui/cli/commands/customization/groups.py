"""`jsft groups`."""

from __future__ import annotations

import click

from jsft_tui.cli.console.output import out, print_json, say, table
from jsft_tui.cli.console.prompts import confirm, require_person
from jsft_tui.cli.context import open_services, options_of
from jsft_tui.cli.options import global_options
from jsft_tui.core.common.errors import usage
from jsft_tui.core.common.text import plural
from jsft_tui.services.session.services import Services


@click.command("groups")
@click.argument("group", required=False)
@click.option("--create", "name", metavar="NAME", help="Create a model package group.")
@click.option("--yes", is_flag=True, help="Do not ask for confirmation.")
@global_options
@click.pass_context
def command(context: click.Context, group: str | None, name: str | None, yes: bool) -> None:
    """List model package groups, or create one.

    Customized models are registered in a group. With GROUP: the models in it, whose ARNs a customization can continue
    from.
    """
    if name is not None and group:
        raise usage("BadUsage", "groups takes GROUP or --create NAME, not both.", "Use one of them.")
    services = open_services(context)
    as_json = options_of(context).json
    if name is not None:
        _create(services, name, assume_yes=yes, as_json=as_json)
        return
    found = services.customization.packages(group) if group else services.customization.groups()
    if as_json:
        print_json([{"arn": each.id, "name": each.name, "note": each.note or None} for each in found])
        return
    if found:
        table(("NAME", "ARN", "NOTE"), [(each.name, each.id, each.note) for each in found])
    say(f"{plural(len(found), 'model' if group else 'group')} ({services.target.label}).")


def _create(services: Services, name: str, *, assume_yes: bool, as_json: bool) -> None:
    if not assume_yes:
        require_person(as_json=as_json)
        say(f"Create the model package group {name} ({services.target.label}).")
        if not confirm("Create it?", "Nothing was created."):
            raise usage("NotConfirmed", "nothing was created.")
    arn = services.customization.create_group(name)
    if as_json:
        print_json({"arn": arn, "name": name})
    else:
        out(arn)
